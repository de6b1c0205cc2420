import { Type, type Static } from 'typebox';
import { VersionNumber, VersionOrLatest } from '../catalog/schemas.ts';
import { choice, closed, Id, nullable, ObjectName, Subject, Timestamp } from '../fields.ts';
import { UrnText } from '../urn-text.ts';

export const jobStates = ['queued', 'starting', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const JobState = choice(jobStates, { description: 'succeeded, failed and cancelled are final' });
export type JobState = Static<typeof JobState>;

export const launchers = ['python', 'torchrun', 'mpi', 'ray'] as const;
export const Launcher = choice(launchers, {
  description:
    'python: each process gets RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT; torchrun: the same through PyTorch; mpi: through mpirun; ray: the same, and ray.init() joins a Ray cluster that the processes share'
});
export type Launcher = Static<typeof Launcher>;

const fileName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$', maxLength: 100, description: 'Name without folders' });
const codeKind = choice(['script', 'cell']);
const codeText = Type.String({ minLength: 1, maxLength: 500_000, description: 'Python source' });

export const Resources = closed(
  {
    cpu: Type.Number({ minimum: 0.1, maximum: 1024, description: 'cores' }),
    memoryMiB: Type.Integer({ minimum: 64, maximum: 16_777_216 }),
    gpu: Type.Integer({ minimum: 0, maximum: 64, description: 'whole devices' })
  },
  { description: 'For each process' }
);
export type Resources = Static<typeof Resources>;

/** Name of a kind of GPU, given by operators: `h200`, `mig-1g.18gb`. */
export const GpuKind = Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]{0,38}[a-z0-9])?$', maxLength: 40, description: 'Kind of GPU by its name on this installation' });

export const OutputKind = choice(['dataset', 'model']);
const outputName = Type.String({ pattern: '^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$', maxLength: 63, description: 'Folder of the output below STRATALAB_OUTPUTS' });
/** How far a priority goes; 0 is usual. */
export const jobPriorityRange = { minimum: -10, maximum: 10 } as const;
const priority = Type.Integer({ ...jobPriorityRange, description: 'Higher starts first' });
const retries = Type.Integer({ minimum: 0, maximum: 10, description: 'How often a failed job starts again' });
const deadlineSeconds = Type.Integer({ minimum: 5, maximum: 30 * 86_400, description: 'Longest time one attempt may run' });
const processes = Type.Integer({ minimum: 1, maximum: 64, description: 'They start together or not at all' });
const Environment = Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$' }), Type.String({ maxLength: 10_000 }), {
  maxProperties: 100,
  description: 'Variables of the job; names the platform sets itself are refused. Readable by every member of the tenant: no secrets'
});
const Arguments = Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 100 });

const DatasetInput = closed({ name: ObjectName, version: Type.Optional(VersionOrLatest) }, { description: 'The newest version when absent; fixed when the job is submitted' });
export const OutputDeclaration = closed(
  { name: outputName, kind: OutputKind, as: ObjectName },
  { description: 'What is published when the job succeeds: folder `name`, as a version of `as`' }
);
export type OutputDeclaration = Static<typeof OutputDeclaration>;

/** What somebody asks to run. Missing parts get their defaults: python, one process, 1 core and 1 GiB each, no retries. */
export const JobInput = closed(
  {
    name: ObjectName,
    code: closed({ kind: codeKind, text: codeText, fileName: Type.Optional(fileName) }),
    launcher: Type.Optional(Launcher),
    processes: Type.Optional(processes),
    resourcesPerProcess: Type.Optional(Resources),
    gpuKind: Type.Optional(nullable(GpuKind)),
    datasets: Type.Optional(Type.Array(DatasetInput, { maxItems: 50 })),
    outputs: Type.Optional(Type.Array(OutputDeclaration, { maxItems: 20 })),
    arguments: Type.Optional(Arguments),
    environment: Type.Optional(Environment),
    retries: Type.Optional(retries),
    deadlineSeconds: Type.Optional(nullable(deadlineSeconds)),
    priority: Type.Optional(priority),
    experiment: Type.Optional(nullable(ObjectName))
  },
  { $id: 'JobInput' }
);
export type JobInput = Static<typeof JobInput>;

export const Metric = closed({ name: Type.String({ minLength: 1, maxLength: 100 }), value: Type.Number() });
export const Progress = closed(
  {
    fraction: nullable(Type.Number({ minimum: 0, maximum: 1 })),
    message: nullable(Type.String({ description: 'In words: epoch 3/10' })),
    etaSeconds: nullable(Type.Number({ minimum: 0, description: 'Estimated remaining time' })),
    metrics: Type.Array(Metric, { description: 'Last value of each metric' }),
    updatedAt: Timestamp
  },
  { $id: 'JobProgress' }
);
export type Progress = Static<typeof Progress>;

export const JobSummary = closed(
  {
    id: Id,
    urn: UrnText,
    name: ObjectName,
    createdBy: Subject,
    createdAt: Timestamp,
    startedAt: nullable(Timestamp),
    finishedAt: nullable(Timestamp),
    state: JobState,
    isCancelling: Type.Boolean(),
    waitReason: nullable(Type.String({ description: 'Why it does not run yet, in plain words' })),
    place: nullable(Type.Integer({ minimum: 1, description: 'Place in the queue; 1 is next' })),
    reason: nullable(Type.String({ description: 'Why it failed or was cancelled, in plain words' })),
    priority,
    launcher: Launcher,
    processes,
    resourcesPerProcess: Resources,
    attempt: Type.Integer({ minimum: 0, description: 'Attempts started so far' }),
    progress: nullable(Progress)
  },
  { $id: 'JobSummary' }
);
export type JobSummary = Static<typeof JobSummary>;

export const Job = closed(
  {
    ...JobSummary.properties,
    code: closed({ kind: codeKind, fileName, sha256: Type.String(), text: codeText }),
    gpuKind: nullable(GpuKind),
    arguments: Arguments,
    environment: Environment,
    inputs: Type.Array(closed({ name: ObjectName, version: VersionNumber, urn: UrnText, path: Type.String({ description: 'Below the home of the job' }) })),
    outputs: Type.Array(
      closed({ name: outputName, kind: OutputKind, as: ObjectName, urn: nullable(UrnText), problem: nullable(Type.String({ description: 'Why it was not published' })) })
    ),
    retries,
    deadlineSeconds: nullable(deadlineSeconds),
    experiment: nullable(ObjectName),
    exitCode: nullable(Type.Integer({ description: 'Of the first process that failed; 0 when all succeeded' })),
    retryOf: nullable(Id),
    logParts: Type.Array(Type.String(), { description: 'Values for `rank` of the log routes' })
  },
  { $id: 'Job' }
);
export type Job = Static<typeof Job>;

export const LogChunk = closed(
  {
    rank: Type.String(),
    offset: Type.Integer({ minimum: 0, description: 'bytes' }),
    nextOffset: Type.Integer({ minimum: 0, description: 'Byte offset to go on from' }),
    text: Type.String(),
    isEnded: Type.Boolean({ description: 'Everything was read and nothing will be appended' })
  },
  { $id: 'JobLogChunk' }
);
export type LogChunk = Static<typeof LogChunk>;

/** The body of Kubeflow's KEP-2779, so that one callback works here and there. */
export const ProgressReport = closed(
  {
    trainerStatus: closed({
      progressPercentage: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 100 }))),
      estimatedRemainingSeconds: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 1e9 }))),
      message: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
      step: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e15, description: 'x of the metrics; counted by the platform when absent' })),
      metrics: Type.Optional(Type.Array(Metric, { maxItems: 100 }))
    })
  },
  { $id: 'JobProgressReport' }
);
export type ProgressReport = Static<typeof ProgressReport>;

export const MetricSeries = closed({ name: Type.String(), points: Type.Array(closed({ step: Type.Number(), value: Type.Number(), time: Timestamp })) }, { $id: 'JobMetricSeries' });
export type MetricSeries = Static<typeof MetricSeries>;

export const Amount = closed({ cpu: Type.Number(), memoryMiB: Type.Number(), gpu: Type.Number() });
export type Amount = Static<typeof Amount>;

export const SmallerAsk = closed({ processes, resourcesPerProcess: Resources }, { description: 'Never more of anything than was asked for' });
export type SmallerAsk = Static<typeof SmallerAsk>;
const smallerAsk = nullable(SmallerAsk);

export const QueueEntry = closed(
  {
    id: Id,
    urn: UrnText,
    name: ObjectName,
    createdBy: Subject,
    createdAt: Timestamp,
    place: Type.Integer({ minimum: 1 }),
    priority,
    processes,
    resourcesPerProcess: Resources,
    needs: Amount,
    isOnCluster: Type.Boolean({ description: 'It was handed to the cluster, whose scheduler has no room for it yet' }),
    waitReason: Type.String(),
    wouldStartIf: nullable(Type.String({ description: 'What would let it start now, in plain words' })),
    smallerAsk,
    ahead: closed(
      { own: Type.Integer({ minimum: 0 }), firstOwn: Type.Array(ObjectName, { description: 'Names of the first of them' }), others: Type.Integer({ minimum: 0 }), needs: Amount },
      { description: 'Who is before it: jobs of this tenant, and how many of others; what they all need' }
    )
  },
  { $id: 'QueueEntry' }
);
export type QueueEntry = Static<typeof QueueEntry>;

export const RunningEntry = closed(
  { id: Id, urn: UrnText, name: ObjectName, createdBy: Subject, state: JobState, startedAt: nullable(Timestamp), processes, holds: Amount },
  { $id: 'RunningEntry' }
);
export type RunningEntry = Static<typeof RunningEntry>;

const limit = nullable(Type.Number({ minimum: 0, description: 'null: no limit' }));

export const Queue = closed(
  {
    items: Type.Array(QueueEntry, { description: 'In the order in which they start; the first 200' }),
    waiting: Type.Integer({ minimum: 0, description: 'Jobs of this tenant that wait, all of them' }),
    runningJobs: Type.Array(RunningEntry, { description: 'Newest first; the first 200' }),
    use: closed({ jobs: Type.Integer({ minimum: 0 }), ...Amount.properties }, { description: 'What the jobs of this tenant hold' }),
    limits: closed({ jobs: limit, cpu: limit, memoryMiB: limit, gpu: limit }, { description: 'What this tenant may hold' }),
    /** Jobs of other tenants count in places and in free slots; they are never named. */
    othersWaiting: Type.Integer({ minimum: 0 }),
    running: Type.Integer({ minimum: 0, description: 'Jobs of this tenant that hold slots' }),
    total: Amount,
    free: Amount,
    launchers: Type.Array(Launcher, { description: 'How jobs can be started on this installation' }),
    gpuKinds: Type.Array(GpuKind, { description: 'Kinds of GPU that jobs may ask for by name; none where all are alike' })
  },
  { $id: 'Queue' }
);
export type Queue = Static<typeof Queue>;

export const Explanation = closed(
  {
    state: JobState,
    sentence: Type.String({ description: 'State and reason in one plain sentence' }),
    place: nullable(Type.Integer({ minimum: 1 })),
    wouldStartIf: nullable(Type.String()),
    smallerAsk,
    needs: Amount,
    free: Amount,
    ahead: Type.Array(closed({ id: nullable(Id), name: nullable(Type.String()), needs: Amount }), { description: 'Jobs of other tenants have no id and no name' })
  },
  { $id: 'JobExplanation' }
);
export type Explanation = Static<typeof Explanation>;

export const JobTemplate = closed(
  { name: ObjectName, description: Type.String({ maxLength: 1000 }), isSample: Type.Boolean(), createdBy: Subject, updatedAt: Timestamp, job: JobInput },
  { $id: 'JobTemplate', description: 'A job ready to be run; what the submit form offers' }
);
export type JobTemplate = Static<typeof JobTemplate>;

const Device = closed({ resource: Type.String({ description: 'As it is asked for: nvidia.com/gpu, nvidia.com/mig-1g.18gb' }), total: Type.Number(), used: Type.Number() });

export const PoolNode = closed(
  {
    name: Type.String(),
    isReady: Type.Boolean(),
    isOpen: Type.Boolean({ description: 'Not closed for new work by an operator' }),
    takesJobs: Type.Boolean({ description: 'Ready, open and of the kind this installation chose for jobs' }),
    pool: nullable(Type.String({ description: 'Group of machines it belongs to' })),
    labels: Type.Record(Type.String(), Type.String()),
    total: Amount,
    used: Amount,
    devices: Type.Array(Device),
    fits: Type.Integer({ minimum: 0, description: 'How many processes of the usual size would start on it now' })
  },
  { $id: 'PoolNode' }
);
export type PoolNode = Static<typeof PoolNode>;

export const PoolTenant = closed(
  {
    tenant: Type.String(),
    used: Amount,
    processes: Type.Integer({ minimum: 0 }),
    waiting: Type.Integer({ minimum: 0, description: 'Jobs that wait for room' }),
    limits: closed({ cpu: limit, memoryMiB: limit, gpu: limit })
  },
  { $id: 'PoolTenant' }
);
export type PoolTenant = Static<typeof PoolTenant>;

export const Pool = closed(
  {
    kind: choice(['machine', 'cluster']),
    readAt: Timestamp,
    usualAsk: Resources,
    largestGang: Type.Integer({ minimum: 0, description: 'Processes of the usual size that would start together now, limits of tenants aside' }),
    total: Amount,
    used: Amount,
    free: Amount,
    fragmented: closed(Amount.properties, { description: 'Free in sum, on nodes where not one process of the usual size fits' }),
    closed: closed(Amount.properties, { description: 'On nodes that take no jobs now; not in the sums above' }),
    devices: Type.Array(Device),
    tenants: Type.Array(PoolTenant, { description: 'Who uses most first; the first 200' }),
    nodeCount: Type.Integer({ minimum: 0 }),
    items: Type.Array(PoolNode),
    nextCursor: nullable(Type.String())
  },
  { $id: 'Pool' }
);
export type Pool = Static<typeof Pool>;
