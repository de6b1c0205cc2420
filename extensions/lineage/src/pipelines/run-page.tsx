import type { Urn } from '@stratalab/contracts';
import type { PipelineRun, RunStep } from '@stratalab/contracts/pipelines';
import {
  LogView,
  ObjectPage,
  ProblemNotice,
  QueryNotice,
  shellCommands,
  StatusChip,
  useQuery,
  useSuite,
  useTexts,
  formatAmount,
  type ObjectAction,
  type QueryState,
  type ReadLog
} from '@stratalab/lab-kit';
import * as React from 'react';
import { pipelineIcon } from '../icons';
import { nameOfUrn } from '../panel/graph';
import { lineageCommands } from './command-ids';
import { durationText, isLiving, runSentence, slotText, stateWords, triggerWords } from './run-words';
import { useAction } from './use-action';
import { usePipelines, type PipelinesClient } from './use-pipelines';

/** The page of one run: how it stands, what each step read and made, and what it said. */
export function RunPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const client = usePipelines();
  const params = { tenant: urn.tenant, run: urn.name };
  const run = useQuery(`pipeline-run ${urn.tenant} ${urn.name}`, (_chosen, signal) => client.getRun({ params }, { signal }), { refreshOn: ['pipeline-run.'] });
  if (run.data === undefined) return <QueryNotice query={run} />;
  return <RunView urn={urn} query={run} run={run.data} client={client} />;
}

interface RunViewProps {
  readonly urn: Urn;
  readonly query: QueryState<PipelineRun>;
  readonly run: PipelineRun;
  readonly client: PipelinesClient;
}

function RunView({ urn, query, run, client }: RunViewProps): React.JSX.Element {
  const { commands, translator } = useSuite();
  const texts = useTexts();
  const action = useAction();
  const params = { tenant: urn.tenant, run: run.id };
  const open = (text: string): void => void commands.execute(shellCommands.openObject, { urn: text });
  const pipelineUrn = `urn:strata:${urn.tenant}:pipeline:${run.pipeline}`;
  const rerun = (): void => action.run(() => client.rerunFromFailed({ params }).then(next => open(next.urn)));
  const primary: ObjectAction = isLiving(run.state)
    ? { label: texts.__('Cancel'), isDisabled: action.isBusy, onClick: () => action.run(() => client.cancelRun({ params }).then(query.reload)) }
    : run.state === 'succeeded'
      ? {
          label: texts.__('Run again'),
          isDisabled: action.isBusy,
          onClick: () => action.run(async () => commands.execute(lineageCommands.runPipeline, { pipeline: run.pipeline }))
        }
      : { label: texts.__('Run again from what failed'), isDisabled: action.isBusy, onClick: rerun };
  const locale = translator.languageCode.replace('_', '-');
  const readLog = React.useMemo(() => createReadLog(client, params, locale, () => isLiving(run.state)), [client, urn.tenant, run.id, run.state, locale]);
  return (
    <ObjectPage
      query={query}
      icon={pipelineIcon}
      name={`${run.pipeline} · ${run.id.slice(-6)}`}
      chips={[`v${run.version}`, triggerWords(run.trigger, texts)]}
      status={{ ...stateWords(run.state, texts), sentence: runSentence(run, texts) }}
      owner={run.createdBy}
      createdAt={run.createdAt}
      primary={primary}
      more={[
        { label: texts.__('Open the pipeline'), onClick: () => open(pipelineUrn) },
        { label: texts.__('Show lineage'), onClick: () => void commands.execute(lineageCommands.showLineage, { urn: run.urn }) },
        ...(run.rerunOf === null ? [] : [{ label: texts.__('Open the run before'), onClick: () => open(`urn:strata:${urn.tenant}:pipeline-run:${run.rerunOf ?? ''}`) }])
      ]}
      lineage={
        <>
          {run.logicalDate !== null && <p className="jp-Strata-caption">{texts.__('Scheduled for %1', slotText(run.logicalDate, 'UTC', locale))}</p>}
          {action.problem !== undefined && <ProblemNotice problem={action.problem} />}
        </>
      }
      tabs={[
        { id: 'steps', label: texts.__('Steps'), count: run.steps.length, render: () => <Steps steps={run.steps} onOpen={open} /> },
        {
          id: 'log',
          label: texts.__('Log'),
          render: () => <LogView read={readLog} parts={[{ id: 'all', label: texts.__('all steps') }, ...run.steps.map(({ name }) => ({ id: name, label: name }))]} />
        }
      ]}
    />
  );
}

function Steps({ steps, onOpen }: { readonly steps: readonly RunStep[]; readonly onOpen: (urn: string) => void }): React.JSX.Element {
  const texts = useTexts();
  const now = Date.now();
  return (
    <ol className="jp-Strata-plainList jp-Strata-steps">
      {steps.map(step => (
        <li key={step.name}>
          <div className="jp-Strata-row">
            <strong>{step.name}</strong>
            <StatusChip {...stateWords(step.state, texts)} sentence={attemptText(step, texts)} />
            <span className="jp-Strata-spring" />
            <span className="jp-Strata-caption">{durationText(step, now)}</span>
          </div>
          <p className="jp-Strata-flow">
            {step.inputs.map(urn => (
              <button key={urn} className="jp-Strata-link" title={urn} onClick={() => onOpen(urn)}>
                {nameOfUrn(urn)}
              </button>
            ))}
            {step.inputs.length > 0 && <span aria-hidden="true">→</span>}
            <Output step={step} onOpen={onOpen} />
          </p>
          {step.problem !== null && (
            <p className="jp-Strata-problem" role="alert">
              {step.problem.detail}
              {step.problem.hint !== null && <span className="jp-Strata-hint"> {step.problem.hint}</span>}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

function Output({ step, onOpen }: { readonly step: RunStep; readonly onOpen: (urn: string) => void }): React.JSX.Element {
  const texts = useTexts();
  const { urn, dataset, version, rowCount } = step.output;
  if (urn === null) return <span className="jp-Strata-caption">{texts.__('will make %1', dataset)}</span>;
  return (
    <>
      <button className="jp-Strata-link" title={urn} onClick={() => onOpen(urn)}>
        {`${dataset} @${version ?? ''}`}
      </button>
      {rowCount !== null && <span className="jp-Strata-caption">{texts._n('%2 row', '%2 rows', rowCount, formatAmount(rowCount))}</span>}
      {step.reusedFromRun !== null && <span className="jp-Strata-caption">{texts.__('used again from the run before')}</span>}
    </>
  );
}

function attemptText(step: RunStep, texts: ReturnType<typeof useTexts>): string {
  if (step.attempt <= 1) return '';
  return texts.__('attempt %1 of %2', step.attempt, Math.max(step.attempt, step.maxAttempts));
}

/** Lines of a run as text; the position of the last line is where to go on from. */
function createReadLog(client: PipelinesClient, params: { readonly tenant: string; readonly run: string }, locale: string, mayGrow: () => boolean): ReadLog {
  return async ({ part, offset, signal }) => {
    const { items } = await client.getRunLog({ params, query: { after: offset, ...(part === 'all' ? {} : { step: part }) } }, { signal });
    const text = items
      .map(line => `${new Date(line.time).toLocaleTimeString(locale)}  ${line.step ?? ''}${line.step === null ? '' : '  '}${line.text.replaceAll('\n', '\n    ')}\n`)
      .join('');
    return { text, nextOffset: items.at(-1)?.position ?? offset, isEnded: items.length === 0 && !mayGrow() };
  };
}
