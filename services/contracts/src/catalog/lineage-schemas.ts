import { Type, type Static } from 'typebox';
import { choice, closed, nullable } from '../fields.ts';
import { objectKinds } from '../urn.ts';
import { UrnText } from '../urn-text.ts';

export const LineageDirection = choice(['up', 'down', 'both'], { description: 'up: what it was made from; down: what was made from it' });
export type LineageDirection = Static<typeof LineageDirection>;

export const LineageNode = closed(
  {
    urn: UrnText,
    kind: choice(objectKinds),
    name: Type.String(),
    version: nullable(Type.String()),
    depth: Type.Integer({ minimum: 0, description: 'Hops from the object that was asked about' }),
    side: choice(['self', 'up', 'down']),
    hasMore: Type.Boolean({ description: 'There are neighbours beyond the depth of this answer' })
  },
  { $id: 'LineageNode' }
);
export type LineageNode = Static<typeof LineageNode>;
export const LineageEdge = closed({ from: UrnText, to: UrnText }, { $id: 'LineageEdge', description: '`to` was made from `from`' });
export type LineageEdge = Static<typeof LineageEdge>;
export const LineageGraph = closed(
  { root: UrnText, nodes: Type.Array(LineageNode), edges: Type.Array(LineageEdge), isTruncated: Type.Boolean() },
  { $id: 'LineageGraph', description: 'At most 500 nodes, the nearest first' }
);
export type LineageGraph = Static<typeof LineageGraph>;

export const BlastRadius = closed(
  {
    urn: UrnText,
    total: Type.Integer({ minimum: 0, description: 'Objects made from it, directly or not; 1000 means at least that many' }),
    byKind: Type.Array(closed({ kind: choice(objectKinds), count: Type.Integer({ minimum: 1 }) })),
    items: Type.Array(closed({ urn: UrnText, depth: Type.Integer({ minimum: 1 }) }), { description: 'The nearest 50' })
  },
  { $id: 'BlastRadius' }
);
export type BlastRadius = Static<typeof BlastRadius>;
