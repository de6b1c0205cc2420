import { percentile, report } from '@stratalab/tooling';
import { sql } from 'kysely';
import { gramsOf, searchVector } from '../src/domain/search.ts';
import { createCatalogHost, vic } from '../src/testing/catalog-host.ts';

/** Search over 100,000 datasets of one tenant, through the API, against the query one would write first. */
const datasets = 100_000;
const batch = 5_000;
const subjects = ['sales', 'flights', 'weather', 'orders', 'customers', 'sensors', 'invoices', 'clicks', 'claims', 'trades'];
const places = ['berlin', 'tokyo', 'austin', 'nairobi', 'lima', 'oslo', 'pune', 'quito', 'riga', 'sydney'];
const columns = ['customer_id', 'amount', 'country', 'created_at', 'carrier', 'temperature', 'quantity', 'status'];
const pick = (words: readonly string[], index: number): string => words[index % words.length] ?? '';

const catalog = await createCatalogHost({ isBackgroundRunning: false });
const { database } = catalog.host;
for (let start = 0; start < datasets; start += batch) {
  const rows = Array.from({ length: batch }, (_unused, offset) => {
    const index = start + offset;
    const name = `${pick(subjects, index)}_${pick(places, Math.floor(index / 10))}_${index.toString(36)}`;
    const row = {
      name,
      columns: [pick(columns, index), pick(columns, index + 3)],
      tags: [pick(places, index)],
      owner: 'ann',
      description: `Daily ${pick(subjects, index)} of ${pick(places, index + 1)}`
    };
    return { ...row, terms: searchVector(row), grams: gramsOf(name) };
  });
  await database.inTenant({ tenant: 'demo' }, tx =>
    sql`insert into catalog.dataset (tenant, name, description, tags, owner, column_names, terms, grams, latest_format)
        select 'demo', name, description, tags, owner, columns, terms::tsvector, grams, 'csv'
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(name text, description text, tags text[], owner text, columns text[], terms text, grams text[])`.execute(tx)
  );
}
await database.inTenant({ tenant: 'demo' }, async tx => {
  await sql`insert into catalog.gram (tenant, gram, names) select 'demo', gram, count(*) from catalog.dataset, unnest(grams) gram group by gram`.execute(tx);
});
await database.asSystem('statistics', tx => sql`analyze catalog.dataset`.execute(tx));

const client = catalog.as(vic);
async function times(queries: readonly string[], ask: (query: string) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (const query of queries) {
    const started = performance.now();
    await ask(query);
    taken.push(performance.now() - started);
  }
  return taken;
}
const queries = (spell: (word: string) => string): string[] => Array.from({ length: 60 }, (_unused, index) => spell(`${pick(subjects, index)} ${pick(places, index * 7)}`));
const search = (query: string): Promise<unknown> => client.listDatasets({ params: { tenant: 'demo' }, query: { search: query, limit: 50 } });
const naive = (query: string): Promise<unknown> =>
  database.inTenant({ tenant: 'demo', isReadOnly: true }, tx =>
    sql`select name from catalog.dataset where name ilike ${`%${query.replace(' ', '_')}%`} or description ilike ${`%${query}%`} order by name limit 50`.execute(tx)
  );

await times(queries(String).slice(0, 5), search);
const exact = percentile(await times(queries(String), search), 0.95);
const bare = percentile(await times(queries(String), naive), 0.95);
const typo = percentile(
  await times(
    queries(words => words.replace(/(.)(.)(.)$/, '$1$3')),
    search
  ),
  0.95
);
report({
  name: `search over ${datasets} datasets, 95th percentile`,
  unit: 'ms',
  value: exact,
  baseline: { name: 'ilike over name and description', value: bare },
  ratio: exact / bare
});
report({ name: 'the same with a letter missing', unit: 'ms', value: typo, baseline: { name: 'ilike, which finds nothing', value: bare }, ratio: typo / bare });
await catalog.close();
