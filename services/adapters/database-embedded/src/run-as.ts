import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { Problem } from '@stratalab/contracts';

const mapping = ['-U', '--map-user=1000', '--map-group=1000'];

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Starts a server program; PostgreSQL refuses root, so root's gets another uid by a user namespace (its files stay root's). */
export function spawnServerProgram(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const settings = { ...options, env: options.env ?? cleanEnvironment() };
  return isRoot() ? spawn('unshare', [...mapping, program, ...args], settings) : spawn(program, args, settings);
}

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs a server program (initdb) to its end. */
export function runServerProgram(program: string, args: readonly string[]): Promise<Outcome> {
  return collect(spawnServerProgram(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Runs a client program (pg_basebackup, pg_dump) to its end; these do not mind root. Passwords go in `environment`. */
export function runClientProgram(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return collect(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...cleanEnvironment(), ...environment } }));
}

/** @throws unavailable when this is root and the machine allows no user namespace, the only way to run the server then */
export async function assertServerMayRun(): Promise<void> {
  if (!isRoot()) return;
  const outcome = await collect(spawn('unshare', [...mapping, 'true'], { stdio: ['ignore', 'pipe', 'pipe'] })).catch(() => undefined);
  if (outcome?.code === 0) return;
  throw new Problem('unavailable', { detail: 'PostgreSQL does not run as root, and this machine lets root make no user namespace.', hint: 'Start Stratalab as another user.' });
}

/** A person's own PGPORT, PGDATA or PGOPTIONS must not reach our server. */
function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) => (value === undefined || name.startsWith('PG') ? [] : [[name, value]]));
  return { ...Object.fromEntries(entries), LC_ALL: 'C' };
}

/** Waits for the end and keeps what was said (the first 64 chunks). */
async function collect(child: ChildProcess): Promise<Outcome> {
  const chunks: string[] = [];
  const keep = (chunk: Buffer): void => {
    if (chunks.length < 64) chunks.push(chunk.toString('utf8'));
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? (signal === null ? 1 : 128)));
  });
  return { code, output: chunks.join('') };
}
