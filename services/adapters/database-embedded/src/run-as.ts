import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/** PostgreSQL refuses root; a user namespace gives it another uid while its files stay the caller's. */
export function asUser(program: string, args: readonly string[]): readonly [string, readonly string[]] {
  return process.getuid?.() === 0 ? ['unshare', ['-U', '--map-user=1000', '--map-group=1000', program, ...args]] : [program, args];
}

export function spawnAsUser(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const [command, commandArgs] = asUser(program, args);
  return spawn(command, commandArgs, options);
}

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end and collects what it says (at most 64 KiB). */
export async function runToEnd(program: string, args: readonly string[], options: SpawnOptions & { readonly isUserMapped?: boolean } = {}): Promise<Outcome> {
  const { isUserMapped = true, ...rest } = options;
  const settings: SpawnOptions = { ...rest, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = isUserMapped ? spawnAsUser(program, args, settings) : spawn(program, args, settings);
  const chunks: string[] = [];
  const collect = (chunk: Buffer): void => {
    if (chunks.length < 64) chunks.push(chunk.toString('utf8'));
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? (signal === null ? 1 : 128)));
  });
  return { code, output: chunks.join('') };
}
