import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromotionPlan } from '@stratalab/contracts/control';
import { countRows, movedTables, prepareForRows, readSchemaSteps, readTableFacts } from '@stratalab/control/promotion';
import type { Database } from '@stratalab/kernel';
import { readHubMembers } from './hub-members.ts';
import type { LedgerEntry } from './ledger.ts';
import { readUnfinished, type LocalTenant, type Unfinished } from './local-tenants.ts';
import type { Target } from './target.ts';

export interface TenantPlan {
  readonly tenant: LocalTenant;
  readonly rows: number;
  readonly fileCount: number;
  readonly sizeBytes: number;
  readonly members: number;
  readonly unfinished: readonly Unfinished[];
  /** Why this tenant cannot move now; empty when it can. */
  readonly obstacles: readonly string[];
  /** Its rows and files are there; people and links may not have followed yet. */
  readonly hasArrived: boolean;
  /** Nothing is left to do for it. */
  readonly isPromoted: boolean;
}

export interface Plan {
  readonly tenants: readonly TenantPlan[];
  /** What stands in the way of all of them. */
  readonly obstacles: readonly string[];
}

const mebibyte = 1024 * 1024;

/** Looks at both sides and changes neither. */
export async function makePlan(parts: { database: Database; data: string; target: Target; ledger: readonly LedgerEntry[] }, tenants: readonly LocalTenant[]): Promise<Plan> {
  const schema = await parts.database.asSystem('schema to promote', readSchemaSteps);
  const there = await parts.target.control.planPromotion({ body: { schema: [...schema], tenants: tenants.map(({ name }) => name) } });
  const planned: TenantPlan[] = [];
  for (const tenant of tenants) planned.push(await planTenant(parts, tenant, there));
  const neededBytes = planned.reduce((sum, { sizeBytes, hasArrived }) => sum + (hasArrived ? 0 : sizeBytes), 0);
  const obstacles = [...schemaObstacles(there)];
  if (neededBytes > there.freeBytes) obstacles.push(`${mebibytes(neededBytes)} would come and ${mebibytes(there.freeBytes)} are free on the data volume there.`);
  return { tenants: planned, obstacles };
}

function* schemaObstacles({ missingHere, missingThere }: PromotionPlan): Generator<string> {
  // Seen from the target: what it lacks, and what this side lacks.
  if (missingHere.length > 0) yield `The target is older: it lacks ${missingHere.slice(0, 3).join(', ')}. Bring it to this version first.`;
  if (missingThere.length > 0) yield `This installation is older: it lacks ${missingThere.slice(0, 3).join(', ')}. Start it once with the target's version first.`;
}

async function planTenant(
  parts: { database: Database; data: string; target: Target; ledger: readonly LedgerEntry[] },
  tenant: LocalTenant,
  there: PromotionPlan
): Promise<TenantPlan> {
  const known = parts.ledger.find(entry => entry.tenant === tenant.name && entry.to === parts.target.url);
  const state = there.tenants.find(({ name }) => name === tenant.name);
  const isOurs = known !== undefined && state?.promotion === known.id;
  const unfinished = await readUnfinished(parts.database, tenant.name);
  const hasArrived = isOurs && state?.state === 'promoted';
  const isPromoted = hasArrived && known?.promotedAt !== null;
  const obstacles = hasArrived ? [] : [...stateObstacles(tenant.name, state?.state, isOurs), ...unfinished.filter(({ isInTheWay }) => isInTheWay).map(describeUnfinished)];
  const { fileCount, sizeBytes } = await measure(join(parts.data, 'tenants', tenant.name));
  return {
    tenant,
    unfinished,
    obstacles,
    hasArrived,
    isPromoted,
    fileCount,
    sizeBytes,
    rows: await countAll(parts.database, tenant.name),
    members: readHubMembers(parts.data, tenant.name).length
  };
}

function* stateObstacles(name: string, state: PromotionPlan['tenants'][number]['state'] | undefined, isOurs: boolean): Generator<string> {
  if (state === 'exists') yield `The target has a tenant '${name}' of its own. Links would lead to the wrong objects; tenants are never merged.`;
  if (state === 'remains') yield `The target still holds something of an earlier tenant '${name}'.`;
  if (state === 'receiving' && !isOurs) yield `Another installation is promoting a tenant '${name}' to the target.`;
  if (state === 'promoted' && !isOurs) yield `The target received a tenant '${name}' from another installation.`;
}

export function describeUnfinished({ kind, count, examples, becomes }: Unfinished): string {
  return `${count} ${kind} (${examples.join(', ')}${count > examples.length ? ', …' : ''}): ${becomes}`;
}

async function countAll(database: Database, tenant: string): Promise<number> {
  return database.asSystem(`count rows of ${tenant}`, async tx => {
    await prepareForRows(tx);
    let rows = 0;
    for (const table of movedTables(await readTableFacts(tx))) rows += (await countRows(tx, table, tenant)).rows;
    return rows;
  });
}

async function measure(folder: string): Promise<{ fileCount: number; sizeBytes: number }> {
  let fileCount = 0;
  let sizeBytes = 0;
  for await (const entry of await opendir(folder).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const below = await measure(path);
      fileCount += below.fileCount;
      sizeBytes += below.sizeBytes;
    } else if (entry.isFile()) {
      fileCount += 1;
      sizeBytes += (await lstat(path)).size;
    }
  }
  return { fileCount, sizeBytes };
}

function mebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}

/** The plan in the words of the command line. */
export function describePlan(plan: Plan, url: string): string {
  const lines = plan.tenants.flatMap(one => [
    `  ${one.tenant.name}: ${one.rows} rows, ${one.fileCount} files, ${mebibytes(one.sizeBytes)}, ${one.members} ${one.members === 1 ? 'member' : 'members'}${one.isPromoted ? ' – promoted already' : ''}`,
    ...one.unfinished.filter(({ isInTheWay }) => !isInTheWay).map(item => `    ${describeUnfinished(item)}`),
    ...one.obstacles.map(obstacle => `    ✗ ${obstacle}`)
  ]);
  return [`To ${url}:`, ...lines, ...plan.obstacles.map(obstacle => `  ✗ ${obstacle}`), ''].join('\n');
}
