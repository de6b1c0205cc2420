import type { DatasetFacets, DatasetSummary } from '@stratalab/contracts/catalog';
import { decodeCursor, encodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type RawBuilder } from 'kysely';
import { editsFor, gramsOf, isNearMiss, searchQuery, searchVector, termsOf } from '../domain/search.ts';
import { summaryOf } from './dataset-summary.ts';
import { tables, type DatasetRow } from './tables.ts';

export interface DatasetFilter {
  readonly search?: string | undefined;
  readonly tag?: string | undefined;
  readonly owner?: string | undefined;
  readonly format?: string | undefined;
  readonly contract?: string | undefined;
}

type HitRow = Omit<DatasetRow, 'terms' | 'grams' | 'column_names'> & { readonly column_count: number; readonly matched_columns: readonly string[] | null };

const highestCandidates = 5_000;
const highestNearMisses = 20;
const nearMissCandidates = 300;
const highestPromised = 3_000;
const facetValues = 20;

/** Writes what a dataset is found by, from its row; keeps the frequency of the trigrams of names. */
export async function writeSearch(tx: Tx, tenant: string, name: string): Promise<void> {
  const row = await tables(tx).selectFrom('catalog.dataset').selectAll().where('tenant', '=', tenant).where('name', '=', name).forUpdate().executeTakeFirst();
  if (row === undefined) return;
  const isFound = row.state === 'active';
  const grams = isFound ? gramsOf(name) : [];
  const terms = searchVector({ name, columns: row.column_names, tags: row.tags, owner: row.owner, description: row.description });
  await sql`update catalog.dataset set terms = ${terms}::tsvector, grams = ${grams}::text[] where tenant = ${tenant} and name = ${name}`.execute(tx);
  if (grams.length === row.grams.length) return;
  const step = isFound ? 1 : -1;
  await sql`
    insert into catalog.gram (tenant, gram, names) select ${tenant}, gram, ${step}::integer from unnest(${isFound ? grams : row.grams}::text[]) gram order by gram
    on conflict (tenant, gram) do update set names = greatest(0, catalog.gram.names + ${step}::integer)`.execute(tx);
}

function conditions(tenant: string, filter: DatasetFilter): RawBuilder<unknown>[] {
  return [
    sql`d.tenant = ${tenant}`,
    sql`d.state = 'active'`,
    ...(filter.tag === undefined ? [] : [sql`d.tags @> array[${filter.tag}]::text[]`]),
    ...(filter.owner === undefined ? [] : [sql`d.owner = ${filter.owner}`]),
    ...(filter.format === undefined ? [] : [sql`d.latest_format = ${filter.format}`]),
    ...(filter.contract === undefined ? [] : [sql`d.contract_state = ${filter.contract}`])
  ];
}

const shown = sql`d.tenant, d.name, d.description, d.tags, d.owner, d.is_sample, d.state, d.last_version, d.created_at, d.updated_at, d.latest_version,
  d.latest_state, d.latest_format, d.row_count, d.size_bytes, d.contract_state, cardinality(d.column_names) as column_count`;

/** Columns with a word of the query in them; at most three. */
function matchedColumns(query: string): RawBuilder<unknown> {
  const patterns = termsOf(query).map(term => `%${term.replace(/[%_\\]/g, '\\$&')}%`);
  return sql`(select array_agg(c) from (select c from unnest(d.column_names) c where c ilike any(${patterns}::text[]) limit 3) matched) as matched_columns`;
}

/** Datasets by newest change, or by how well they match; near misses of the name come after the last exact hit. */
export async function searchDatasets(
  tx: Tx,
  tenant: string,
  request: DatasetFilter & { readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: DatasetSummary[]; nextCursor: string | null }> {
  const query = request.search === undefined ? undefined : searchQuery(request.search);
  if (request.search === undefined || query === undefined) return listByChange(tx, tenant, request);
  const offset = Number(decodeCursor(request.cursor, 1)?.[0] ?? 0);
  const { rows } = await sql<HitRow>`
    select ${shown}, ${matchedColumns(request.search)} from catalog.dataset d
    join (select c.name, ts_rank('{0.1,0.3,0.5,1.0}', c.terms, ${query}::tsquery) + case when lower(c.name) = lower(${request.search.trim()}) then 10
            when starts_with(lower(c.name), lower(${request.search.trim()})) then 2 else 0 end as rank
          from (select d.name, d.terms from catalog.dataset d where ${sql.join(conditions(tenant, request), sql` and `)} and d.terms @@ ${query}::tsquery limit ${highestCandidates}) c
          order by rank desc, c.name limit ${request.limit + 1} offset ${offset}) hit on hit.name = d.name
    where d.tenant = ${tenant} order by hit.rank desc, d.name`.execute(tx);
  const items = rows.slice(0, request.limit).map(row => summaryOf(row, row.matched_columns ?? []));
  if (rows.length > request.limit) return { items, nextCursor: encodeCursor([offset + request.limit]) };
  if (offset > 0) return { items, nextCursor: null };
  const misses = await nearMisses(tx, tenant, { ...request, search: request.search });
  const known = new Set(items.map(({ name }) => name));
  return { items: [...items, ...misses.filter(({ name }) => !known.has(name)).map(row => summaryOf(row, []))], nextCursor: null };
}

async function listByChange(
  tx: Tx,
  tenant: string,
  request: DatasetFilter & { readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: DatasetSummary[]; nextCursor: string | null }> {
  const after = decodeCursor(request.cursor, 2);
  const parts = conditions(tenant, request);
  if (after !== undefined) {
    const [time, name] = [String(after[0]), String(after[1])];
    parts.push(sql`(d.updated_at < ${time}::timestamptz or (d.updated_at = ${time}::timestamptz and d.name > ${name}))`);
  }
  const { rows } = await sql<HitRow & { readonly exact_time: string }>`
    select ${shown}, null as matched_columns, d.updated_at::text as exact_time from catalog.dataset d
    where ${sql.join(parts, sql` and `)} order by d.updated_at desc, d.name limit ${request.limit + 1}`.execute(tx);
  return pageOf(rows, request.limit, { item: row => summaryOf(row, []), key: row => [row.exact_time, row.name] });
}

/**
 * Names within a few edits: looked for among those that share one of the rarest trigrams of the query. One edit breaks at most three trigrams,
 * so 3·e+1 of them lose no name; frequent ones are left out once the rarer ones promise enough names, because they cost much and tell little.
 */
async function nearMisses(tx: Tx, tenant: string, filter: DatasetFilter & { readonly search: string }): Promise<readonly HitRow[]> {
  const grams = gramsOf(filter.search);
  const edits = editsFor(filter.search);
  if (edits === 0 || grams.length === 0) return [];
  const rare = await rarestGrams(tx, tenant, { grams, highest: 3 * edits + 1 });
  if (rare.length === 0) return [];
  const { rows } = await sql<HitRow>`
    select ${shown}, null as matched_columns from catalog.dataset d
    join (select d.name, (select count(*) from unnest(d.grams) g where g = any(${grams}::text[])) as shared from catalog.dataset d
          where ${sql.join(conditions(tenant, filter), sql` and `)} and d.grams && ${rare}::text[] order by shared desc, d.name limit ${nearMissCandidates}) near on near.name = d.name
    where d.tenant = ${tenant} order by near.shared desc, d.name`.execute(tx);
  return rows.filter(row => isNearMiss(filter.search, row.name)).slice(0, highestNearMisses);
}

/** The rarest trigrams that names have; at least one, more as long as they do not promise too many names together. */
async function rarestGrams(tx: Tx, tenant: string, request: { readonly grams: readonly string[]; readonly highest: number }): Promise<readonly string[]> {
  const known = await tables(tx)
    .selectFrom('catalog.gram')
    .select(['gram', 'names'])
    .where('tenant', '=', tenant)
    .where('gram', 'in', [...request.grams])
    .where('names', '>', 0)
    .orderBy('names')
    .orderBy('gram')
    .limit(request.highest)
    .execute();
  let promised = 0;
  return known
    .filter(({ names }, index) => {
      promised += names;
      return index === 0 || promised <= highestPromised;
    })
    .map(({ gram }) => gram);
}

/** Counts of what the same filters find; near misses are counted when nothing else is found. */
export async function countFacets(tx: Tx, tenant: string, filter: DatasetFilter): Promise<DatasetFacets> {
  const query = filter.search === undefined ? undefined : searchQuery(filter.search);
  const parts = conditions(tenant, filter);
  if (query !== undefined && filter.search !== undefined) {
    const hasHit = await sql`select 1 from catalog.dataset d where ${sql.join(parts, sql` and `)} and d.terms @@ ${query}::tsquery limit 1`.execute(tx);
    if (hasHit.rows.length > 0) parts.push(sql`d.terms @@ ${query}::tsquery`);
    else parts.push(sql`d.name = any(${(await nearMisses(tx, tenant, { ...filter, search: filter.search })).map(row => row.name)}::text[])`);
  }
  const { rows } = await sql<{ facet: string; value: string | null; count: number }>`
    with found as (select d.latest_format, d.owner, d.tags, d.contract_state from catalog.dataset d where ${sql.join(parts, sql` and `)})
    select 'total' as facet, null as value, count(*) as count from found
    union all (select 'formats', latest_format, count(*) from found where latest_format is not null group by 2 order by 3 desc, 2 limit ${facetValues})
    union all (select 'owners', owner, count(*) from found group by 2 order by 3 desc, 2 limit ${facetValues})
    union all (select 'tags', tag, count(*) from found, unnest(tags) tag group by 2 order by 3 desc, 2 limit ${facetValues})
    union all (select 'contracts', contract_state, count(*) from found group by 2 order by 3 desc, 2 limit ${facetValues})`.execute(tx);
  const of = (facet: string): { value: string; count: number }[] =>
    rows.filter(row => row.facet === facet && row.value !== null).map(row => ({ value: row.value ?? '', count: row.count }));
  return { total: rows.find(row => row.facet === 'total')?.count ?? 0, formats: of('formats'), owners: of('owners'), tags: of('tags'), contracts: of('contracts') };
}
