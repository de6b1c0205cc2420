import type { TranslationBundle } from '@jupyterlab/translation';
import type { JobInput, Launcher } from '@stratalab/contracts/compute';

/** The form as a person fills it in. */
export interface JobDraft {
  readonly name: string;
  readonly kind: 'script' | 'cell';
  readonly fileName: string;
  readonly code: string;
  readonly launcher: Launcher;
  readonly processes: number;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly gpu: number;
  /** Empty: any. */
  readonly gpuKind: string;
  readonly datasets: readonly { readonly name: string; readonly version: string }[];
  readonly outputs: readonly { readonly name: string; readonly kind: 'dataset' | 'model'; readonly as: string }[];
  /** One per line. */
  readonly arguments: string;
  /** One NAME=value per line. */
  readonly environment: string;
  readonly retries: number;
  /** Empty: none. */
  readonly deadlineMinutes: string;
  readonly priority: number;
  readonly experiment: string;
}

export const emptyDraft: JobDraft = {
  name: 'my-job',
  kind: 'script',
  fileName: 'main.py',
  code: 'import os\n\nprint("process", os.environ["RANK"], "of", os.environ["WORLD_SIZE"])\n',
  launcher: 'python',
  processes: 1,
  cpu: 1,
  memoryMiB: 1024,
  gpu: 0,
  gpuKind: '',
  datasets: [],
  outputs: [],
  arguments: '',
  environment: '',
  retries: 0,
  deadlineMinutes: '',
  priority: 0,
  experiment: ''
};

const minuteSeconds = 60;
const lines = (text: string): string[] => text.split('\n').filter(line => line.trim() !== '');

/** The form filled with a job: a saved one, one that ran, or one the caller describes. */
export function draftOf(input: Partial<JobInput>): JobDraft {
  const { code, resourcesPerProcess: each = { cpu: emptyDraft.cpu, memoryMiB: emptyDraft.memoryMiB, gpu: emptyDraft.gpu } } = input;
  return {
    name: input.name ?? emptyDraft.name,
    kind: code?.kind ?? emptyDraft.kind,
    fileName: code?.fileName ?? (code?.kind === 'cell' ? 'cell.py' : emptyDraft.fileName),
    code: code?.text ?? emptyDraft.code,
    launcher: input.launcher ?? emptyDraft.launcher,
    processes: input.processes ?? emptyDraft.processes,
    ...each,
    gpuKind: input.gpuKind ?? emptyDraft.gpuKind,
    datasets: (input.datasets ?? []).map(({ name, version }) => ({ name, version: version ?? '' })),
    outputs: input.outputs ?? [],
    arguments: (input.arguments ?? []).join('\n'),
    environment: Object.entries(input.environment ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    retries: input.retries ?? emptyDraft.retries,
    deadlineMinutes: typeof input.deadlineSeconds === 'number' ? String(input.deadlineSeconds / minuteSeconds) : '',
    priority: input.priority ?? emptyDraft.priority,
    experiment: input.experiment ?? ''
  };
}

/** What is sent for a form. */
export function inputOf(draft: JobDraft): JobInput {
  const environment = Object.fromEntries(lines(draft.environment).map(line => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)]));
  return {
    name: draft.name,
    code: { kind: draft.kind, text: draft.code, fileName: draft.fileName },
    launcher: draft.launcher,
    processes: draft.processes,
    resourcesPerProcess: { cpu: draft.cpu, memoryMiB: draft.memoryMiB, gpu: draft.gpu },
    ...(draft.gpuKind === '' || draft.gpu === 0 ? {} : { gpuKind: draft.gpuKind }),
    datasets: draft.datasets.filter(({ name }) => name !== '').map(({ name, version }) => (version === '' ? { name } : { name, version })),
    outputs: draft.outputs.map(output => ({ ...output })),
    arguments: lines(draft.arguments),
    environment,
    retries: draft.retries,
    ...(draft.deadlineMinutes === '' ? {} : { deadlineSeconds: Math.round(Number(draft.deadlineMinutes) * minuteSeconds) }),
    priority: draft.priority,
    ...(draft.experiment === '' ? {} : { experiment: draft.experiment })
  };
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const outputPattern = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;
const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*=/;

export type DraftField = keyof JobDraft;

/** What is wrong with the form, per field; empty when it can be sent. */
export function problemsOf(draft: JobDraft, texts: TranslationBundle): ReadonlyMap<DraftField, string> {
  const problems = new Map<DraftField, string>();
  const nameRule = texts.__('Letters, digits, dots, dashes and underscores; begins with a letter or digit');
  if (!namePattern.test(draft.name)) problems.set('name', nameRule);
  if (!namePattern.test(draft.fileName)) problems.set('fileName', nameRule);
  if (draft.code.trim() === '') problems.set('code', texts.__('There is no code to run'));
  if (!Number.isInteger(draft.processes) || draft.processes < 1) problems.set('processes', texts.__('At least one'));
  if (!(draft.cpu > 0)) problems.set('cpu', texts.__('More than zero'));
  if (!Number.isInteger(draft.memoryMiB) || draft.memoryMiB < 64) problems.set('memoryMiB', texts.__('At least 64 MiB'));
  if (!Number.isInteger(draft.gpu) || draft.gpu < 0) problems.set('gpu', texts.__('A whole number'));
  if (draft.datasets.some(({ name }) => name !== '' && !namePattern.test(name))) problems.set('datasets', nameRule);
  const names = draft.outputs.map(({ name }) => name);
  if (draft.outputs.some(({ name, as }) => !outputPattern.test(name) || !namePattern.test(as)))
    problems.set('outputs', texts.__('Folders have lower-case names; what they become needs a name too'));
  else if (new Set(names).size < names.length) problems.set('outputs', texts.__('Each output needs its own folder'));
  if (lines(draft.environment).some(line => !variablePattern.test(line))) problems.set('environment', texts.__('One NAME=value per line'));
  if (draft.deadlineMinutes !== '' && !(Number(draft.deadlineMinutes) > 0)) problems.set('deadlineMinutes', texts.__('A number of minutes, or nothing'));
  return problems;
}
