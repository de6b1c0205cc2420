import type { JobAsk } from '../jobs/gang-fit.ts';
import type { JobPool } from './job-pool.ts';

/** How the processes of a job are started. ray: each as a process that a Ray actor started, with a Ray cluster it can use. */
export type JobLauncher = 'python' | 'torchrun' | 'mpi' | 'ray';

/** What a runtime starts that says nothing else. */
export const plainLaunchers: readonly JobLauncher[] = ['python', 'torchrun', 'mpi'];

/** One attempt of one job: the identity of everything a runtime does. */
export interface JobAttempt {
  readonly tenant: string;
  readonly jobId: string;
  readonly attempt: number;
}

export interface JobCapacity {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly gpu: number;
}

export interface JobStart extends JobAttempt {
  readonly launcher: JobLauncher;
  readonly processes: number;
  readonly perProcess: JobCapacity;
  /** Kind of the GPUs, one of `gpuKinds`; absent: any. */
  readonly gpuKind?: string;
  /** Indexes of the devices the job may use; empty: none are visible. */
  readonly gpuDevices: readonly number[];
  readonly fileName: string;
  readonly code: string;
  readonly arguments: readonly string[];
  /** Variables of the job; the runtime adds HOME, ranks, folders and the token file. */
  readonly environment: Readonly<Record<string, string>>;
  /** Credential of the job; reaches it by a file only it can read. */
  readonly token: string;
  /** Appear as `~/datasets/<mountName>`, read-only, without a copy. */
  readonly mounts: readonly { readonly mountName: string; readonly path: string }[];
  /** Folders the job writes below STRATALAB_OUTPUTS. */
  readonly outputs: readonly string[];
  readonly deadlineSeconds?: number;
  /** Where a runtime holds attempts back, those of a tenant that ask for more start first; 0 when left out. Moves nothing of another tenant, ends nothing that runs. */
  readonly priority?: number;
}

export type JobEnd = 'exited' | 'cancelled' | 'deadline' | 'not-started' | 'lost';

/**
 * absent: nothing of this attempt is known. ended: no process of it is left; `end` says how it came to it:
 * exited by itself, cancelled, deadline passed, not-started (not one process of the gang did), lost (its supervision died, or the machine did).
 */
export type JobObservation =
  | { readonly phase: 'absent' }
  | { readonly phase: 'starting' }
  | { readonly phase: 'running'; readonly startedAt: string }
  | {
      readonly phase: 'ended';
      readonly end: JobEnd;
      /** Of the first process that failed; 0 when all succeeded; absent when none ran or nobody saw it. */
      readonly exitCode?: number;
      /** Rank of the process that failed first. */
      readonly failedRank?: number;
      readonly message?: string;
      readonly startedAt?: string;
      readonly endedAt?: string;
    };

export interface JobLogSlice {
  readonly text: string;
  readonly nextOffset: number;
  /** Everything written so far was read. */
  readonly isAtEnd: boolean;
}

/**
 * Runs gangs of processes. Attempts are independent of the life of this process: they go on when it dies and are found again by their identity.
 */
export interface JobRuntime {
  /** What all jobs together may use. */
  capacity(): Promise<JobCapacity>;
  /** How jobs of a tenant can be started here; absent: `plainLaunchers`. */
  launchers?(tenant: string): Promise<readonly JobLauncher[]>;
  /** Names of the kinds of GPU a job may ask for; absent where all are alike. */
  readonly gpuKinds?: readonly string[];
  /**
   * Starts all processes of the attempt or none. Idempotent: a second start, also after a crash in the first or from another process,
   * changes nothing. Returns before the processes run; `observe` tells.
   */
  start(request: JobStart): Promise<void>;
  observe(attempt: JobAttempt): Promise<JobObservation>;
  /**
   * Tells, until `signal` aborts, of attempts that may be seen differently now; soon after it happened, gathered over a fraction of a second. May tell of one twice, late or,
   * after a fault, not at all, and of attempts of another platform: look, and look by yourself now and then. Absent: nobody tells, so look often.
   */
  changes?(onChange: (attempts: readonly JobAttempt[]) => void, signal: AbortSignal): void;
  /**
   * Why an attempt that is starting does not run yet, in plain words; undefined when nothing is known. Absent where a start never waits.
   * @param last what was answered before: answered again where asking once more would be too much
   */
  waitingReason?(attempt: JobAttempt, last?: string): Promise<string | undefined>;
  /** Asks all processes to end and kills, after `graceMs`, what is left; idempotent; what has ended stays as it ended. */
  cancel(attempt: JobAttempt, options: { readonly graceMs: number }): Promise<void>;
  /**
   * Reads the log of one process (`part`: a rank or `launcher`) over all attempts of the job, from a byte offset, cut at a whole character.
   * Nothing yet: an empty text and the same offset. @throws range-not-satisfiable beyond the end
   */
  readLog(job: Omit<JobAttempt, 'attempt'>, request: { readonly part: string; readonly offset: number; readonly limitBytes: number }): Promise<JobLogSlice>;
  /**
   * Moves an output folder of an ended attempt to the staging place `stagingId` of its tenant; no bytes are copied. Idempotent.
   * @returns false when the job wrote nothing there. @throws invalid-input for links and special files
   */
  stageOutput(attempt: JobAttempt, output: { readonly name: string; readonly stagingId: string }): Promise<boolean>;
  /** Takes the credential and the working files of an ended attempt away; logs stay. Idempotent. */
  tidy(attempt: JobAttempt): Promise<void>;
  /** Removes everything of a job, logs too; idempotent. What still runs is killed first. @returns false while something runs: call again */
  remove(job: Omit<JobAttempt, 'attempt'>): Promise<boolean>;
  /** The nearest smaller ask that would start now in the place of this waiting attempt; undefined when nothing would. May be some seconds old. */
  smallerAsk?(attempt: JobAttempt, ask: JobAsk): Promise<JobAsk | undefined>;
  /** The machines behind `capacity`, at most some seconds old; absent where there is one machine and compute knows all that is used. */
  pool?(): Promise<JobPool>;
}
