import { Type, type Static } from 'typebox';
import { choice, closed, Description, Id, nullable, ObjectName, Slug, Subject, Timestamp } from '../fields.ts';
import { UrnText } from '../urn-text.ts';

/** Longest pipeline document, in characters. */
export const longestDocument = 200_000;
export const DocumentText = Type.String({ minLength: 1, maxLength: longestDocument, description: 'Pipeline document in YAML or JSON' });

export const DatasetReference = closed({
  name: ObjectName,
  version: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,8}$', description: 'The newest one unless given' })),
  as: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Table name in SQL; the name of the dataset unless given' }))
});
export type DatasetReference = Static<typeof DatasetReference>;

const RetryPolicy = closed({
  count: Type.Integer({ minimum: 0, maximum: 20, description: 'Tries after the first; mistakes in the SQL are not tried again' }),
  backOffSeconds: Type.Optional(Type.Number({ minimum: 0.05, maximum: 3600, default: 10, description: 'Before the first retry; doubles each time, at most one hour' }))
});

const timeoutSeconds = Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400, description: 'Of one attempt of one step' }));

export const PipelineStep = closed(
  {
    name: Slug,
    kind: Type.Literal('sql'),
    sql: Type.String({ minLength: 1, maxLength: 50_000, description: 'One SELECT over datasets by their names' }),
    deps: Type.Optional(Type.Array(Slug, { maxItems: 100, description: 'Steps that must have succeeded; a step that reads what another writes depends on it anyway' })),
    inputs: Type.Optional(Type.Array(DatasetReference, { maxItems: 100, description: 'Only needed for fixed versions and other table names; the rest is found in the SQL' })),
    output: ObjectName,
    description: Type.Optional(Description),
    retries: Type.Optional(RetryPolicy),
    timeoutSeconds,
    memoryMiB: Type.Optional(Type.Integer({ minimum: 128, maximum: 1_048_576 }))
  },
  { $id: 'PipelineStep' }
);
export type PipelineStep = Static<typeof PipelineStep>;

export const PipelineSchedule = closed(
  {
    cron: Type.String({ minLength: 9, maxLength: 100, description: 'Five fields: minute, hour, day of month, month, day of week' }),
    timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64, default: 'UTC', description: 'IANA name, for example Europe/Berlin' })),
    catchUp: Type.Optional(Type.Boolean({ default: false, description: 'Also run the times that were missed while nothing ran' }))
  },
  { $id: 'PipelineSchedule' }
);
export type PipelineSchedule = Static<typeof PipelineSchedule>;

/** What a pipeline document holds. */
export const PipelineDocument = closed(
  {
    name: ObjectName,
    description: Type.Optional(Description),
    schedule: Type.Optional(PipelineSchedule),
    concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 1, description: 'Runs of this pipeline at once' })),
    retries: Type.Optional(RetryPolicy),
    timeoutSeconds,
    steps: Type.Array(PipelineStep, { minItems: 1, maxItems: 100 })
  },
  { $id: 'PipelineDocument' }
);
export type PipelineDocument = Static<typeof PipelineDocument>;

export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const RunState = choice(runStates);
export type RunState = Static<typeof RunState>;
export const stepStates = ['waiting', 'running', 'succeeded', 'failed', 'skipped', 'cancelled'] as const;
export const StepState = choice(stepStates, { description: 'skipped: a step before it failed' });
export type StepState = Static<typeof StepState>;
export const RunTrigger = choice(['manual', 'schedule', 'rerun', 'sample']);
export type RunTrigger = Static<typeof RunTrigger>;

export const RunSummary = closed(
  {
    id: Id,
    urn: UrnText,
    pipeline: ObjectName,
    version: Type.Integer({ minimum: 1 }),
    trigger: RunTrigger,
    logicalDate: nullable(Timestamp),
    state: RunState,
    waitReason: nullable(Type.String()),
    createdBy: Subject,
    createdAt: Timestamp,
    startedAt: nullable(Timestamp),
    finishedAt: nullable(Timestamp),
    stepCount: Type.Integer({ minimum: 0 }),
    stepsDone: Type.Integer({ minimum: 0 })
  },
  { $id: 'PipelineRunSummary' }
);
export type RunSummary = Static<typeof RunSummary>;

export const RunProblem = closed({ code: Type.String(), detail: Type.String(), hint: nullable(Type.String()) }, { $id: 'RunProblem' });
export type RunProblem = Static<typeof RunProblem>;

export const RunStep = closed(
  {
    name: Slug,
    state: StepState,
    attempt: Type.Integer({ minimum: 0 }),
    maxAttempts: Type.Integer({ minimum: 1 }),
    retryAt: nullable(Timestamp),
    startedAt: nullable(Timestamp),
    finishedAt: nullable(Timestamp),
    inputs: Type.Array(UrnText),
    output: closed({ dataset: ObjectName, version: nullable(Type.String()), urn: nullable(UrnText), rowCount: nullable(Type.Integer()) }),
    reusedFromRun: nullable(Id),
    problem: nullable(RunProblem)
  },
  { $id: 'PipelineRunStep' }
);
export type RunStep = Static<typeof RunStep>;

export const PipelineRun = closed({ ...RunSummary.properties, rerunOf: nullable(Id), steps: Type.Array(RunStep) }, { $id: 'PipelineRun' });
export type PipelineRun = Static<typeof PipelineRun>;

export const RunLogLine = closed(
  { position: Type.Integer({ minimum: 1 }), time: Timestamp, step: nullable(Slug), attempt: nullable(Type.Integer()), level: choice(['info', 'error']), text: Type.String() },
  { $id: 'RunLogLine' }
);
export type RunLogLine = Static<typeof RunLogLine>;

export const ScheduleState = closed(
  {
    cron: Type.String(),
    timeZone: Type.String(),
    catchUp: Type.Boolean(),
    isPaused: Type.Boolean(),
    nextRunAt: nullable(Timestamp),
    nextRuns: Type.Array(Timestamp, { description: 'The next five times' })
  },
  { $id: 'ScheduleState' }
);
export type ScheduleState = Static<typeof ScheduleState>;

export const PipelineSummary = closed(
  {
    name: ObjectName,
    urn: UrnText,
    excerpt: Type.String({ description: 'First 160 characters of the description' }),
    version: Type.Integer({ minimum: 1 }),
    cron: nullable(Type.String()),
    isPaused: Type.Boolean(),
    nextRunAt: nullable(Timestamp),
    lastRun: nullable(closed({ id: Id, state: RunState, createdAt: Timestamp })),
    createdBy: Subject,
    updatedAt: Timestamp
  },
  { $id: 'PipelineSummary' }
);
export type PipelineSummary = Static<typeof PipelineSummary>;

export const PipelineVersion = closed(
  { version: Type.Integer({ minimum: 1 }), document: Type.String(), createdBy: Subject, createdAt: Timestamp, note: nullable(Type.String()) },
  { $id: 'PipelineVersion' }
);
export type PipelineVersion = Static<typeof PipelineVersion>;
export const PipelineVersionSummary = closed(
  { version: Type.Integer({ minimum: 1 }), createdBy: Subject, createdAt: Timestamp, note: nullable(Type.String()) },
  { $id: 'PipelineVersionSummary' }
);
export type PipelineVersionSummary = Static<typeof PipelineVersionSummary>;

export const Pipeline = closed(
  {
    name: ObjectName,
    urn: UrnText,
    description: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    document: Type.String({ description: 'As it was written' }),
    definition: PipelineDocument,
    schedule: nullable(ScheduleState),
    isSample: Type.Boolean(),
    createdBy: Subject,
    createdAt: Timestamp,
    updatedAt: Timestamp
  },
  { $id: 'Pipeline' }
);
export type Pipeline = Static<typeof Pipeline>;

export const DiffLine = closed(
  { kind: choice(['same', 'added', 'removed']), text: Type.String(), fromLine: nullable(Type.Integer()), toLine: nullable(Type.Integer()) },
  { $id: 'DiffLine' }
);
export type DiffLine = Static<typeof DiffLine>;

export const DocumentProblem = closed(
  {
    severity: choice(['error', 'warning'], { description: 'A warning does not keep the document from being saved, but a run would fail now' }),
    path: Type.String({ description: 'Where in the document: steps/2/sql' }),
    message: Type.String(),
    step: nullable(Type.String()),
    line: nullable(Type.Integer({ minimum: 1, description: 'In the SQL for problems of SQL, else in the document' })),
    column: nullable(Type.Integer({ minimum: 1 }))
  },
  { $id: 'DocumentProblem' }
);
export type DocumentProblem = Static<typeof DocumentProblem>;

export const ValidatedStep = closed(
  {
    name: Type.String(),
    deps: Type.Array(Type.String(), { description: 'Named and found in the SQL' }),
    inputs: Type.Array(
      closed({ name: Type.String(), as: Type.String(), version: nullable(Type.String()), isProduced: Type.Boolean({ description: 'By another step of this pipeline' }) })
    ),
    output: Type.String()
  },
  { $id: 'ValidatedStep' }
);
export type ValidatedStep = Static<typeof ValidatedStep>;

export const Validation = closed(
  {
    isValid: Type.Boolean(),
    problems: Type.Array(DocumentProblem),
    definition: nullable(PipelineDocument),
    steps: Type.Array(ValidatedStep, { description: 'In the order they run' }),
    nextRuns: Type.Array(Timestamp, { description: 'The next five times of the schedule' })
  },
  { $id: 'PipelineValidation' }
);
export type Validation = Static<typeof Validation>;

export const QueryAnswer = closed(
  {
    columns: Type.Array(closed({ name: Type.String(), type: Type.String() })),
    rows: Type.Array(Type.Array(Type.Unknown())),
    rowCount: Type.Integer({ minimum: 0 }),
    isTruncated: Type.Boolean(),
    datasets: Type.Array(closed({ table: Type.String(), urn: UrnText }), { description: 'What was read' }),
    durationMs: Type.Integer({ minimum: 0 })
  },
  { $id: 'QueryAnswer' }
);
export type QueryAnswer = Static<typeof QueryAnswer>;
