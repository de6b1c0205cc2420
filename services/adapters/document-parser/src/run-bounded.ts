import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

export interface ProcessLimits {
  readonly timeoutMs: number;
  /** Resident memory of the whole process. */
  readonly memoryMiB: number;
  /** Heap of the JavaScript engine, which ends the process itself. */
  readonly heapMiB: number;
  readonly outputBytes: number;
}

export interface BoundedRun {
  readonly program: string;
  readonly argument: string;
  readonly input: AsyncIterable<Uint8Array>;
  readonly limits: ProcessLimits;
  readonly signal?: AbortSignal;
}

export type Outcome = { readonly end: 'finished'; readonly output: string } | { readonly end: 'timed-out' | 'out-of-memory' | 'too-much-output' | 'crashed' };

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const watchMs = 50;

/**
 * Runs one program of ours in a bounded process: it may read code of this product and write nothing, has no environment, and is killed
 * at the first limit it crosses. Resolves when the process is gone.
 * @throws the signal's reason when it aborts, or what reading `input` throws
 */
export async function runBounded(run: BoundedRun): Promise<Outcome> {
  run.signal?.throwIfAborted();
  const flags = ['--permission', `--allow-fs-read=${root}node_modules/`, `--allow-fs-read=${root}services/`, `--allow-fs-read=${root}package.json`];
  const child = spawn(process.execPath, [...flags, `--max-old-space-size=${run.limits.heapMiB}`, '--disable-warning=ExperimentalWarning', run.program, run.argument], {
    env: {},
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore']
  });
  const { ended, stop } = follow(child, run.limits);
  const onAbort = (): void => stop('crashed');
  run.signal?.addEventListener('abort', onAbort, { once: true });
  let inputFailure: unknown;
  const fed = pipeline(Readable.from(run.input), child.stdin).catch((error: unknown) => {
    // EPIPE means that the child is gone, which `ended` tells; anything else is the source's failure.
    if (child.exitCode === null && child.signalCode === null && !isBrokenPipe(error)) {
      inputFailure = error;
      stop('crashed');
    }
  });
  const outcome = await ended;
  await fed;
  run.signal?.removeEventListener('abort', onAbort);
  run.signal?.throwIfAborted();
  if (inputFailure !== undefined) throw inputFailure;
  return outcome;
}

type Cause = Exclude<Outcome['end'], 'finished'>;

function follow(child: ChildProcess & { readonly stdout: Readable }, limits: ProcessLimits): { readonly ended: Promise<Outcome>; readonly stop: (cause: Cause) => void } {
  let cause: Cause | undefined;
  const stop = (reason: Cause): void => {
    cause ??= reason;
    child.kill('SIGKILL');
  };
  const pieces: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size > limits.outputBytes) stop('too-much-output');
    else pieces.push(piece);
  });
  const clock = setTimeout(() => stop('timed-out'), limits.timeoutMs);
  const watch = setInterval(() => {
    if (residentMiB(child.pid) > limits.memoryMiB) stop('out-of-memory');
  }, watchMs);
  const ended = new Promise<Outcome>(resolve => {
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(clock);
      clearInterval(watch);
      if (cause !== undefined) return resolve({ end: cause });
      if (code === 0) return resolve({ end: 'finished', output: Buffer.concat(pieces).toString('utf8') });
      // The engine aborts when its heap is full.
      return resolve({ end: signal === 'SIGABRT' || signal === 'SIGKILL' || code === 134 ? 'out-of-memory' : 'crashed' });
    };
    child.once('close', finish);
    child.once('error', () => finish(1, null));
  });
  return { ended, stop };
}

/** Resident memory by /proc; 0 where there is none, so that the heap limit alone holds. */
function residentMiB(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * 4096) / 1024 / 1024;
  } catch {
    // The process ended between two looks.
    return 0;
  }
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET');
}
