import { Type, type Static } from 'typebox';
import { choice, closed, Condition, nullable, ObjectName, Slug, Subject, Timestamp } from '../fields.ts';
import { UrnText } from '../urn-text.ts';

export const endpointKinds = ['chat', 'predict', 'embeddings'] as const;
export const EndpointKind = choice(endpointKinds, {
  description: 'chat: a language model behind chat/completions and completions; predict: a Python model behind predict; embeddings: texts to vectors'
});
export type EndpointKind = Static<typeof EndpointKind>;

export const deploymentStates = ['starting', 'ready', 'degraded', 'stopping', 'stopped', 'failed'] as const;
export const DeploymentState = choice(deploymentStates, {
  description: 'starting: no replica answers yet; degraded: fewer replicas answer than wanted; stopping: calls in flight are finished; failed: it keeps dying'
});
export type DeploymentState = Static<typeof DeploymentState>;

export const replicaPhases = ['pending', 'launching', 'loading', 'warming-up', 'ready', 'draining', 'stopped', 'crashed'] as const;
export const ReplicaPhase = choice(replicaPhases, { description: 'ready means that a real request was answered' });
export type ReplicaPhase = Static<typeof ReplicaPhase>;

export const Replica = closed(
  {
    index: Type.Integer({ minimum: 0 }),
    phase: ReplicaPhase,
    message: Type.String({ description: 'One plain sentence' }),
    restarts: Type.Integer({ minimum: 0 }),
    startedAt: nullable(Timestamp),
    activeRequests: Type.Integer({ minimum: 0, description: 'Calls in flight through this gateway' })
  },
  { $id: 'Replica' }
);
export type Replica = Static<typeof Replica>;

export const ServedModel = closed({
  name: ObjectName,
  version: Type.Integer({ minimum: 1 }),
  alias: nullable(Type.String({ description: 'Alias the version was chosen by, when it was' })),
  urn: UrnText,
  format: Type.String(),
  sizeBytes: Type.Integer({ minimum: 0 })
});
export type ServedModel = Static<typeof ServedModel>;

export const DeploymentResources = closed({
  cpu: Type.Number({ minimum: 0, description: 'cores per replica' }),
  memoryMiB: Type.Integer({ minimum: 0, description: 'per replica' })
});
export type DeploymentResources = Static<typeof DeploymentResources>;

export const TokenUsage = closed({
  requests: Type.Integer({ minimum: 0 }),
  inputTokens: Type.Integer({ minimum: 0 }),
  outputTokens: Type.Integer({ minimum: 0 })
});

export const Deployment = closed(
  {
    name: Slug,
    urn: UrnText,
    endpointUrn: UrnText,
    kind: EndpointKind,
    model: ServedModel,
    state: DeploymentState,
    message: Type.String({ description: 'What it does right now, in one plain sentence' }),
    wantedReplicas: Type.Integer({ minimum: 0 }),
    readyReplicas: Type.Integer({ minimum: 0 }),
    replicas: Type.Array(Replica),
    resources: DeploymentResources,
    contextTokens: nullable(Type.Integer({ description: 'Longest conversation of a chat model, in tokens' })),
    conditions: Type.Array(Condition),
    generation: Type.Integer({ minimum: 1 }),
    observedGeneration: Type.Integer({ minimum: 0 }),
    usageToday: TokenUsage,
    createdBy: Subject,
    createdAt: Timestamp,
    updatedAt: Timestamp
  },
  { $id: 'Deployment', description: 'A model version being served under the name of its endpoint' }
);
export type Deployment = Static<typeof Deployment>;

const VersionChoice = {
  version: Type.Optional(Type.Integer({ minimum: 1, description: 'The newest unless given' })),
  alias: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$', maxLength: 128, description: 'Instead of a version' }))
};
export const maximumReplicas = 8;
const replicas = Type.Integer({ minimum: 1, maximum: maximumReplicas });
const contextTokens = Type.Integer({ minimum: 256, maximum: 131_072, description: 'Chat models only; 2,048 or what the model allows unless given' });

export const DeploymentInput = closed({
  name: Slug,
  model: ObjectName,
  ...VersionChoice,
  replicas: Type.Optional(Type.Integer({ minimum: 1, maximum: maximumReplicas, description: 'One unless given' })),
  contextTokens: Type.Optional(contextTokens)
});
export type DeploymentInput = Static<typeof DeploymentInput>;

export const DeploymentChange = closed({ replicas, ...VersionChoice }, { description: 'New number of replicas and, optionally, another version of the same model' });
export type DeploymentChange = Static<typeof DeploymentChange>;

export const FitInput = closed({
  model: ObjectName,
  ...VersionChoice,
  replicas: Type.Optional(Type.Integer({ minimum: 1, maximum: maximumReplicas })),
  contextTokens: Type.Optional(contextTokens)
});
export type FitInput = Static<typeof FitInput>;

export const fitVerdicts = ['fits', 'fits-with-less', 'does-not-fit', 'cannot-serve'] as const;
export const FitEstimate = closed(
  {
    verdict: choice(fitVerdicts, { description: 'fits-with-less: with fewer replicas or a shorter context; cannot-serve: no engine here serves this format' }),
    message: Type.String({ description: 'The verdict in one plain sentence, with the numbers' }),
    kind: nullable(EndpointKind),
    model: ServedModel,
    perReplica: closed({
      cpu: Type.Number(),
      memoryMiB: Type.Integer(),
      weightsMiB: Type.Integer(),
      cacheMiB: Type.Integer({ description: 'Memory of conversations in flight, at the full context' }),
      overheadMiB: Type.Integer()
    }),
    replicas: Type.Integer(),
    contextTokens: nullable(Type.Integer()),
    /** Longest context the model was made for. */
    trainedContextTokens: nullable(Type.Integer()),
    /** Longest context that fits beside what is in use. */
    highestContextTokens: nullable(Type.Integer()),
    highestReplicas: Type.Integer({ minimum: 0 }),
    parallelChats: nullable(Type.Integer({ description: 'Conversations answered at the same time by all replicas' })),
    quota: closed({
      cpu: closed({ limit: nullable(Type.Number()), used: Type.Number(), requested: Type.Number() }),
      memoryMiB: closed({ limit: nullable(Type.Number()), used: Type.Number(), requested: Type.Number() })
    })
  },
  { $id: 'FitEstimate' }
);
export type FitEstimate = Static<typeof FitEstimate>;

export const Endpoint = closed(
  {
    name: Slug,
    urn: UrnText,
    kind: EndpointKind,
    isReady: Type.Boolean(),
    /** The deployment behind it; null for the embedding model that comes with the platform. */
    deployment: nullable(Slug),
    model: nullable(ServedModel),
    message: Type.String()
  },
  { $id: 'Endpoint' }
);
export type Endpoint = Static<typeof Endpoint>;

export const ChatMessage = closed({
  role: choice(['system', 'user', 'assistant']),
  content: Type.String({ maxLength: 200_000 })
});
export type ChatMessage = Static<typeof ChatMessage>;
export const ChatInput = closed({
  messages: Type.Array(ChatMessage, { minItems: 1, maxItems: 200 }),
  maxTokens: Type.Optional(Type.Integer({ minimum: 1, maximum: 32_768 })),
  temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
  stop: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 4 })),
  jsonSchema: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'The answer is JSON of this schema' }))
});
export type ChatInput = Static<typeof ChatInput>;
export const ChatCompletion = closed(
  {
    text: Type.String(),
    finishReason: choice(['stop', 'length']),
    usage: closed({ promptTokens: Type.Integer(), completionTokens: Type.Integer() })
  },
  { $id: 'ChatCompletion' }
);
export type ChatCompletion = Static<typeof ChatCompletion>;

export const EmbeddingInput = closed({
  texts: Type.Array(Type.String({ minLength: 1, maxLength: 32_000 }), { minItems: 1, maxItems: 256 }),
  kind: choice(['query', 'passage'], { description: 'What the texts are: questions, or texts to be found' })
});
export type EmbeddingInput = Static<typeof EmbeddingInput>;
export const Embeddings = closed(
  {
    model: Type.String(),
    dimensions: Type.Integer(),
    vectors: Type.Array(Type.Array(Type.Number()), { description: 'One unit vector per text, in the order of the texts' }),
    promptTokens: Type.Integer()
  },
  { $id: 'Embeddings' }
);
export type Embeddings = Static<typeof Embeddings>;

/** Rows for a Python model: MLflow's scoring payload, one of the four. */
export const PredictInput = closed({
  dataframe_split: Type.Optional(
    closed({
      columns: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 10_000 }),
      index: Type.Optional(Type.Array(Type.Unknown())),
      data: Type.Array(Type.Array(Type.Unknown()), { maxItems: 100_000 })
    })
  ),
  dataframe_records: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()), { maxItems: 100_000 })),
  instances: Type.Optional(Type.Unknown()),
  inputs: Type.Optional(Type.Unknown())
});
export type PredictInput = Static<typeof PredictInput>;
export const Predictions = closed({ predictions: Type.Unknown() }, { $id: 'Predictions' });

export const DeploymentLog = closed({
  text: Type.String(),
  offset: Type.Integer({ minimum: 0, description: 'Where this piece begins' }),
  nextOffset: Type.Integer({ minimum: 0, description: 'Ask from here for what comes next' }),
  sizeBytes: Type.Integer({ minimum: 0 })
});
