import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
  /** Ends it when this aborts. */
  readonly signal?: AbortSignal;
  /** Called with each line of standard error, for progress of long programs. */
  readonly onLine?: (line: string) => void;
}

export interface ProgramResult {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

const defaultTimeoutMs = 120_000;

/** Runs a program to its end without a shell; never throws for a bad exit code. @throws Error when it cannot be started */
export function tryProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      signal: AbortSignal.any([AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs), ...(options.signal === undefined ? [] : [options.signal])])
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      for (const line of text.split('\n')) if (line.trim() !== '') options.onLine?.(line.trim());
    });
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? 1, output, errors }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** As `tryProgram`. @throws Error with the end of what it said when it ends badly */
export async function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const result = await tryProgram(program, args, options);
  if (result.code !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${result.code}: ${(result.errors || result.output).trim().slice(-2000)}`);
  return result.output;
}
