import type { LineageNode } from '@stratalab/contracts/catalog';
import { shellCommands, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { kindName, labelOf, type ShownGraph } from './graph';

export interface LineageListProps {
  readonly graph: ShownGraph;
  readonly search: string;
  readonly found: ReadonlySet<string>;
  readonly busy: string | undefined;
  readonly onExpand: (urn: string) => void;
}

/** The same neighbourhood in words, for keyboards and screen readers: what it was made from, then what was made from it, nearest first. */
export function LineageList(props: LineageListProps): React.JSX.Element {
  const texts = useTexts();
  const nodes = [...props.graph.nodes.values()].filter(({ urn }) => urn !== props.graph.root && (props.search.trim() === '' || props.found.has(urn)));
  const of = (side: LineageNode['side']): LineageNode[] => nodes.filter(node => node.side === side).sort((a, b) => a.depth - b.depth || a.name.localeCompare(b.name));
  return (
    <div className="jp-Strata-lineageList">
      <Side title={texts.__('Made from')} nodes={of('up')} {...props} />
      <Side title={texts.__('Used by')} nodes={of('down')} {...props} />
    </div>
  );
}

function Side({ title, nodes, graph, busy, onExpand }: LineageListProps & { readonly title: string; readonly nodes: readonly LineageNode[] }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  return (
    <section>
      <h3>{title}</h3>
      {nodes.length === 0 && <p className="jp-Strata-caption">{texts.__('nothing yet')}</p>}
      <ul className="jp-Strata-plainList">
        {nodes.map(node => (
          <li key={node.urn} style={{ paddingLeft: (node.depth - 1) * 12 }}>
            <button className="jp-Strata-link" title={node.urn} onClick={() => void commands.execute(shellCommands.openObject, { urn: node.urn })}>
              {labelOf(node)}
            </button>{' '}
            <span className="jp-Strata-caption">{kindName(node.kind, texts)}</span>
            {!graph.expanded.has(node.urn) && (
              <button className="jp-Strata-quiet" disabled={busy === node.urn} aria-label={texts.__('Show what is around %1', labelOf(node))} onClick={() => onExpand(node.urn)}>
                +
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
