import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { DocumentProblem, Pipeline, QueryAnswer, Validation } from '@stratalab/contracts/pipelines';
import { ProblemNotice, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useAction } from '../use-action';
import { usePipelines } from '../use-pipelines';
import { addStep, readDraft, removeStep, setSchedule, setStepField } from './document-edit';
import { ProblemsList } from './problems-list';
import { RowsTable } from './rows-table';
import { ScheduleForm } from './schedule-form';
import { SqlEditor } from './sql-editor';
import { StepForm } from './step-form';
import { StepList, type Selection } from './step-list';

export interface EditorTabProps {
  readonly pipeline: Pipeline;
  readonly services: IEditorServices;
  readonly tenant: string;
  readonly onSaved: (pipeline: Pipeline) => void;
  /** Text that is not saved; survives a change of the tab. */
  readonly draft: { readonly text: string; readonly baseVersion: number };
  readonly onDraft: (draft: { readonly text: string; readonly baseVersion: number }) => void;
}

const validateAfterMs = 600;

/** The document of a pipeline, step by step or as text; checked while one writes, kept on request. */
export function EditorTab(props: EditorTabProps): React.JSX.Element {
  const { services, tenant, draft, pipeline } = props;
  const texts = useTexts();
  const client = usePipelines();
  const { text } = draft;
  const shown = React.useMemo(() => readDraft(text), [text]);
  const [selection, setSelection] = React.useState<Selection>({ kind: 'step', index: 0 });
  const [place, setPlace] = React.useState<{ line: number; column: number }>();
  const [preview, setPreview] = React.useState<{ step: string; answer: QueryAnswer }>();
  const validation = useValidation(text, tenant);
  const saving = useAction();
  const previewing = useAction();
  const isDirty = text !== pipeline.document;
  const change = (next: string): void => props.onDraft({ text: next, baseVersion: draft.baseVersion });
  const current = selection.kind === 'step' ? shown.steps[selection.index] : undefined;
  const problems = validation?.problems ?? [];
  const show = (problem: DocumentProblem): void => {
    const index = shown.steps.findIndex(({ name }) => name === problem.step);
    if (problem.path.startsWith('schedule')) setSelection({ kind: 'schedule' });
    else if (index >= 0) setSelection({ kind: 'step', index });
    else setSelection({ kind: 'document' });
    if (problem.line !== null) setPlace({ line: problem.line, column: problem.column ?? 1 });
  };
  const save = (): void =>
    saving.run(async () => {
      const saved = await client.updatePipeline({ params: { tenant, pipeline: pipeline.name }, body: { document: text, baseVersion: draft.baseVersion } });
      props.onSaved(saved);
    });
  const showRows = (step: string): void =>
    previewing.run(async () => {
      setPreview(undefined);
      setPreview({ step, answer: await client.previewStep({ params: { tenant }, body: { document: text, step } }) });
    });
  return (
    <div className="jp-Strata-pipelineEditor">
      <StepList
        draft={shown}
        problems={problems}
        selection={selection}
        onSelect={next => {
          setSelection(next);
          setPlace(undefined);
          previewing.clear();
        }}
        onAdd={() => {
          change(addStep(text));
          setSelection({ kind: 'step', index: shown.steps.length });
        }}
      />
      <div className="jp-Strata-stepArea">
        {selection.kind === 'step' && current !== undefined && (
          <StepForm
            key={selection.index}
            index={selection.index}
            step={current}
            validated={validation?.steps.find(({ name }) => name === current.name)}
            services={services}
            place={place}
            isOnly={shown.steps.length === 1}
            onField={(field, value) => change(setStepField(text, selection.index, { field, value }))}
            onRemove={() => {
              change(removeStep(text, selection.index));
              setSelection({ kind: 'step', index: Math.max(0, selection.index - 1) });
            }}
            onPreview={() => showRows(current.name)}
            isPreviewing={previewing.isBusy}
          />
        )}
        {selection.kind === 'schedule' && (
          <ScheduleForm
            schedule={shown.schedule}
            nextRuns={validation?.nextRuns ?? []}
            problem={problems.find(({ path }) => path.startsWith('schedule'))?.message}
            onChange={schedule => change(setSchedule(text, schedule))}
          />
        )}
        {(selection.kind === 'document' || shown.isBroken) && (
          <SqlEditor services={services} value={text} mimeType="text/x-yaml" label={texts.__('Document of the pipeline')} onChange={change} place={place} />
        )}
        {previewing.problem !== undefined && <ProblemNotice problem={previewing.problem} />}
        {previewing.isBusy && <div className="jp-Strata-skeleton" aria-busy="true" />}
        {preview !== undefined && selection.kind === 'step' && preview.step === current?.name && <RowsTable answer={preview.answer} />}
      </div>
      <footer className="jp-Strata-editorFoot">
        <ProblemsList validation={validation} onShow={show} />
        {saving.problem !== undefined && <ProblemNotice problem={saving.problem} />}
        <div className="jp-Strata-row">
          <button className="jp-mod-styled jp-mod-accept" disabled={!isDirty || saving.isBusy} onClick={save}>
            {texts.__('Save as version %1', draft.baseVersion + 1)}
          </button>
          {isDirty && (
            <button className="jp-mod-styled jp-mod-minimal" onClick={() => props.onDraft({ text: pipeline.document, baseVersion: pipeline.version })}>
              {texts.__('Discard changes')}
            </button>
          )}
          <span className="jp-Strata-caption" role="status">
            {isDirty ? texts.__('Not saved yet; runs use version %1.', pipeline.version) : texts.__('Saved')}
          </span>
        </div>
      </footer>
    </div>
  );
}

/** What is wrong with the text, a moment after the last key. */
function useValidation(text: string, tenant: string): Validation | undefined {
  const client = usePipelines();
  const [validation, setValidation] = React.useState<Validation>();
  React.useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      client.validatePipeline({ params: { tenant }, body: { document: text } }, { signal: abort.signal }).then(
        answer => !abort.signal.aborted && setValidation(answer),
        // The service is away for a moment: saving will say so.
        () => undefined
      );
    }, validateAfterMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [client, text, tenant]);
  return validation;
}
