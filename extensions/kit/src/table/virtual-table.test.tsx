import { describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { usePages, type FetchPage } from '../hooks/use-pages';
import { mount, press, testSuite, until } from '../testing/render.test-support';
import { VirtualTable } from './virtual-table';

interface Row {
  readonly name: string;
}

const columns = [{ id: 'name', label: 'Name', width: 100, text: (row: Row) => row.name }];

function List({
  fetchPage,
  onOpen,
  refreshOn
}: {
  readonly fetchPage: FetchPage<Row>;
  readonly onOpen?: (row: Row) => void;
  readonly refreshOn?: readonly string[];
}): React.JSX.Element {
  const pages = usePages('rows', fetchPage, refreshOn);
  return <VirtualTable label="Rows" columns={columns} pages={pages} rowKey={row => row.name} empty={<p>Nothing here yet</p>} {...(onOpen === undefined ? {} : { onOpen })} />;
}

const rows = (from: number, count: number): Row[] => Array.from({ length: count }, (_unused, index) => ({ name: `row-${from + index}` }));

describe('virtual table', () => {
  test('a hundred thousand rows cost fewer than two hundred in the page', async () => {
    const { root, unmount } = mount(<List fetchPage={async () => ({ items: rows(0, 100_000), nextCursor: null })} />);
    await until(() => root.textContent?.includes('row-0') ?? false);
    expect(root.querySelectorAll('.jp-Strata-tableRow').length).toBeLessThanOrEqual(200);
    expect(root.textContent).toContain('100\u202f000 rows');
    unmount();
  });
  test('further pages are asked for by cursor until the rows fill the screen and some ahead', async () => {
    const cursors: (string | undefined)[] = [];
    const fetchPage: FetchPage<Row> = async ({ cursor }) => {
      cursors.push(cursor);
      const from = Number(cursor ?? 0);
      return { items: rows(from, 50), nextCursor: from < 500 ? String(from + 50) : null };
    };
    const { root, unmount } = mount(<List fetchPage={fetchPage} />);
    await until(() => cursors.length === 2 && root.textContent?.includes('100 rows so far') === true);
    expect(cursors).toEqual([undefined, '50']);
    unmount();
  });
  test('keys move the row and Enter opens it', async () => {
    const opened: string[] = [];
    const { root, unmount } = mount(<List fetchPage={async () => ({ items: rows(0, 10), nextCursor: null })} onOpen={row => opened.push(row.name)} />);
    await until(() => root.querySelector('[role=grid]') !== null && (root.textContent?.includes('row-9') ?? false));
    const grid = root.querySelector('[role=grid]');
    press(grid, 'ArrowDown');
    press(grid, 'ArrowDown');
    press(grid, 'Enter');
    expect(opened).toEqual(['row-2']);
    expect(root.querySelector('[aria-selected=true]')?.textContent).toBe('row-2');
    unmount();
  });
  test('no rows is a sentence, a failure is a notice', async () => {
    const empty = mount(<List fetchPage={async () => ({ items: [], nextCursor: null })} />);
    await until(() => empty.root.textContent?.includes('Nothing here yet') ?? false);
    empty.unmount();
    const failed = mount(<List fetchPage={() => Promise.reject(new Problem('forbidden', { hint: 'Ask an administrator.' }))} />);
    await until(() => failed.root.querySelector('[role=alert]') !== null);
    expect(failed.root.textContent).toContain('Ask an administrator.');
    failed.unmount();
  });
  test('an event brings fresh rows without emptying the table meanwhile', async () => {
    const suite = testSuite();
    let generation = 0;
    const fetchPage: FetchPage<Row> = async () => {
      generation += 1;
      return { items: [{ name: `generation-${generation}` }], nextCursor: null };
    };
    const { root, unmount } = mount(<List fetchPage={fetchPage} refreshOn={['job.']} />, suite);
    await until(() => root.textContent?.includes('generation-1') ?? false);
    suite.emit('dataset.changed.v1');
    suite.emit('job.changed.v1');
    suite.emit('job.changed.v1');
    await until(() => root.textContent?.includes('generation-2') ?? false);
    expect(generation).toBe(2);
    unmount();
  });
});
