import { createClient, type TransportRequest } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import type { DatasetSummary, DatasetVersion, Profile } from '@stratalab/contracts/catalog';
import { act } from 'react';
import * as React from 'react';
import { click, mount, press, testSuite, until, type TestSuite } from '../../kit/src/testing/render.test-support';
import { sentences } from './commands/data-commands';
import { dataCommands } from './commands/command-ids';
import { UploadsProvider } from './data-context';
import { DatasetPage } from './page/dataset-page';
import { neighboursOf } from './page/load-lineage';
import { DataPanel } from './sidebar/data-panel';
import { hasFacets, queryOf, toggled } from './sidebar/dataset-filter';
import { createKnownUploads } from './upload/known-uploads';
import { createUploads } from './upload/uploads';

const summary = (name: string, more: Partial<DatasetSummary> = {}): DatasetSummary => ({
  name,
  urn: `urn:strata:demo:dataset:${name}`,
  excerpt: 'What it is',
  tags: [],
  owner: 'ann',
  updatedAt: '2024-01-01T00:00:00Z',
  latestVersion: '1',
  state: 'ready',
  format: 'csv',
  rowCount: 1200,
  sizeBytes: 2048,
  columnCount: 2,
  contractState: 'none',
  isSample: false,
  matchedColumns: [],
  ...more
});

const version: DatasetVersion = {
  dataset: 'sales',
  version: '2',
  urn: 'urn:strata:demo:dataset:sales@2',
  state: 'ready',
  stateMessage: null,
  format: 'csv',
  sizeBytes: 2048,
  rowCount: 3,
  columnCount: 2,
  fileCount: 1,
  createdAt: '2024-01-01T00:00:00Z',
  createdBy: 'ann',
  origin: { kind: 'upload', producerUrn: null, path: null },
  columns: [
    { name: 'region', type: 'VARCHAR', kind: 'text' },
    { name: 'amount', type: 'BIGINT', kind: 'number' }
  ],
  files: [{ name: 'a.csv', sizeBytes: 2048, sha256: null }],
  drift: { previousVersion: '1', added: ['amount'], removed: ['old'], retyped: [] }
};

const profile: Profile = {
  state: 'ready',
  message: null,
  basis: 'exact',
  sampledRows: 3,
  rowCount: 3,
  computedAt: '2024-01-01T00:00:00Z',
  columns: [
    {
      name: 'region',
      type: 'VARCHAR',
      kind: 'text',
      count: 3,
      nullCount: 1,
      distinctCount: 2,
      min: 'a',
      max: 'b',
      mean: null,
      deviation: null,
      histogram: null,
      topValues: [{ value: 'north', count: 2 }]
    },
    {
      name: 'amount',
      type: 'BIGINT',
      kind: 'number',
      count: 3,
      nullCount: 0,
      distinctCount: 3,
      min: '0',
      max: '9',
      mean: 4.5,
      deviation: 1,
      histogram: [
        { from: '0', to: '5', count: 2 },
        { from: '5', to: '9', count: 1 }
      ],
      topValues: null
    }
  ]
};

const dataset = {
  name: 'sales',
  urn: 'urn:strata:demo:dataset:sales',
  description: 'Sales by region.',
  tags: ['money'],
  owner: 'ann',
  createdAt: '2024-01-01T00:00:00Z',
  updatedAt: '2024-01-01T00:00:00Z',
  isSample: false,
  versionCount: 2,
  contractState: 'none',
  latest: version,
  mount: null
};

interface FarSide extends TestSuite {
  readonly asked: string[];
  readonly answers: Map<string, unknown>;
}

/** A suite whose catalog answers from a table by the end of the path; whatever is missing is an empty page. */
function farSide(answers: Readonly<Record<string, unknown>>): FarSide {
  const suite = testSuite(Object.values(dataCommands));
  const asked: string[] = [];
  const table = new Map(Object.entries(answers));
  const transport = async ({ method, path }: TransportRequest) => {
    asked.push(`${method} ${path}`);
    const [bare = ''] = path.replace('/api/catalog/v1/tenants/demo', '').split('?');
    const answer = table.get(bare) ?? { items: [], nextCursor: null, nodes: [], edges: [], isTruncated: false, root: '' };
    if (answer instanceof Problem) return { status: answer.status, headers: {}, body: answer.toDocument('request-1') };
    return { status: 200, headers: {}, body: answer };
  };
  Object.assign(suite.stratalab, { clientFor: (routes: never) => createClient(routes, transport) });
  return { ...suite, asked, answers: table };
}

function show(content: React.ReactNode, suite: FarSide): HTMLElement {
  const uploads = createUploads(suite.stratalab, { getItem: () => null, setItem: () => undefined });
  return mount(<UploadsProvider value={uploads}>{content}</UploadsProvider>, suite).root;
}

const text = (): string => document.body.textContent ?? '';
const facets = { total: 2, formats: [{ value: 'csv', count: 2 }], owners: [], tags: [{ value: 'money', count: 1 }], contracts: [] };

afterEach(() => {
  document.body.innerHTML = '';
});

describe('the sidebar', () => {
  it('lists datasets with what they are, and opens one by keyboard', async () => {
    const suite = farSide({ '/datasets': { items: [summary('sales'), summary('trips', { contractState: 'failed' })], nextCursor: null }, '/dataset-facets': facets });
    const root = show(<DataPanel asked={undefined} />, suite);
    await until(() => text().includes('trips'));
    expect(text()).toContain('CSV · 1\u202f200 rows · 2 columns');
    expect(text()).toContain('2 datasets');
    expect(root.querySelector('[title="The latest version breaks the contract"]')).not.toBeNull();
    const list = root.querySelector('[role=listbox]');
    press(list, 'ArrowDown');
    press(list, 'Enter');
    expect(suite.executed).toEqual([{ id: dataCommands.openDataset, args: { dataset: 'trips' } }]);
  });

  it('searches what the command asked for, and shows which columns matched', async () => {
    const suite = farSide({ '/datasets': { items: [summary('sales', { matchedColumns: ['amount'] })], nextCursor: null }, '/dataset-facets': facets });
    show(<DataPanel asked={{ search: 'amount' }} />, suite);
    await until(() => text().includes('Columns: amount'));
    expect(suite.asked.some(line => line.includes('/datasets?') && line.includes('search=amount'))).toBe(true);
  });

  it('narrows by a facet and widens again', async () => {
    const suite = farSide({ '/datasets': { items: [summary('sales')], nextCursor: null }, '/dataset-facets': facets });
    const root = show(<DataPanel asked={undefined} />, suite);
    await until(() => root.querySelector('.jp-Strata-facet') !== null);
    const money = (): Element | undefined => [...root.querySelectorAll('.jp-Strata-facet')].find(facet => facet.textContent?.startsWith('money'));
    click(money());
    await until(() => suite.asked.some(line => line.includes('tag=money')));
    expect(money()?.getAttribute('aria-pressed')).toBe('true');
    click(money());
    await until(() => money()?.getAttribute('aria-pressed') === 'false');
  });

  it('teaches the next step when there is nothing, and offers the way back when nothing matches', async () => {
    const suite = farSide({ '/dataset-facets': { ...facets, total: 0 } });
    const root = show(<DataPanel asked={undefined} />, suite);
    await until(() => text().includes('Upload a file'));
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'Upload a file'));
    expect(suite.executed[0]?.id).toBe(dataCommands.upload);
    document.body.innerHTML = '';
    show(<DataPanel asked={{ search: 'nothing' }} />, farSide({ '/dataset-facets': facets }));
    await until(() => text().includes('Nothing matches.'));
  });

  it('says what failed and tries again', async () => {
    const suite = farSide({ '/datasets': new Problem('unavailable', { detail: 'The catalog does not answer.' }), '/dataset-facets': facets });
    const root = show(<DataPanel asked={undefined} />, suite);
    await until(() => text().includes('The catalog does not answer.'));
    suite.answers.set('/datasets', { items: [summary('sales')], nextCursor: null });
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'Try again'));
    await until(() => root.querySelector('[role=option]') !== null);
  });

  it('is fresh after a change', async () => {
    const suite = farSide({ '/datasets': { items: [summary('sales')], nextCursor: null }, '/dataset-facets': facets });
    show(<DataPanel asked={undefined} />, suite);
    await until(() => text().includes('sales'));
    suite.answers.set('/datasets', { items: [summary('sales'), summary('fresh')], nextCursor: null });
    suite.emit('dataset.version-ready.v1');
    await until(() => text().includes('fresh'));
  });
});

describe('the page of a dataset', () => {
  const answers = {
    '/datasets/sales': dataset,
    '/datasets/sales/versions/2/profile': profile,
    '/datasets/sales/versions/2/rows': {
      columns: version.columns,
      rows: [
        ['north', 1],
        [null, 2],
        ['south', 3]
      ],
      offset: 0,
      rowCount: 3,
      isTruncated: false
    }
  };
  const urn = { tenant: 'demo', kind: 'dataset', name: 'sales' } as const;
  const tab = (root: HTMLElement, name: string): void => click(root.querySelector(`[data-tab="${name}"]`));

  it('shows schema with drift and statistics, rows, and the profile', async () => {
    const root = show(<DatasetPage urn={urn} />, farSide(answers));
    await until(() => text().includes('33.33 %'));
    expect(text()).toContain('Since version 1: new: amount · gone: old');
    expect(text()).toContain('Sales by region.');
    tab(root, 'preview');
    await until(() => text().includes('south'));
    expect(root.querySelector('.jp-Strata-null')?.textContent).toBe('null');
    tab(root, 'profile');
    await until(() => text().includes('exact, all 3 rows'));
    expect(root.querySelectorAll('.jp-Strata-histogram rect')).toHaveLength(2);
    expect(text()).toContain('north');
  });

  it('mounts the version, shows its path, and unmounts it', async () => {
    const suite = farSide(answers);
    const root = show(<DatasetPage urn={urn} />, suite);
    const button = (label: string): Element | undefined => [...root.querySelectorAll('button')].find(candidate => candidate.textContent === label);
    await until(() => button('Mount') !== undefined);
    const mounted = { dataset: 'sales', version: '2', urn: version.urn, mountName: 'sales@2', path: '~/datasets/sales@2', createdAt: '2024-01-01T00:00:00Z' };
    suite.answers.set('/datasets/sales', { ...dataset, mount: mounted });
    click(button('Mount'));
    await until(() => button('Unmount') !== undefined);
    expect(text()).toContain('~/datasets/sales@2');
    click(button('Unmount'));
    await act(async () => undefined);
    expect(suite.executed).toEqual([
      { id: dataCommands.mount, args: { dataset: 'sales', version: '2' } },
      { id: dataCommands.unmount, args: { mountName: 'sales@2' } }
    ]);
  });

  it('says why a version failed, and that a dataset is not there', async () => {
    const failed = { ...version, state: 'failed', stateMessage: '‘a.csv’ has a broken line.', rowCount: null, columnCount: null, columns: [] };
    show(<DatasetPage urn={urn} />, farSide({ '/datasets/sales': { ...dataset, latest: failed } }));
    await until(() => text().includes('has a broken line'));
    document.body.innerHTML = '';
    show(<DatasetPage urn={urn} />, farSide({ '/datasets/sales': new Problem('not-found', { detail: 'There is no dataset here.' }) }));
    await until(() => text().includes('There is no dataset here.'));
  });
});

describe('small rules', () => {
  it('a facet value is set and taken away', () => {
    const once = toggled({ search: 'x' }, 'tag', 'money');
    expect(once).toEqual({ search: 'x', tag: 'money' });
    expect(hasFacets(once)).toBe(true);
    expect(toggled(once, 'tag', 'money')).toEqual({ search: 'x' });
    expect(queryOf({ search: ' ', format: 'nonsense', contract: 'failed' })).toEqual({ contract: 'failed' });
  });

  it('an upload of the same files is known again', () => {
    const store = new Map<string, string>();
    const known = createKnownUploads({ getItem: key => store.get(key) ?? null, setItem: (key, value) => void store.set(key, value) });
    const files = [{ name: 'a.csv', sizeBytes: 5, receivedBytes: 0 }];
    const upload = { id: 'u1', dataset: 'sales', state: 'open', files, partBytes: 1, createdBy: 'ann', createdAt: '', expiresAt: '', version: null } as const;
    known.remember('demo', { ...upload, files });
    expect(known.find('demo', 'sales', [{ name: 'a.csv', size: 5 }])).toBe('u1');
    expect(known.find('other', 'sales', [{ name: 'a.csv', size: 5 }])).toBeUndefined();
    expect(known.find('demo', 'sales', [{ name: 'a.csv', size: 6 }])).toBeUndefined();
    known.forget('demo', 'u1');
    expect(known.find('demo', 'sales', [{ name: 'a.csv', size: 5 }])).toBeUndefined();
    store.set('stratalab:uploads', 'not json');
    expect(known.find('demo', 'sales', [{ name: 'a.csv', size: 5 }])).toBeUndefined();
  });

  it('lineage has two sides, and what depends on a dataset is said in words', () => {
    const node = (urn: string, side: 'up' | 'down' | 'self') => ({ urn, side, kind: 'job', name: 'x', version: null, depth: 1, hasMore: false }) as const;
    const graph = {
      root: '',
      edges: [],
      isTruncated: false,
      nodes: [node('urn:strata:demo:job:clean', 'up'), node('urn:strata:demo:dataset:s@1', 'self'), node('urn:strata:demo:model:m@3', 'down')]
    };
    expect(neighboursOf(graph)).toEqual({
      madeFrom: [{ urn: 'urn:strata:demo:job:clean', label: 'clean', caption: 'job clean' }],
      usedBy: [{ urn: 'urn:strata:demo:model:m@3', label: 'm @3', caption: 'model m @3' }]
    });
    const items = Array.from({ length: 9 }, (_unused, index) => ({ urn: `urn:strata:demo:job:j${index}`, depth: 1 }));
    expect(sentences({ urn: '', total: 12, byKind: [], items }, count => `… ${count} more`).at(-1)).toBe('… 4 more');
  });
});
