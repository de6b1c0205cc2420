import { parseUrn } from '@stratalab/contracts';
import type { LineageEdge } from '@stratalab/contracts/catalog';
import type { Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { tables } from './tables.ts';

/** Adds edges; those that exist stay as they are. Edges that are not whole, or of another tenant, are left out. */
export async function insertEdges(tx: Tx, tenant: string, edges: readonly LineageEdge[]): Promise<number> {
  const own = edges.filter(({ from, to }) => from !== to && parseUrn(from)?.tenant === tenant && parseUrn(to)?.tenant === tenant);
  if (own.length === 0) return 0;
  const result = await tables(tx)
    .insertInto('catalog.lineage_edge')
    .values(own.map(({ from, to }) => ({ tenant, from_urn: from, to_urn: to })))
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n);
}

export interface Reached {
  /** Hops from the start; the start itself is 0. */
  readonly depths: ReadonlyMap<string, number>;
  readonly edges: readonly LineageEdge[];
  /** There is more than the limits let through. */
  readonly isTruncated: boolean;
  /** Objects at the edge of the answer that have neighbours beyond it. */
  readonly withMore: ReadonlySet<string>;
}

export interface Walk {
  readonly tenant: string;
  readonly starts: readonly string[];
  readonly direction: 'up' | 'down';
  readonly depth: number;
  /** Most objects, the starts included. */
  readonly limit: number;
}

/**
 * Objects that are reached from some others, breadth first, each once whatever the number of ways to it, so that cycles end.
 * Step by step instead of one recursive query: each step has its own limit, and a wide graph costs no more than what is answered.
 */
export async function walkLineage(tx: Tx, walk: Walk): Promise<Reached> {
  const depths = new Map(walk.starts.map(urn => [urn, 0]));
  const edges: LineageEdge[] = [];
  let frontier = walk.starts;
  let isTruncated = false;
  for (let depth = 1; depth <= walk.depth && frontier.length > 0; depth++) {
    const room = walk.limit - depths.size;
    const found = await neighbours(tx, walk, frontier, 4 * (room + 1) + frontier.length);
    const next: string[] = [];
    for (const edge of found) {
      const reached = walk.direction === 'down' ? edge.to : edge.from;
      if (!depths.has(reached)) {
        if (depths.size >= walk.limit) {
          isTruncated = true;
          continue;
        }
        depths.set(reached, depth);
        next.push(reached);
      }
      edges.push(edge);
    }
    frontier = next;
  }
  const beyond = await neighbours(tx, walk, frontier, 2_000);
  const withMore = new Set(beyond.filter(edge => !depths.has(walk.direction === 'down' ? edge.to : edge.from)).map(edge => (walk.direction === 'down' ? edge.from : edge.to)));
  return { depths, edges, isTruncated, withMore };
}

async function neighbours(tx: Tx, walk: Walk, urns: readonly string[], limit: number): Promise<readonly LineageEdge[]> {
  if (urns.length === 0) return [];
  const column = walk.direction === 'down' ? sql.ref('from_urn') : sql.ref('to_urn');
  const { rows } = await sql<LineageEdge>`
    select from_urn as "from", to_urn as "to" from catalog.lineage_edge
    where tenant = ${walk.tenant} and ${column} = any(${urns}::text[]) order by time, from_urn, to_urn limit ${limit}`.execute(tx);
  return rows;
}

/** The object itself and, for one without a version, its versions that the graph knows. */
export async function startsOf(tx: Tx, tenant: string, urn: string): Promise<readonly string[]> {
  const parsed = parseUrn(urn);
  if (parsed === undefined || parsed.version !== undefined || (parsed.kind !== 'dataset' && parsed.kind !== 'model')) return [urn];
  // '@' is followed by 'A' in ASCII: everything from `name@` up to `nameA` are the versions of this name.
  const { rows } = await sql<{ urn: string }>`
    select from_urn as urn from catalog.lineage_edge where tenant = ${tenant} and from_urn collate "C" >= ${`${urn}@`} and from_urn collate "C" < ${`${urn}A`}
    union select to_urn from catalog.lineage_edge where tenant = ${tenant} and to_urn collate "C" >= ${`${urn}@`} and to_urn collate "C" < ${`${urn}A`} limit 200`.execute(tx);
  return [urn, ...rows.map(row => row.urn)];
}
