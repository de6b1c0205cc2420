import type { SearchMode } from '@stratalab/contracts/agents';
import { EmptyState, ProblemNotice, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { deployModelCommand } from '../commands/command-ids';
import { SourcePane, type ShownSource } from '../source/source-pane';
import { AnswerView } from './answer-view';
import { CandidatesTable } from './candidates-table';
import { Prompt } from './prompt';
import { useAsk } from './use-ask';
import { useEndpoints } from './use-endpoints';

interface BenchProps {
  readonly params: { readonly tenant: string; readonly collection: string };
  readonly isSearchable: boolean;
}

const smallestK = 1;
const largestK = 20;
const modes: readonly SearchMode[] = ['hybrid', 'dense', 'bm25'];

/** The test bench of a collection: a question, the answer with its citations, and every candidate that was considered. */
export function Bench({ params, isSearchable }: BenchProps): React.JSX.Element {
  const texts = useTexts();
  if (!isSearchable) return <EmptyState text={texts.__('Nothing can be searched yet. Add documents, or wait until they are read.')} />;
  return <SearchableBench params={params} />;
}

function SearchableBench({ params }: Pick<BenchProps, 'params'>): React.JSX.Element {
  const texts = useTexts();
  const endpoints = useEndpoints(params.tenant);
  const bench = useAsk(params);
  const [question, setQuestion] = React.useState('');
  const [chosen, setChosen] = React.useState<string>();
  const [k, setK] = React.useState(4);
  const [mode, setMode] = React.useState<SearchMode>('hybrid');
  const [source, setSource] = React.useState<ShownSource>();

  const available = endpoints.data ?? [];
  const endpoint = available.find(candidate => candidate.name === chosen) ?? available[0];
  const isReady = question.trim() !== '' && bench.busy === undefined;
  const input = { question: question.trim(), endpoint: endpoint?.name, k, mode };
  const ask = (): void => {
    if (!isReady) return;
    setSource(undefined);
    if (endpoint === undefined) bench.search(input);
    else bench.ask({ ...input, endpoint: endpoint.name });
  };
  const modeNames: Readonly<Record<SearchMode, string>> = { hybrid: texts.__('Meaning and words'), dense: texts.__('Meaning only'), bm25: texts.__('Words only') };
  return (
    <div className="jp-Strata-bench">
      <div className="jp-Strata-benchMain">
        <textarea
          className="jp-mod-styled"
          aria-label={texts.__('Question')}
          placeholder={texts.__('Ask this collection something')}
          rows={2}
          value={question}
          onChange={event => setQuestion(event.target.value)}
          onKeyDown={event => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            ask();
          }}
        />
        <div className="jp-Strata-row">
          {available.length > 0 && (
            <label className="jp-Strata-field">
              {texts.__('Endpoint')}
              <select className="jp-mod-styled" value={endpoint?.name} onChange={event => setChosen(event.target.value)}>
                {available.map(candidate => (
                  <option key={candidate.name} value={candidate.name}>
                    {candidate.isReady ? candidate.name : texts.__('%1 (not ready)', candidate.name)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <label className="jp-Strata-field">
            {texts.__('Passages')}
            <input
              className="jp-mod-styled"
              type="number"
              min={smallestK}
              max={largestK}
              value={k}
              onChange={event => setK(Math.min(largestK, Math.max(smallestK, Math.round(event.target.valueAsNumber || smallestK))))}
            />
          </label>
          <label className="jp-Strata-field">
            {texts.__('Search by')}
            <select className="jp-mod-styled" value={mode} onChange={event => setMode(modes.find(candidate => candidate === event.target.value) ?? 'hybrid')}>
              {modes.map(candidate => (
                <option key={candidate} value={candidate}>
                  {modeNames[candidate]}
                </option>
              ))}
            </select>
          </label>
          <span className="jp-Strata-spring" />
          {bench.busy !== undefined && (
            <button className="jp-mod-styled" onClick={bench.stop}>
              {texts.__('Stop')}
            </button>
          )}
          <button className="jp-mod-styled" disabled={!isReady} onClick={() => bench.search(input)}>
            {bench.busy === 'search' ? texts.__('Searching') : texts.__('Search only')}
          </button>
          <button className="jp-mod-styled jp-mod-accept" disabled={!isReady || endpoint === undefined} onClick={ask}>
            {bench.busy === 'ask' ? texts.__('Asking') : texts.__('Ask')}
          </button>
        </div>
        {endpoints.data?.length === 0 && <NoEndpoint />}
        {endpoints.problem !== undefined && <ProblemNotice problem={endpoints.problem} onRetry={endpoints.reload} />}
        {bench.problem !== undefined && <ProblemNotice problem={bench.problem} />}
        {bench.busy !== undefined && bench.trace === undefined && <div className="jp-Strata-skeleton" aria-busy="true" />}
        <div className={bench.busy === undefined ? 'jp-Strata-result' : 'jp-Strata-result jp-mod-stale'}>
          {bench.answer !== undefined && <AnswerView tenant={params.tenant} answer={bench.answer} onSource={setSource} />}
          {bench.trace !== undefined && <CandidatesTable trace={bench.trace} onSource={setSource} />}
          {bench.answer !== undefined && <Prompt messages={bench.answer.messages} />}
        </div>
      </div>
      {source !== undefined && <SourcePane params={params} source={source} onClose={() => setSource(undefined)} />}
    </div>
  );
}

/** Without a chat endpoint passages can be searched; one click leads to a model that answers. */
function NoEndpoint(): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const canDeploy = commands.hasCommand(deployModelCommand);
  return (
    <div className="jp-Strata-notice jp-Strata-row">
      <span>{texts.__('Answers need a chat model. Passages can be searched without one.')}</span>
      <span className="jp-Strata-spring" />
      {canDeploy && (
        <button className="jp-mod-styled" onClick={() => void commands.execute(deployModelCommand)}>
          {texts.__('Deploy a model')}
        </button>
      )}
    </div>
  );
}
