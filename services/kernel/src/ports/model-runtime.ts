/** Files of one model version, as the registry resolved them; never a location that a caller gave. */
export interface ModelFiles {
  /** Absolute folder of the version. */
  readonly folder: string;
  /** The file to open, relative to the folder; `undefined` when the folder as a whole is the model. */
  readonly entryFile?: string;
  readonly format: string;
  readonly sizeBytes: number;
}

/** What a runtime finds in the headers of a model, without loading it. */
export interface ModelFacts {
  readonly kind: 'chat' | 'predict';
  readonly weightsBytes: number;
  /** Memory one token of a conversation takes; 0 for models without conversations. */
  readonly bytesPerToken: number;
  /** Longest conversation the model was made for. */
  readonly trainedContextTokens?: number;
  /** Memory the engine itself takes. */
  readonly overheadBytes: number;
}

export interface ReplicaOrder {
  /** Name of the replica: letters, digits and dashes; a second start under the same name finds the first. */
  readonly id: string;
  readonly tenant: string;
  readonly files: ModelFiles;
  /** Chat models: longest conversation, in tokens. */
  readonly contextTokens?: number;
  /** Calls answered at the same time. */
  readonly parallel: number;
}

export type ReplicaRuntimePhase = 'launching' | 'loading' | 'warming-up' | 'ready' | 'exited';

/** Where a replica answers, for the gateway only. */
export interface ReplicaAddress {
  readonly origin: string;
  /** Value of the authorization header. */
  readonly authorization: string;
}

export interface ReplicaObservation {
  readonly phase: ReplicaRuntimePhase;
  /** One plain sentence; for `exited` why, as far as it is known. */
  readonly message: string;
  readonly startedAt?: string;
  /** Present from `loading` on. */
  readonly address?: ReplicaAddress;
}

export interface LogPiece {
  readonly text: string;
  readonly offset: number;
  readonly nextOffset: number;
  readonly sizeBytes: number;
}

/**
 * Runs replicas of models, each in an operating-system process (or container) of its own.
 * A replica outlives the process that started it, so that the next one adopts it; a replica whose platform never comes back ends by itself.
 */
export interface ModelRuntime {
  /**
   * Reads the headers of a model.
   * @throws unsupported-format when no engine here serves the format; invalid-input when the files are not what they claim
   */
  inspect(files: ModelFiles): Promise<ModelFacts>;
  /** Starts the replica unless it runs already; returns before it is ready. A replica that exited is started again, its log goes on. */
  start(order: ReplicaOrder): Promise<void>;
  /** What the replica does now; `ready` means that it answered a real request. `undefined`: there is no such replica. */
  observe(id: string): Promise<ReplicaObservation | undefined>;
  /** Where the replica answers, without asking it; `undefined` when it does not run. */
  address(id: string): Promise<ReplicaAddress | undefined>;
  /** Names of all replicas that exist, running or not. */
  list(): Promise<readonly string[]>;
  /** Lets the replica finish what it is doing for at most `graceMs`, then ends it. Afterwards no process of it is left; idempotent. */
  stop(id: string, options: { readonly graceMs: number }): Promise<void>;
  /** Stops the replica and forgets it with its log; idempotent. */
  remove(id: string): Promise<void>;
  /** A piece of the replica's log from a byte offset; empty when there is none. */
  readLog(id: string, range: { readonly offset: number; readonly limitBytes: number }): Promise<LogPiece>;
  /** Calls back when a replica this process started ended, until `signal` aborts. */
  watch(onExit: (id: string) => void, signal: AbortSignal): void;
  /** Ends every replica; for an orderly stop of the platform. */
  close(): Promise<void>;
}
