import { parseUrn, type Urn } from '@stratalab/contracts';
import type { BlastRadius } from '@stratalab/contracts/catalog';
import { EmptyState, formatAmount, QueryNotice, shellCommands, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import type { FrontObject } from './front-object';
import { kindName, labelOf, matching, nameOfUrn } from './graph';
import { LineageGraphView } from './lineage-graph';
import { LineageList } from './lineage-list';
import { useLineage } from './use-lineage';

/** The neighbourhood of whatever object is in front. */
export function LineagePanel({ front }: { readonly front: FrontObject }): React.JSX.Element {
  const texts = useTexts();
  const [text, setText] = React.useState(front.urn);
  React.useEffect(() => {
    setText(front.urn);
    const follow = (_sender: FrontObject, urn: string | undefined): void => setText(urn);
    front.changed.connect(follow);
    return () => {
      front.changed.disconnect(follow);
    };
  }, [front]);
  const urn = text === undefined ? undefined : parseUrn(text);
  if (text === undefined || urn === undefined) {
    return <EmptyState text={texts.__('Open a dataset, pipeline, job, model, endpoint or answer: what it was made from and what was made from it is drawn here.')} />;
  }
  return <Neighbourhood key={text} text={text} urn={urn} />;
}

type View = 'graph' | 'list';

function Neighbourhood({ text, urn }: { readonly text: string; readonly urn: Urn }): React.JSX.Element {
  const texts = useTexts();
  const state = useLineage(text, urn.tenant);
  const [search, setSearch] = React.useState('');
  const [view, setView] = React.useState<View>('graph');
  const { graph } = state;
  const found = React.useMemo(() => (graph === undefined ? new Set<string>() : matching(graph, search)), [graph, search]);
  return (
    <div className="jp-Strata-lineagePanel">
      <header>
        <h2 title={text}>{labelOf({ name: urn.name, version: urn.version ?? null })}</h2>
        <p className="jp-Strata-caption">{kindName(urn.kind, texts)}</p>
        <Blast blast={state.blast} />
      </header>
      <div className="jp-Strata-row">
        <input
          className="jp-mod-styled"
          type="search"
          aria-label={texts.__('Search in this lineage')}
          placeholder={texts.__('Search in this lineage')}
          value={search}
          onChange={event => setSearch(event.target.value)}
        />
        <div className="jp-Strata-switch" role="group" aria-label={texts.__('View')}>
          <button aria-pressed={view === 'graph'} onClick={() => setView('graph')}>
            {texts.__('Graph')}
          </button>
          <button aria-pressed={view === 'list'} onClick={() => setView('list')}>
            {texts.__('List')}
          </button>
        </div>
      </div>
      {search.trim() !== '' && (
        <p className="jp-Strata-caption" role="status">
          {texts._n('%1 object found', '%1 objects found', found.size)}
        </p>
      )}
      <QueryNotice query={{ ...state, data: graph }} />
      {graph !== undefined && view === 'graph' && <LineageGraphView graph={graph} found={found} busy={state.busy} onExpand={state.expand} />}
      {graph !== undefined && view === 'list' && <LineageList graph={graph} search={search} found={found} busy={state.busy} onExpand={state.expand} />}
      {graph !== undefined && graph.nodes.size <= 1 && <p className="jp-Strata-caption">{texts.__('Nothing is recorded about where it came from or who uses it.')}</p>}
      {graph?.isTruncated === true && <p className="jp-Strata-caption">{texts.__('Only the nearest objects are shown.')}</p>}
    </div>
  );
}

/** How much depends on it: the number first, the nearest by name on demand. */
function Blast({ blast }: { readonly blast: BlastRadius | undefined }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  if (blast === undefined) return <p className="jp-Strata-caption">…</p>;
  if (blast.total === 0) return <p className="jp-Strata-caption">{texts.__('Nothing was made from it.')}</p>;
  return (
    <details className="jp-Strata-blast">
      <summary>
        {texts._n('%2 object depends on it', '%2 objects depend on it', blast.total, formatAmount(blast.total))}
        <span className="jp-Strata-caption"> {blast.byKind.map(({ kind, count }) => `${formatAmount(count)} ${kindName(kind, texts)}`).join(' · ')}</span>
      </summary>
      <ul className="jp-Strata-plainList">
        {blast.items.map(({ urn }) => (
          <li key={urn}>
            <button className="jp-Strata-link" title={urn} onClick={() => void commands.execute(shellCommands.openObject, { urn })}>
              {nameOfUrn(urn)}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
