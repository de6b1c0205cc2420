import { catalogRoutes } from '@stratalab/contracts/catalog';
import type { Problem } from '@stratalab/contracts';
import type { Job, JobInput } from '@stratalab/contracts/compute';
import { asProblem, ProblemNotice, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useCompute } from '../use-compute';
import { Field, NumberField, TextField } from './field';
import { FitLine } from './fit-line';
import { GpuKindField } from './gpu-kind-field';
import { LauncherField } from './launcher-field';
import { draftOf, inputOf, problemsOf, type JobDraft } from './job-draft';
import { DatasetRows, OutputRows } from './rows';
import { everywhere, useQueue } from './use-queue';

export interface SubmitFormProps {
  /** What the form is filled with at first. */
  readonly input: Partial<JobInput>;
  /** A job that waits and leaves the queue when this one is sent. */
  readonly insteadOf?: string | undefined;
  readonly onSubmitted: (job: Job) => void;
}

/** The form that runs a job: code, gang, what it reads and makes; says before it is sent whether it would start at once. */
export function SubmitForm({ input, insteadOf, onSubmitted }: SubmitFormProps): React.JSX.Element {
  const texts = useTexts();
  const [draft, setDraft] = React.useState(() => draftOf(input));
  const change = React.useCallback((part: Partial<JobDraft>) => setDraft(before => ({ ...before, ...part })), []);
  const queue = useQueue();
  const offered = queue ?? everywhere;
  const problems = problemsOf(draft, texts);
  const sending = useSending(draft, onSubmitted);
  const of = (field: keyof JobDraft): string | undefined => (sending.isTried ? problems.get(field) : undefined);
  return (
    <form
      className="jp-StrataJobs-form"
      aria-label={texts.__('Run a job')}
      onSubmit={event => {
        event.preventDefault();
        if (problems.size === 0) void sending.send();
        else sending.try();
      }}
    >
      <header className="jp-Strata-row">
        <h2>{texts.__('Run a job')}</h2>
        <span className="jp-Strata-spring" />
        <Templates onChoose={job => setDraft(draftOf(job))} />
      </header>
      <div className="jp-StrataJobs-columns">
        <div className="jp-StrataJobs-column">
          <TextField label={texts.__('Name')} value={draft.name} problem={of('name')} onChange={name => change({ name })} />
          <Field label={draft.kind === 'cell' ? texts.__('Code of the cell') : draft.fileName} problem={of('code')} isTall>
            <textarea className="jp-mod-styled jp-StrataJobs-source" spellCheck={false} rows={16} value={draft.code} onChange={event => change({ code: event.target.value })} />
          </Field>
        </div>
        <div className="jp-StrataJobs-column">
          <fieldset className="jp-Strata-frame">
            <legend>{texts.__('Processes')}</legend>
            <div className="jp-StrataJobs-numbers">
              <NumberField label={texts.__('How many')} value={draft.processes} minimum={1} problem={of('processes')} onChange={processes => change({ processes })} />
              <LauncherField value={draft.launcher} offered={offered.launchers} onChange={launcher => change({ launcher })} />
            </div>
            <div className="jp-StrataJobs-numbers">
              <NumberField label={texts.__('Cores each')} value={draft.cpu} minimum={0.1} step={0.1} problem={of('cpu')} onChange={cpu => change({ cpu })} />
              <NumberField label={texts.__('MiB each')} value={draft.memoryMiB} minimum={64} step={64} problem={of('memoryMiB')} onChange={memoryMiB => change({ memoryMiB })} />
              <NumberField label={texts.__('GPUs each')} value={draft.gpu} minimum={0} problem={of('gpu')} onChange={gpu => change({ gpu })} />
            </div>
            {draft.gpu > 0 && <GpuKindField value={draft.gpuKind} offered={offered.gpuKinds} onChange={gpuKind => change({ gpuKind })} />}
            <FitLine draft={draft} queue={queue} insteadOf={insteadOf} />
          </fieldset>
          <fieldset className="jp-Strata-frame">
            <legend>{texts.__('Reads')}</legend>
            <DatasetRows rows={draft.datasets} names={useDatasetNames()} problem={of('datasets')} onChange={datasets => change({ datasets })} />
          </fieldset>
          <fieldset className="jp-Strata-frame">
            <legend>{texts.__('Makes')}</legend>
            <OutputRows rows={draft.outputs} problem={of('outputs')} onChange={outputs => change({ outputs })} />
          </fieldset>
          <MoreFields draft={draft} of={of} onChange={change} />
        </div>
      </div>
      {sending.problem !== undefined && <ProblemNotice problem={sending.problem} />}
      {sending.isTried && problems.size > 0 && <p role="alert">{texts.__('Some fields need another look.')}</p>}
      <footer className="jp-Strata-row">
        {/* Whoever asks for less has seen the job already: what is left to do is to run it. */}
        <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={sending.isSending} autoFocus={insteadOf !== undefined}>
          {sending.isSending ? texts.__('Sending') : texts.__('Run the job')}
        </button>
        <button type="button" className="jp-mod-styled" disabled={sending.isSending || problems.size > 0} onClick={() => void sending.save()}>
          {sending.isSaved ? texts.__('Saved') : texts.__('Save for later')}
        </button>
        <span className="jp-Strata-caption">
          {insteadOf === undefined ? texts.__('It goes on when you close this tab.') : texts.__('When it is sent, the one that waits is cancelled.')}
        </span>
      </footer>
    </form>
  );
}

interface MoreProps {
  readonly draft: JobDraft;
  readonly of: (field: keyof JobDraft) => string | undefined;
  readonly onChange: (part: Partial<JobDraft>) => void;
}

function MoreFields({ draft, of, onChange }: MoreProps): React.JSX.Element {
  const texts = useTexts();
  return (
    <details>
      <summary>{texts.__('More')}</summary>
      <div className="jp-StrataJobs-numbers">
        <NumberField label={texts.__('Retries')} value={draft.retries} minimum={0} onChange={retries => onChange({ retries })} />
        <TextField
          label={texts.__('Deadline in minutes')}
          value={draft.deadlineMinutes}
          problem={of('deadlineMinutes')}
          onChange={deadlineMinutes => onChange({ deadlineMinutes })}
        />
        <NumberField label={texts.__('Priority')} value={draft.priority} minimum={-10} onChange={priority => onChange({ priority })} />
      </div>
      <TextField label={texts.__('Experiment')} value={draft.experiment} onChange={experiment => onChange({ experiment })} />
      <Field label={texts.__('Arguments, one per line')}>
        <textarea className="jp-mod-styled" rows={2} value={draft.arguments} onChange={event => onChange({ arguments: event.target.value })} />
      </Field>
      <Field label={texts.__('Variables, one NAME=value per line; no secrets')} problem={of('environment')}>
        <textarea className="jp-mod-styled" rows={2} value={draft.environment} onChange={event => onChange({ environment: event.target.value })} />
      </Field>
    </details>
  );
}

function Templates({ onChoose }: { readonly onChoose: (job: JobInput) => void }): React.JSX.Element | null {
  const texts = useTexts();
  const compute = useCompute();
  const saved = useQuery('job templates', (tenant, signal) => compute.listJobTemplates({ params: { tenant }, query: { limit: 200 } }, { signal }));
  const items = saved.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <select
      className="jp-mod-styled jp-StrataJobs-templates"
      aria-label={texts.__('Start from a saved job')}
      value=""
      onChange={event => {
        const chosen = items.find(({ name }) => name === event.target.value);
        if (chosen !== undefined) onChoose(chosen.job);
      }}
    >
      <option value="">{texts.__('Start from a saved job…')}</option>
      {items.map(({ name, description }) => (
        <option key={name} value={name} title={description}>
          {description === '' ? name : `${name}: ${description}`}
        </option>
      ))}
    </select>
  );
}

function useDatasetNames(): readonly string[] {
  const { stratalab } = useSuite();
  const catalog = React.useMemo(() => stratalab.clientFor(catalogRoutes), [stratalab]);
  const datasets = useQuery('names of datasets', (tenant, signal) => catalog.listDatasets({ params: { tenant }, query: { limit: 200 } }, { signal }), { refreshOn: ['dataset.'] });
  return (datasets.data?.items ?? []).map(({ name }) => name);
}

interface Sending {
  readonly isSending: boolean;
  readonly isSaved: boolean;
  /** Somebody pressed the button: problems are shown from then on. */
  readonly isTried: boolean;
  readonly problem: Problem | undefined;
  readonly try: () => void;
  readonly send: () => Promise<void>;
  readonly save: () => Promise<void>;
}

/** Sends the form; the same form pressed twice, or sent again after the line was cut, is one job. */
function useSending(draft: JobDraft, onSubmitted: (job: Job) => void): Sending {
  const { stratalab } = useSuite();
  const compute = useCompute();
  const [state, setState] = React.useState<{ isSending: boolean; isTried: boolean; problem: Problem | undefined }>({ isSending: false, isTried: false, problem: undefined });
  const [saved, setSaved] = React.useState<JobDraft>();
  const key = React.useMemo(() => crypto.randomUUID(), [draft]);
  const run = async (work: (tenant: string) => Promise<void>): Promise<void> => {
    setState({ isSending: true, isTried: true, problem: undefined });
    try {
      await work(await stratalab.tenant());
      setState({ isSending: false, isTried: true, problem: undefined });
    } catch (error) {
      setState({ isSending: false, isTried: true, problem: asProblem(error) });
    }
  };
  return {
    ...state,
    isSaved: saved === draft,
    try: () => setState(before => ({ ...before, isTried: true })),
    send: () => run(async tenant => onSubmitted(await compute.submitJob({ params: { tenant }, body: inputOf(draft) }, { idempotencyKey: key }))),
    save: () =>
      run(async tenant => {
        await compute.saveJobTemplate({ params: { tenant, template: draft.name }, body: { job: inputOf(draft) } });
        setSaved(draft);
      })
  };
}
