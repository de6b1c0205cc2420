import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { Urn } from '@stratalab/contracts';
import type { Pipeline } from '@stratalab/contracts/pipelines';
import {
  confirmDestructive,
  ObjectPage,
  ProblemNotice,
  QueryNotice,
  useQuery,
  useSuite,
  useTexts,
  type ObjectAction,
  type ObjectPageComponent,
  type QueryState,
  type StatusChipProps
} from '@stratalab/lab-kit';
import * as React from 'react';
import { pipelineIcon } from '../icons';
import { lineageCommands } from './command-ids';
import { EditorTab } from './editor/editor-tab';
import { slotText } from './run-words';
import { RunsTab } from './runs-tab';
import { useAction } from './use-action';
import { usePipelines } from './use-pipelines';
import { VersionsTab } from './versions-tab';

/** The page of a pipeline, with Lab's editor in it. */
export function createPipelinePage(services: IEditorServices): ObjectPageComponent {
  return function PipelinePage({ urn }) {
    const client = usePipelines();
    const pipeline = useQuery(`pipeline ${urn.tenant} ${urn.name}`, (_chosen, signal) => client.getPipeline({ params: { tenant: urn.tenant, pipeline: urn.name } }, { signal }), {
      refreshOn: ['pipeline.']
    });
    if (pipeline.data === undefined) return <QueryNotice query={pipeline} />;
    return <PipelineView urn={urn} query={pipeline} pipeline={pipeline.data} services={services} />;
  };
}

interface PipelineViewProps {
  readonly urn: Urn;
  readonly query: QueryState<Pipeline>;
  readonly pipeline: Pipeline;
  readonly services: IEditorServices;
}

interface Draft {
  readonly text: string;
  readonly baseVersion: number;
}

function PipelineView({ urn, query, pipeline, services }: PipelineViewProps): React.JSX.Element {
  const { commands, translator } = useSuite();
  const texts = useTexts();
  const client = usePipelines();
  const action = useAction();
  const { tenant } = urn;
  const [draft, setDraft] = React.useState<Draft>({ text: pipeline.document, baseVersion: pipeline.version });
  // A new round shows the first tab, with the draft as it is.
  const [round, setRound] = React.useState(0);
  // What nobody touched follows what others save; what somebody touched stays, and saving it says that there is a newer version.
  const shown = React.useRef(pipeline);
  React.useEffect(() => {
    const before = shown.current;
    shown.current = pipeline;
    setDraft(current => (current.text === before.document ? { text: pipeline.document, baseVersion: pipeline.version } : current));
  }, [pipeline]);
  const run = (): void => action.run(async () => commands.execute(lineageCommands.runPipeline, { pipeline: pipeline.name }));
  const saved = (next: Pipeline): void => {
    setDraft({ text: next.document, baseVersion: next.version });
    query.reload();
  };
  const params = { tenant, pipeline: pipeline.name };
  const remove = async (): Promise<void> => {
    const isSure = await confirmDestructive({
      translator,
      title: texts.__('Delete the pipeline %1?', pipeline.name),
      verb: texts.__('Delete'),
      blastRadius: [texts._n('%1 version of its document', '%1 versions of its document', pipeline.version), texts.__('The history of its runs; the datasets it made stay')]
    });
    if (isSure) action.run(() => client.deletePipeline({ params }).then(query.reload));
  };
  const more: ObjectAction[] = [
    ...(pipeline.schedule === null ? [] : [pauseAction(pipeline.schedule.isPaused)]),
    { label: texts.__('Show lineage'), onClick: () => void commands.execute(lineageCommands.showLineage, { urn: pipeline.urn }) },
    { label: texts.__('Delete…'), onClick: () => void remove() }
  ];
  function pauseAction(isPaused: boolean): ObjectAction {
    return {
      label: isPaused ? texts.__('Resume the schedule') : texts.__('Pause the schedule'),
      onClick: () => action.run(() => client.setPipelinePaused({ params, body: { isPaused: !isPaused } }).then(query.reload))
    };
  }
  return (
    <ObjectPage
      key={round}
      query={query}
      icon={pipelineIcon}
      name={pipeline.name}
      chips={[`v${pipeline.version}`, ...(pipeline.isSample ? [texts.__('sample')] : [])]}
      status={scheduleStatus(pipeline, texts, translator.languageCode.replace('_', '-'))}
      owner={pipeline.createdBy}
      createdAt={pipeline.updatedAt}
      primary={{ label: texts.__('Run now'), onClick: run, isDisabled: action.isBusy }}
      more={more}
      lineage={
        <>
          {pipeline.description !== '' && <p className="jp-Strata-description">{pipeline.description}</p>}
          {action.problem !== undefined && <ProblemNotice problem={action.problem} />}
        </>
      }
      tabs={[
        {
          id: 'steps',
          label: texts.__('Steps'),
          count: pipeline.definition.steps.length,
          render: () => <EditorTab pipeline={pipeline} services={services} tenant={tenant} draft={draft} onDraft={setDraft} onSaved={saved} />
        },
        { id: 'runs', label: texts.__('Runs'), render: () => <RunsTab tenant={tenant} pipeline={pipeline.name} onRun={run} /> },
        {
          id: 'versions',
          label: texts.__('Versions'),
          count: pipeline.version,
          render: () => (
            <VersionsTab
              pipeline={pipeline}
              tenant={tenant}
              onRestore={document => {
                setDraft({ text: document, baseVersion: pipeline.version });
                setRound(before => before + 1);
              }}
            />
          )
        }
      ]}
    />
  );
}

/** When it runs next, in one sentence. */
function scheduleStatus(pipeline: Pipeline, texts: ReturnType<typeof useTexts>, locale: string): StatusChipProps {
  const { schedule } = pipeline;
  if (schedule === null) return { tone: 'neutral', label: texts.__('No schedule'), sentence: texts.__('Runs when somebody asks for it.') };
  if (schedule.isPaused) return { tone: 'warn', label: texts.__('Paused'), sentence: texts.__('The schedule %1 waits until somebody resumes it.', schedule.cron) };
  const next = schedule.nextRunAt;
  return { tone: 'good', label: texts.__('Scheduled'), sentence: next === null ? '' : texts.__('Runs next on %1', slotText(next, schedule.timeZone, locale)) };
}
