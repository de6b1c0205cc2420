import { describe, expect, test } from '@jest/globals';
import { layoutGraph } from './layout';

const size = { nodeWidth: 100, nodeHeight: 40, gapX: 10, gapY: 20 };
const edge = (text: string) => ({ from: text[0] ?? '', to: text[1] ?? '' });
const placed = (ids: string, edges: string) => new Map(layoutGraph([...ids], edges.split(' ').map(edge), size).nodes.map(({ id, x, y }) => [id, { x, y }]));

describe('layoutGraph', () => {
  test('what something was made from stands above it, as far as the longest way', () => {
    const nodes = placed('abcd', 'ab bc ac cd');
    expect(['a', 'b', 'c', 'd'].map(id => nodes.get(id)?.y)).toEqual([0, 60, 120, 180]);
  });
  test('a source stands just above what was made from it', () => {
    expect(placed('abcx', 'ab bc xc').get('x')?.y).toBe(60);
  });
  test('neighbours stand near each other, rows are centred', () => {
    const nodes = placed('pqabr', 'pb qa ar br');
    const isLeft = (one: string, other: string): boolean => (nodes.get(one)?.x ?? 0) < (nodes.get(other)?.x ?? 0);
    expect(isLeft('p', 'q')).toBe(isLeft('b', 'a'));
    expect(nodes.get('r')?.x).toBe(55);
  });
  test('a circle, an edge to nowhere and a single object do no harm', () => {
    expect(layoutGraph(['a', 'b'], [edge('ab'), edge('ba'), edge('ax')], size).nodes).toHaveLength(2);
    expect(layoutGraph(['a'], [edge('aa')], size)).toMatchObject({ width: 100, height: 40 });
    expect(layoutGraph([], [], size).nodes).toEqual([]);
  });
  test('three hundred nodes are placed at once', () => {
    const ids = Array.from({ length: 300 }, (_unused, index) => `n${index}`);
    const edges = ids.slice(1).map((to, index) => ({ from: ids[Math.floor(index / 3)] ?? '', to }));
    const { nodes } = layoutGraph(ids, edges, size);
    expect(new Set(nodes.map(({ x, y }) => `${x},${y}`)).size).toBe(300);
  });
});
