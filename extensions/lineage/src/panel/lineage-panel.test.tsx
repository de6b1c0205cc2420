import { describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import type { LineageGraph, LineageNode } from '@stratalab/contracts/catalog';
import { shellCommands } from '@stratalab/lab-kit';
import { click, mount, press, testSuite, until } from '../../../kit/src/testing/render.test-support';
import * as React from 'react';
import { createFrontObject, urnOfWidget } from './front-object';
import { LineagePanel } from './lineage-panel';

const urnOf = (kind: string, name: string, version?: string): string => `urn:strata:demo:${kind}:${name}${version === undefined ? '' : `@${version}`}`;
const flights = urnOf('dataset', 'flights', '1');
const run = urnOf('pipeline-run', '01k0000000000000000000000a');
const carriers = urnOf('dataset', 'carriers', '1');
const model = urnOf('model', 'delays', '3');

function node(urn: string, side: LineageNode['side'], hasMore = false): LineageNode {
  const [, , , kind = '', rest = ''] = urn.split(':');
  const [name = '', version] = rest.split('@');
  return { urn, kind: kind as LineageNode['kind'], name, version: version ?? null, depth: side === 'self' ? 0 : 1, side, hasMore };
}

const around: Readonly<Record<string, LineageGraph>> = {
  [run]: {
    root: run,
    nodes: [node(run, 'self'), node(flights, 'up'), node(carriers, 'down', true)],
    edges: [
      { from: flights, to: run },
      { from: run, to: carriers }
    ],
    isTruncated: false
  },
  [carriers]: {
    root: carriers,
    nodes: [node(carriers, 'self'), node(run, 'up'), node(model, 'down')],
    edges: [
      { from: run, to: carriers },
      { from: carriers, to: model }
    ],
    isTruncated: false
  }
};

function open(urn: string | undefined) {
  const suite = testSuite([shellCommands.openObject]);
  const asked: string[] = [];
  const catalog = {
    getLineage: async ({ query }: { query: { urn: string } }) => {
      asked.push(query.urn);
      const answer = around[query.urn];
      if (answer === undefined) throw new Problem('not-found', { detail: 'There is no such object.' });
      return answer;
    },
    getBlastRadius: async () => ({
      urn: run,
      total: 2,
      byKind: [
        { kind: 'dataset', count: 1 },
        { kind: 'model', count: 1 }
      ],
      items: [
        { urn: carriers, depth: 1 },
        { urn: model, depth: 2 }
      ]
    })
  };
  Object.assign(suite.stratalab, { clientFor: () => catalog });
  const front = createFrontObject();
  if (urn !== undefined) front.show(urn);
  return { suite, front, asked, ...mount(<LineagePanel front={front} />, suite) };
}
const labels = (root: HTMLElement): string[] => [...root.querySelectorAll('svg [role=button]')].map(button => button.getAttribute('aria-label') ?? '');

describe('the lineage panel', () => {
  test('says what belongs here while no object is in front', () => {
    const { root, unmount } = open(undefined);
    expect(root.textContent).toContain('Open a dataset');
    unmount();
  });

  test('draws one hop around the object in front, with what depends on it', async () => {
    const { root, unmount } = open(run);
    await until(() => labels(root).length === 5);
    expect(labels(root)).toEqual(expect.arrayContaining(['Open dataset flights @1', 'Open dataset carriers @1', 'Show what is around carriers @1']));
    expect(root.querySelectorAll('.jp-Strata-edge')).toHaveLength(2);
    expect(root.textContent).toContain('2 objects depend on it 1 dataset · 1 model');
    unmount();
  });

  test('shows one hop more where asked, and opens what is pressed', async () => {
    const { root, suite, asked, unmount } = open(run);
    await until(() => labels(root).length === 5);
    press(root.querySelector('[aria-label="Show what is around carriers @1"]'), 'Enter');
    await until(() => labels(root).includes('Open model delays @3'));
    expect(asked).toEqual([run, carriers]);
    expect(labels(root)).not.toContain('Show what is around carriers @1');
    click(root.querySelector('[aria-label="Open model delays @3"]'));
    expect(suite.executed).toEqual([{ id: shellCommands.openObject, args: { urn: model } }]);
    unmount();
  });

  test('follows the object in front', async () => {
    const { root, front, unmount } = open(run);
    await until(() => labels(root).length === 5);
    React.act(() => front.show(carriers));
    await until(() => labels(root).includes('Open model delays @3'));
    expect(root.querySelector('h2')?.textContent).toBe('carriers @1');
    unmount();
  });

  test('a search dims what does not fit, the list says the same in words', async () => {
    const { root, unmount } = open(run);
    await until(() => labels(root).length === 5);
    const search = root.querySelector('input');
    React.act(() => {
      if (search === null) throw new Error('There is a search field.');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(search, 'flig');
      search.dispatchEvent(new Event('input', { bubbles: true }));
    });
    expect(root.textContent).toContain('1 object found');
    expect(root.querySelectorAll('.jp-mod-dim')).toHaveLength(2);
    click([...root.querySelectorAll('button')].find(({ textContent }) => textContent === 'List'));
    expect([...root.querySelectorAll('.jp-Strata-lineageList li')].map(({ textContent }) => textContent)).toEqual(['flights @1 dataset+']);
    unmount();
  });

  test('a failure is shown with a way to try again', async () => {
    const { root, unmount } = open(urnOf('job', 'unknown'));
    await until(() => root.querySelector('[role=alert]') !== null);
    expect(root.textContent).toContain('There is no such object.');
    unmount();
  });

  test('only object pages count as objects', () => {
    expect(urnOfWidget({ id: `stratalab-page-${run}` } as never)).toBe(run);
    expect(urnOfWidget({ id: 'notebook' } as never)).toBeUndefined();
    expect(urnOfWidget({ id: 'stratalab-page-nonsense' } as never)).toBeUndefined();
    expect(urnOfWidget(null)).toBeUndefined();
  });
});
