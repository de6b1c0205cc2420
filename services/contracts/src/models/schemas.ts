import { Type, type Static } from 'typebox';
import { choice, closed, Description, Id, nullable, ObjectName, Subject, Timestamp } from '../fields.ts';
import { UrnText } from '../urn-text.ts';

/** Experiment ids are ours, except `0`: the experiment every MLflow client falls back to. */
export const ExperimentId = Type.String({ pattern: '^(0|[0-9a-z]{26})$', description: 'Experiment; 0 is the default one of the tenant' });
export const AliasName = Type.String({
  pattern: '^(?!latest$)(?!v\\d+$)[A-Za-z0-9_-]{1,63}$',
  description: 'Letters, digits, dashes and underscores; not `latest`, not `v<number>`'
});
export const VersionNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });

export const Experiment = closed(
  {
    id: ExperimentId,
    name: Type.String(),
    description: Type.String(),
    runCount: Type.Integer(),
    runningCount: Type.Integer(),
    createdBy: nullable(Subject),
    createdAt: Timestamp,
    lastRunAt: nullable(Timestamp)
  },
  { $id: 'Experiment' }
);
export type Experiment = Static<typeof Experiment>;

export const originKinds = ['job', 'workspace', 'program', 'upload', 'sample'] as const;
export const Origin = closed(
  {
    kind: choice(originKinds, { description: 'job: made by a job; workspace: from a signed-in session; program: with an access key' }),
    user: nullable(Subject),
    jobUrn: nullable(UrnText),
    jobName: nullable(Type.String()),
    codeFileName: nullable(Type.String()),
    codeSha256: nullable(Type.String()),
    datasets: Type.Array(Type.String(), { description: 'URNs of the dataset versions it was made from' })
  },
  { $id: 'Origin', description: 'Where a run or model version came from; attached by the platform, never by the client' }
);
export type Origin = Static<typeof Origin>;

export const runStates = ['running', 'scheduled', 'finished', 'failed', 'killed'] as const;
export const RunState = choice(runStates);
export type RunState = Static<typeof RunState>;

const metricValue = nullable(Type.Number({ description: 'null: not a number; infinities are ±1.7976931348623157e308' }));
export const NamedValue = closed({ key: Type.String(), value: Type.String() });
export const LatestMetric = closed({ key: Type.String(), value: metricValue });

export const Run = closed(
  {
    id: Id,
    urn: UrnText,
    name: Type.String(),
    experimentId: ExperimentId,
    experimentName: Type.String(),
    state: RunState,
    isDeleted: Type.Boolean(),
    createdBy: Subject,
    startedAt: nullable(Timestamp),
    endedAt: nullable(Timestamp),
    origin: Origin,
    metrics: Type.Array(LatestMetric, { description: 'Last value per metric, by name; at most 100 in lists' }),
    params: Type.Array(NamedValue, { description: 'By name; at most 100 in lists' })
  },
  { $id: 'Run' }
);
export type Run = Static<typeof Run>;

export const MetricSummary = closed(
  {
    key: Type.String(),
    value: metricValue,
    step: Type.Integer(),
    at: Timestamp,
    lowest: metricValue,
    highest: metricValue,
    points: Type.Integer({ description: 'How many points were logged' })
  },
  { $id: 'MetricSummary' }
);
export type MetricSummary = Static<typeof MetricSummary>;
export const DatasetInput = closed({ name: Type.String(), digest: Type.String(), context: nullable(Type.String()), urn: nullable(UrnText) });
export const RunModel = closed({ id: Type.String(), name: Type.String(), state: choice(['pending', 'ready', 'failed']), createdAt: Timestamp });
export const RegisteredFrom = closed({ model: ObjectName, version: VersionNumber });

export const RunDetail = closed(
  {
    run: Run,
    metrics: Type.Array(MetricSummary),
    params: Type.Array(NamedValue),
    tags: Type.Array(NamedValue),
    datasets: Type.Array(DatasetInput),
    models: Type.Array(RunModel, { description: 'Models this run logged' }),
    registered: Type.Array(RegisteredFrom, { description: 'Model versions made from this run' })
  },
  { $id: 'RunDetail' }
);
export type RunDetail = Static<typeof RunDetail>;

export const MetricPoint = closed({ step: Type.Integer(), at: Timestamp, value: metricValue });
export type MetricPoint = Static<typeof MetricPoint>;
export const MetricHistory = closed(
  {
    key: Type.String(),
    points: Type.Array(MetricPoint, { description: 'By step; the lowest and highest of each bucket when sampled' }),
    total: Type.Integer(),
    isSampled: Type.Boolean()
  },
  { $id: 'MetricHistory' }
);
export type MetricHistory = Static<typeof MetricHistory>;

export const ArtifactEntry = closed({ path: Type.String(), isFolder: Type.Boolean(), sizeBytes: nullable(Type.Integer()) }, { $id: 'ArtifactEntry' });
export type ArtifactEntry = Static<typeof ArtifactEntry>;

export const modelFormats = ['gguf', 'mlflow-sklearn', 'mlflow-pyfunc', 'onnx', 'safetensors', 'other'] as const;
export const ModelFormat = choice(modelFormats, { description: 'Found by looking into the files, never by what the client says' });
export type ModelFormat = Static<typeof ModelFormat>;

export const Model = closed(
  {
    name: ObjectName,
    urn: UrnText,
    description: Type.String(),
    tags: Type.Array(NamedValue),
    aliases: Type.Array(closed({ alias: AliasName, version: VersionNumber })),
    latestVersion: nullable(VersionNumber),
    versionCount: Type.Integer(),
    format: nullable(ModelFormat),
    createdBy: Subject,
    createdAt: Timestamp,
    updatedAt: Timestamp
  },
  { $id: 'Model' }
);
export type Model = Static<typeof Model>;

export const ModelVersion = closed(
  {
    model: ObjectName,
    version: VersionNumber,
    urn: UrnText,
    description: Type.String(),
    aliases: Type.Array(AliasName),
    tags: Type.Array(NamedValue),
    format: ModelFormat,
    isQuarantined: Type.Boolean({ description: 'Holds code that runs on loading; not served until an administrator approves it' }),
    quarantineReason: nullable(Type.String()),
    approval: nullable(closed({ by: Subject, at: Timestamp, reason: Type.String() })),
    warnings: Type.Array(Type.String()),
    entryFile: nullable(Type.String({ description: 'File an engine loads, relative to the version' })),
    sizeBytes: Type.Integer(),
    fileCount: Type.Integer(),
    sha256: Type.String({ description: 'Digest over names and digests of all files' }),
    facts: Type.Array(NamedValue, { description: 'Read from the files: architecture, context length, flavours, …' }),
    signature: nullable(closed({ inputs: nullable(Type.String()), outputs: nullable(Type.String()) })),
    runId: nullable(Id),
    runName: nullable(Type.String()),
    origin: Origin,
    createdBy: Subject,
    createdAt: Timestamp
  },
  { $id: 'ModelVersion' }
);
export type ModelVersion = Static<typeof ModelVersion>;

export const ModelChange = closed({ description: Type.Optional(Description) });

export const ResolvedModelVersion = closed(
  {
    name: ObjectName,
    version: VersionNumber,
    urn: UrnText,
    path: Type.String({ description: 'Absolute folder of the version on the file system the services share' }),
    format: ModelFormat,
    entryFile: nullable(Type.String()),
    sizeBytes: Type.Integer(),
    isQuarantined: Type.Boolean()
  },
  { $id: 'ResolvedModelVersion' }
);
export type ResolvedModelVersion = Static<typeof ResolvedModelVersion>;

export const ModelOutputInput = closed({
  model: ObjectName,
  producerUrn: UrnText,
  output: ObjectName,
  stagingId: Id,
  inputs: Type.Array(UrnText, { maxItems: 200 }),
  alias: Type.Optional(AliasName)
});
export const PublishedModel = closed({ name: ObjectName, version: VersionNumber, urn: UrnText }, { $id: 'PublishedModel' });
export type PublishedModel = Static<typeof PublishedModel>;
