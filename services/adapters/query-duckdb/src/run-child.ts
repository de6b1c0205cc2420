import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '@stratalab/contracts';
import { childEnvironment, type Wrap } from './find-jail.ts';
import type { ChildAnswer, ChildRequest } from './protocol.ts';

const childPath = fileURLToPath(new URL('./child/main.ts', import.meta.url));
/** JavaScript heap of the child; DuckDB's own memory has its own limit. */
const heapMiB = 256;
const longestErrorChars = 4_000;

export interface ChildOptions {
  readonly signal: AbortSignal;
  /** Puts the command into a jail; as it is when absent. */
  readonly wrap?: Wrap | undefined;
}

/**
 * Runs one request in a process of its own: nothing of our environment, killed on time-out and when the signal aborts.
 * @throws timed-out; unavailable when the process ended without an answer; the signal's reason
 */
export async function runChild(request: ChildRequest, options: ChildOptions): Promise<ChildAnswer> {
  options.signal.throwIfAborted();
  const command = [process.execPath, `--max-old-space-size=${heapMiB}`, '--no-warnings', childPath];
  const [program = process.execPath, ...rest] = options.wrap?.(command, request) ?? command;
  const limit = AbortSignal.timeout(request.limits.timeoutMs);
  const child = spawn(program, rest, { env: childEnvironment, stdio: ['pipe', 'pipe', 'pipe'], signal: AbortSignal.any([options.signal, limit]), killSignal: 'SIGKILL' });
  const output: Buffer[] = [];
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-longestErrorChars);
  });
  // A child that dies before it reads gives EPIPE here; its end is reported below.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(request)}\n`);
  const spawnError = await new Promise<Error | undefined>(resolve => {
    let error: Error | undefined;
    child.once('error', reason => {
      error = reason;
      if (child.pid === undefined) resolve(reason);
    });
    child.once('close', () => resolve(error));
  });
  options.signal.throwIfAborted();
  if (limit.aborted) {
    const seconds = request.limits.timeoutMs / 1000;
    throw new Problem('timed-out', { detail: `The query was stopped after ${seconds} s.`, hint: 'Read fewer rows or columns, or raise the time-out.' });
  }
  return parse(Buffer.concat(output).toString('utf8'), spawnError?.message ?? said);
}

function parse(text: string, said: string): ChildAnswer {
  try {
    return unsafeAnswer(JSON.parse(text));
  } catch (error) {
    const isOutOfHeap = said.includes('heap out of memory');
    throw new Problem('unavailable', {
      detail: isOutOfHeap ? 'The query needed more memory than it may use.' : 'The query process ended without an answer.',
      hint: 'Try again; read fewer rows if it happens again.',
      cause: said === '' ? error : new Error(said)
    });
  }
}

/** Written by our own child. */
function unsafeAnswer(value: unknown): ChildAnswer {
  return value as ChildAnswer;
}
