import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { appendEvent } from '@stratalab/kernel';
import { createTenant } from '@stratalab/tooling';
import { ann, createCatalogHost, eve, patiently, platform, vic, type CatalogHost } from './testing/catalog-host.ts';

// Every version starts DuckDB some times: slow where all cores are busy.
jest.setTimeout(90_000);

const params = { tenant: 'demo' };
const base = '/api/catalog/v1/tenants/demo';
const urn = (kind: string, name: string): string => `urn:strata:demo:${kind}:${name}`;

describe('search, contracts and lineage', () => {
  let catalog: CatalogHost;
  beforeAll(async () => {
    catalog = await createCatalogHost();
    await createTenant(catalog.host, 'other');
    await Promise.all([
      catalog.upload(ann, 'nyc-flights', { 'a.csv': 'carrier,dep_delay\nAA,1\nUA,2\nUA,\n' }),
      catalog.upload(ann, 'airports', { 'a.tsv': 'faa\tname\nJFK\tKennedy\n' }),
      catalog.upload(ann, 'weather', { 'a.jsonl': '{"origin": "JFK", "temperature": 3.5}\n' })
    ]);
    await Promise.all(['nyc-flights', 'airports', 'weather', 'tiny'].map(name => catalog.ready(name)));
    await catalog
      .as(ann)
      .updateDataset({ params: { ...params, dataset: 'weather' }, body: { description: 'Hourly readings of every station.', tags: ['meteo', 'meteo', 'hourly'] } });
  });
  afterAll(() => catalog.close());

  const find = async (query: Readonly<Record<string, string>>) => (await catalog.as(vic).listDatasets({ params, query })).items.map(({ name }) => name);

  test.each([
    ['nyc-flights', ['nyc-flights']],
    ['fligh', ['nyc-flights']],
    ['carrier', ['nyc-flights']],
    ['dep delay', ['nyc-flights']],
    ['meteo', ['weather']],
    ['station', ['weather']],
    ['temperature origin', ['weather']],
    ['fligths', ['nyc-flights']],
    ['wether', ['weather']],
    ['airporst', ['airports']],
    ['carrier temperature', []]
  ])('%s finds %j', async (search, names) => {
    expect(await find({ search })).toEqual(names);
  });

  test('a hit says which columns made it one and is small', async () => {
    const { items } = await catalog.as(vic).listDatasets({ params, query: { search: 'delay' } });
    expect(items[0]).toMatchObject({ name: 'nyc-flights', matchedColumns: ['dep_delay'], columnCount: 2, rowCount: 3 });
    expect(JSON.stringify(items[0]).length).toBeLessThan(1_024);
  });

  test('filters and facets agree, and pages meet without gap or double', async () => {
    expect(await find({ format: 'tsv' })).toEqual(['airports']);
    expect(await find({ tag: 'hourly' })).toEqual(['weather']);
    const facets = await catalog.as(vic).getDatasetFacets({ params });
    expect(facets.total).toBe(4);
    expect(facets.formats).toEqual(
      expect.arrayContaining([
        { value: 'csv', count: 1 },
        { value: 'parquet', count: 1 }
      ])
    );
    expect(facets.tags).toContainEqual({ value: 'meteo', count: 1 });
    expect((await catalog.as(vic).getDatasetFacets({ params, query: { search: 'fligths' } })).total).toBe(1);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await catalog.as(vic).listDatasets({ params, query: { limit: 1, ...(cursor === undefined ? {} : { cursor }) } });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(4);
    expect(names[0]).toBe('weather');
  });

  test('T10 search text is data, never SQL or a query language', async () => {
    for (const search of ["'", "') or 1=1 --", "a' & !b:*", '\\', '%', '(((', "';drop table catalog.dataset;--"]) {
      expect((await catalog.host.request(vic, 'GET', `${base}/datasets?search=${encodeURIComponent(search)}`)).status).toBe(200);
    }
  });

  test('T02 what another tenant has does not show in counts or near misses', async () => {
    const before = (await catalog.host.request(eve, 'GET', '/api/catalog/v1/tenants/other/dataset-facets?search=flights')).body;
    expect(before).toEqual({ total: 0, formats: [], owners: [], tags: [], contracts: [] });
  });

  const contract = (quality: string): string => `apiVersion: v3.1.0
kind: DataContract
id: x
version: '1'
status: active
schema:
  - name: nyc-flights
    properties:
      - name: carrier
        required: true
      - name: dep_delay
        quality: [${quality}]
`;
  const flights = { ...params, dataset: 'nyc-flights' };

  test('a contract is checked when it is set, on demand, and again for the next version', async () => {
    const set = await catalog.as(ann).setContract({ params: flights, body: { document: contract('{ metric: nullValues, mustBeLessOrEqualTo: 1 }') } });
    expect(set.checks.map(({ rule }) => rule)).toEqual(['carrier must not be null', 'null values of dep_delay must be at most 1']);
    const stateIs = (state: string) => patiently(async () => (await catalog.as(vic).getDataset({ params: flights })).contractState === state);
    await stateIs('passed');
    await catalog.as(ann).setContract({
      params: flights,
      body: { document: contract('{ metric: nullValues, mustBe: 0 }, { type: sql, query: "select max(nothing) from {table}", mustBe: 1, severity: warning }') }
    });
    await stateIs('failed');
    const run = await catalog.as(ann).checkContract({ params: { ...flights, version: 'latest' } });
    expect(run).toMatchObject({ state: 'failed', version: '1' });
    expect(run.results).toMatchObject([
      { state: 'passed', actual: 0 },
      { state: 'failed', actual: 1 },
      { state: 'error', actual: null, severity: 'warning' }
    ]);
    await catalog.upload(ann, 'nyc-flights', { 'a.csv': 'carrier\nAA\nUA\n' });
    await patiently(async () => (await catalog.as(vic).listContractRuns({ params: flights })).items.find(({ version }) => version === '2'));
    const latest = (await catalog.as(vic).listContractRuns({ params: flights, query: { limit: 1 } })).items[0];
    expect(latest?.results[1]).toMatchObject({ state: 'failed', message: 'There is no column ‘dep_delay’.' });
    expect(await find({ contract: 'failed' })).toEqual(['nyc-flights']);
    const suggestion = await catalog.as(vic).suggestContract({ params: { ...params, dataset: 'weather' } });
    expect(suggestion.document).toContain('temperature');
    await catalog.as(ann).deleteContract({ params: flights });
    await stateIs('none');
  });

  test('a contract that is wrong is refused with its places', async () => {
    const answer = await catalog.host.request(ann, 'PUT', `${base}/datasets/weather/contract`, { document: contract('{ metric: nullValues }') });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: '/schema/0/properties/1/quality/0', message: 'has no mustBe… bound' }] } });
  });

  test('lineage goes both ways, in steps, through cycles, and counts what depends on a thing', async () => {
    const edges = [
      ['dataset', 'raw@1', 'job', 'clean'],
      ['job', 'clean', 'dataset', 'tidy@1'],
      ['dataset', 'tidy@1', 'job', 'train'],
      ['job', 'train', 'model', 'm@1'],
      ['model', 'm@1', 'deployment', 'd'],
      ['deployment', 'd', 'job', 'clean']
    ].map(([fromKind = '', from = '', toKind = '', to = '']) => ({ from: urn(fromKind, from), to: urn(toKind, to) }));
    await catalog.host.database.inTenant({ tenant: 'demo' }, tx =>
      appendEvent(tx, {
        name: 'lineage.recorded.v1',
        tenant: 'demo',
        urn: urn('job', 'clean'),
        data: { edges: [...edges, { from: 'urn:strata:other:job:x', to: urn('job', 'clean') }] }
      })
    );
    const graph = (depth: number, direction: 'up' | 'down' | 'both') => catalog.as(vic).getLineage({ params, query: { urn: urn('dataset', 'tidy@1'), depth, direction } });
    await patiently(async () => (await graph(1, 'both')).nodes.length === 3);
    const near = await graph(1, 'both');
    expect(near.nodes.map(({ name, side, depth, hasMore }) => [name, side, depth, hasMore])).toEqual([
      ['tidy', 'self', 0, false],
      ['clean', 'up', 1, true],
      ['train', 'down', 1, true]
    ]);
    const whole = await graph(10, 'down');
    expect(whole.nodes.map(({ name }) => name)).toEqual(['tidy', 'train', 'm', 'd', 'clean']);
    expect(whole.isTruncated).toBe(false);
    expect((await catalog.as(vic).getLineage({ params, query: { urn: urn('dataset', 'tidy'), depth: 1 } })).nodes.map(({ name, version }) => `${name}@${version ?? ''}`)).toEqual([
      'tidy@',
      'tidy@1',
      'clean@',
      'train@'
    ]);
    const blast = await catalog.as(vic).getBlastRadius({ params, query: { urn: urn('dataset', 'raw@1') } });
    expect(blast).toMatchObject({ total: 5, items: [{ urn: urn('job', 'clean'), depth: 1 }, { depth: 2 }, { depth: 3 }, { depth: 4 }, { depth: 5 }] });
    expect((await catalog.as(vic).getLineage({ params, query: { urn: urn('dataset', 'raw@1'), depth: 10, limit: 2 } })).isTruncated).toBe(true);
    expect(await catalog.as(vic).getBlastRadius({ params, query: { urn: urn('answer', 'unknown') } })).toMatchObject({ total: 0, items: [] });
  });

  test('a dataset that something was made from is deleted only when its name is repeated; its numbers are not used again', async () => {
    await catalog.upload(ann, 'source', { 'a.csv': 'a,b\n1,2\n' });
    await catalog.ready('source');
    await catalog.as(vic).mountDataset({ params, body: { dataset: 'source' } });
    const stagingId = await catalog.stageOutput({ 'a.csv': 'a,b\n1,2\n' });
    await catalog.as(platform).publishOutput({ params, body: { dataset: 'derived', producerUrn: urn('job', 'j9'), output: 'o', stagingId, inputs: [urn('dataset', 'source@1')] } });
    await patiently(async () => (await catalog.as(vic).getBlastRadius({ params, query: { urn: urn('dataset', 'source') } })).total === 2);
    const refused = await catalog.host.request(ann, 'DELETE', `${base}/datasets/source`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'in-use' } });
    expect(refused.text).toContain('2 objects were made from it');
    expect(refused.text).toContain('1 other person mounts it');
    expect((await catalog.host.request(ann, 'DELETE', `${base}/datasets/source?confirm=other`)).status).toBe(400);
    await catalog.as(ann).deleteDataset({ params: { ...params, dataset: 'source' }, query: { confirm: 'source' } });
    expect(await find({ search: 'source' })).toEqual([]);
    await patiently(async () => (await catalog.as(vic).listMounts({ params })).items.length === 0);
    const again = await patiently(() => catalog.upload(ann, 'source', { 'a.csv': 'a,b\n1,2\n' }).catch(() => undefined));
    expect(again.version).toBe('2');
  });
});
