import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Problem } from '@stratalab/contracts';

/**
 * The uid under which server programs see themselves; `undefined` when they can run as this user.
 * PostgreSQL refuses root and users without a name (a container's random uid), so these get another user's
 * number by a user namespace. Files stay theirs.
 */
function mappedUser(): number | undefined {
  if (process.getuid === undefined || (process.getuid() !== 0 && hasName())) return undefined;
  const numbers = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => Number(line.split(':')[2]))
    .filter(uid => uid > 0);
  return numbers.includes(nobody) ? nobody : (numbers[0] ?? nobody);
}

const nobody = 65_534;

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

function asMappedUser(program: string, args: readonly string[]): readonly [string, readonly string[]] {
  const user = mappedUser();
  return user === undefined ? [program, args] : ['unshare', ['-U', `--map-user=${user}`, `--map-group=${user}`, program, ...args]];
}

/** Starts a server program (postgres, initdb) as a user it accepts. */
export function spawnServerProgram(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const [command, commandArgs] = asMappedUser(program, args);
  return spawn(command, commandArgs, { ...options, env: options.env ?? cleanEnvironment() });
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

/** @throws unavailable when only a user namespace could run the server, and this machine allows none */
export async function assertServerMayRun(): Promise<void> {
  if (mappedUser() === undefined) return;
  const outcome = await collect(spawnServerProgram('true', [], { stdio: ['ignore', 'pipe', 'pipe'] })).catch(() => undefined);
  if (outcome?.code === 0) return;
  throw new Problem('unavailable', {
    detail: 'PostgreSQL does not run as root or as a user without a name, and this machine allows no user namespace.',
    hint: 'Start Stratalab as an ordinary user.'
  });
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
