import { parseUrn } from '@stratalab/contracts';
import type { LineageEdge, LineageGraph, LineageNode } from '@stratalab/contracts/catalog';
import type { TranslationBundle } from '@jupyterlab/translation';

/** The part of the graph that is on the screen. */
export interface ShownGraph {
  readonly root: string;
  readonly nodes: ReadonlyMap<string, LineageNode>;
  readonly edges: readonly LineageEdge[];
  /** Objects whose neighbours were asked for. */
  readonly expanded: ReadonlySet<string>;
  readonly isTruncated: boolean;
}

export function graphOf(answer: LineageGraph): ShownGraph {
  return { root: answer.root, nodes: new Map(answer.nodes.map(node => [node.urn, node])), edges: answer.edges, expanded: new Set([answer.root]), isTruncated: answer.isTruncated };
}

/** Adds the neighbours of one object; what is there already stays as it is. */
export function withNeighbours(graph: ShownGraph, urn: string, answer: LineageGraph): ShownGraph {
  const side = graph.nodes.get(urn)?.side ?? 'self';
  const depth = graph.nodes.get(urn)?.depth ?? 0;
  const nodes = new Map(graph.nodes);
  for (const node of answer.nodes) {
    if (!nodes.has(node.urn)) nodes.set(node.urn, { ...node, depth: depth + node.depth, side: side === 'self' ? node.side : side });
  }
  const known = new Set(graph.edges.map(edgeKey));
  const edges = [...graph.edges, ...answer.edges.filter(edge => !known.has(edgeKey(edge)))];
  return { ...graph, nodes, edges, expanded: new Set([...graph.expanded, urn]), isTruncated: graph.isTruncated || answer.isTruncated };
}

/** Objects whose name or kind holds every word. */
export function matching(graph: ShownGraph, search: string): ReadonlySet<string> {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  if (words.length === 0) return new Set();
  return new Set([...graph.nodes.values()].filter(node => words.every(word => `${node.name} ${node.kind}`.toLowerCase().includes(word))).map(({ urn }) => urn));
}

const longestLabel = 21;
const idPattern = /^[0-9a-z]{26}$/;

/** Name and version of an object as they fit a box: of an id its end, which differs most; a long name is shortened in the middle. */
export function labelOf(node: { readonly name: string; readonly version: string | null }): string {
  const version = node.version === null ? '' : ` @${node.version}`;
  if (idPattern.test(node.name)) return `…${node.name.slice(-6)}${version}`;
  const room = Math.max(8, longestLabel - version.length);
  const name = node.name.length <= room ? node.name : `${node.name.slice(0, Math.ceil(room / 2))}…${node.name.slice(1 - Math.floor(room / 2))}`;
  return `${name}${version}`;
}

/** What kind of thing it is, in the words of the product. */
export function kindName(kind: string, texts: TranslationBundle): string {
  const names: Readonly<Record<string, string>> = {
    dataset: texts.__('dataset'),
    pipeline: texts.__('pipeline'),
    'pipeline-run': texts.__('pipeline run'),
    job: texts.__('job'),
    run: texts.__('run'),
    experiment: texts.__('experiment'),
    model: texts.__('model'),
    deployment: texts.__('deployment'),
    endpoint: texts.__('endpoint'),
    collection: texts.__('collection'),
    document: texts.__('document'),
    answer: texts.__('answer'),
    agent: texts.__('agent'),
    source: texts.__('source')
  };
  return names[kind] ?? kind;
}

/** Readable name of an object that is only known by its URN. */
export function nameOfUrn(urn: string): string {
  const parsed = parseUrn(urn);
  return parsed === undefined ? urn : labelOf({ name: parsed.name, version: parsed.version ?? null });
}

function edgeKey(edge: LineageEdge): string {
  return `${edge.from} ${edge.to}`;
}
