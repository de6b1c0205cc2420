export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface PlacedNode {
  readonly id: string;
  /** Upper left corner, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
}

export interface LayoutSize {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly gapX: number;
  readonly gapY: number;
}

const sweeps = 4;

/**
 * Places a graph in layers, sources on top: the layer of a node is the longest way to it, and inside a layer nodes stand near their neighbours
 * (barycentre ordering, Sugiyama 1981). Edges that close a circle are left out of the layering.
 */
export function layoutGraph(ids: readonly string[], edges: readonly GraphEdge[], size: LayoutSize): Layout {
  const known = new Set(ids);
  const inside = edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const layers = orderLayers(layersOf(ids, inside), inside);
  const widest = Math.max(1, ...layers.map(layer => layer.length));
  const width = widest * size.nodeWidth + (widest - 1) * size.gapX;
  const nodes = layers.flatMap((layer, row) => {
    const used = layer.length * size.nodeWidth + (layer.length - 1) * size.gapX;
    const left = (width - used) / 2;
    return layer.map((id, index) => ({ id, x: left + index * (size.nodeWidth + size.gapX), y: row * (size.nodeHeight + size.gapY) }));
  });
  return { width, height: layers.length * size.nodeHeight + Math.max(0, layers.length - 1) * size.gapY, nodes };
}

function layersOf(ids: readonly string[], edges: readonly GraphEdge[]): string[][] {
  const into = group(edges, 'to', 'from');
  const layer = new Map<string, number>();
  const onWay = new Set<string>();
  const visit = (id: string): number => {
    const found = layer.get(id);
    if (found !== undefined) return found;
    onWay.add(id);
    const before = (into.get(id) ?? []).filter(source => !onWay.has(source)).map(visit);
    onWay.delete(id);
    const own = before.length === 0 ? 0 : Math.max(...before) + 1;
    layer.set(id, own);
    return own;
  };
  ids.forEach(visit);
  // A source stands just above what was made from it, not at the very top.
  const outOf = group(edges, 'from', 'to');
  for (const id of ids) {
    if ((into.get(id) ?? []).length > 0) continue;
    const below = (outOf.get(id) ?? []).map(target => layer.get(target) ?? 0);
    if (below.length > 0) layer.set(id, Math.max(0, Math.min(...below) - 1));
  }
  const rows: string[][] = [];
  for (const id of ids) (rows[layer.get(id) ?? 0] ??= []).push(id);
  return Array.from(rows, row => row ?? []).filter(row => row.length > 0);
}

function orderLayers(layers: string[][], edges: readonly GraphEdge[]): string[][] {
  const into = group(edges, 'to', 'from');
  const outOf = group(edges, 'from', 'to');
  let ordered = layers;
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const neighbours = sweep % 2 === 0 ? into : outOf;
    const place = new Map(ordered.flatMap(row => row.map((id, index) => [id, index - (row.length - 1) / 2] as const)));
    ordered = ordered.map(row => {
      const weight = new Map(row.map(id => [id, mean((neighbours.get(id) ?? []).map(other => place.get(other) ?? 0)) ?? place.get(id) ?? 0]));
      return [...row].sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
    });
  }
  return ordered;
}

function group(edges: readonly GraphEdge[], by: 'from' | 'to', value: 'from' | 'to'): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const edge of edges) {
    const members = groups.get(edge[by]) ?? [];
    members.push(edge[value]);
    groups.set(edge[by], members);
  }
  return groups;
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
