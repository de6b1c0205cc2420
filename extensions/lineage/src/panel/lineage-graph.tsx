import { shellCommands, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { kindName, labelOf, type ShownGraph } from './graph';
import { layoutGraph, type PlacedNode } from './layout';

export interface LineageGraphProps {
  readonly graph: ShownGraph;
  readonly found: ReadonlySet<string>;
  readonly busy: string | undefined;
  readonly onExpand: (urn: string) => void;
}

const size = { nodeWidth: 164, nodeHeight: 40, gapX: 14, gapY: 34 };
const margin = 12;

/** The neighbourhood as a drawing, sources on top; each box opens its object, its plus shows one hop more. */
export function LineageGraphView({ graph, found, busy, onExpand }: LineageGraphProps): React.JSX.Element {
  const texts = useTexts();
  const scroller = React.useRef<HTMLDivElement>(null);
  const layout = React.useMemo(() => layoutGraph([...graph.nodes.keys()], graph.edges, size), [graph]);
  const places = new Map(layout.nodes.map(node => [node.id, node]));
  const width = layout.width + 2 * margin;
  const height = layout.height + 2 * margin;
  const root = places.get(graph.root);
  React.useEffect(() => {
    const element = scroller.current;
    if (element === null || root === undefined) return;
    element.scrollTo?.({ left: root.x + margin + size.nodeWidth / 2 - element.clientWidth / 2, top: root.y + margin - element.clientHeight / 3 });
    // Only when another object came to the front: a hop more must not move what one looks at.
  }, [graph.root]);
  const hasSearch = found.size > 0;
  return (
    <div className="jp-Strata-graph" ref={scroller}>
      <svg width={width} height={height} viewBox={`${-margin} ${-margin} ${width} ${height}`} role="group" aria-label={texts.__('Lineage graph')}>
        <defs>
          <marker id="jp-strata-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8z" className="jp-Strata-arrow" />
          </marker>
        </defs>
        {graph.edges.map(({ from, to }) => {
          const start = places.get(from);
          const end = places.get(to);
          return start === undefined || end === undefined ? null : (
            <path key={`${from} ${to}`} className="jp-Strata-edge" d={curve(start, end)} markerEnd="url(#jp-strata-arrow)" aria-hidden="true" />
          );
        })}
        {layout.nodes.map(place => (
          <Node key={place.id} place={place} graph={graph} isDim={hasSearch && !found.has(place.id)} isBusy={busy === place.id} onExpand={onExpand} />
        ))}
      </svg>
    </div>
  );
}

interface NodeProps {
  readonly place: PlacedNode;
  readonly graph: ShownGraph;
  readonly isDim: boolean;
  readonly isBusy: boolean;
  readonly onExpand: (urn: string) => void;
}

function Node({ place, graph, isDim, isBusy, onExpand }: NodeProps): React.JSX.Element | null {
  const { commands } = useSuite();
  const texts = useTexts();
  const node = graph.nodes.get(place.id);
  if (node === undefined) return null;
  const isRoot = node.urn === graph.root;
  // Whether there is more on its other side is known when somebody asks.
  const canGrow = !graph.expanded.has(node.urn);
  const open = (): void => void commands.execute(shellCommands.openObject, { urn: node.urn });
  const grow = (): void => onExpand(node.urn);
  const name = labelOf(node);
  return (
    <g transform={`translate(${place.x} ${place.y})`} className={`jp-Strata-node jp-mod-${node.kind}${isRoot ? ' jp-mod-root' : ''}${isDim ? ' jp-mod-dim' : ''}`}>
      <g
        role="button"
        tabIndex={0}
        aria-label={texts.__('Open %1 %2', kindName(node.kind, texts), name)}
        aria-current={isRoot}
        onClick={open}
        onKeyDown={event => pressed(event, open)}
      >
        <title>{node.urn}</title>
        <rect width={size.nodeWidth} height={size.nodeHeight} rx={4} />
        <text x={10} y={16} className="jp-Strata-nodeKind">
          {kindName(node.kind, texts)}
        </text>
        <text x={10} y={31}>
          {name}
        </text>
      </g>
      {canGrow && (
        <g
          role="button"
          tabIndex={0}
          className="jp-Strata-grow"
          transform={`translate(${size.nodeWidth - 12} 12)`}
          aria-label={texts.__('Show what is around %1', name)}
          aria-busy={isBusy}
          onClick={grow}
          onKeyDown={event => pressed(event, grow)}
        >
          <title>{texts.__('Show what is around it')}</title>
          <circle r={8} />
          <text y={4} textAnchor="middle">
            {isBusy ? '…' : '+'}
          </text>
        </g>
      )}
    </g>
  );
}

function pressed(event: React.KeyboardEvent, act: () => void): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  act();
}

/** From the lower edge of one box to the upper edge of the other. */
function curve(from: PlacedNode, to: PlacedNode): string {
  const x1 = from.x + size.nodeWidth / 2;
  const y1 = from.y + size.nodeHeight;
  const x2 = to.x + size.nodeWidth / 2;
  const y2 = to.y - 2;
  const bend = Math.max(16, Math.abs(y2 - y1) / 2);
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}
