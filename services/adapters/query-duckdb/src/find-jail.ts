import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { askedOnce, endsWell } from '@stratalab/kernel';
import type { ChildRequest } from './protocol.ts';

export interface JailOptions {
  /** The program that hides the data folder (job-runtime-local/jail.sh). */
  readonly program: string;
  readonly dataFolder: string;
}

/** Puts the command of a child into the jail of its request. */
export type Wrap = (command: readonly string[], request: ChildRequest) => readonly string[];

const tryMs = 10_000;
/** No network either: a query has nothing to fetch. */
const withoutNetwork = ['unshare', '--user', '--map-current-user', '--net', '--'];

/** What the jail's own programs are found by; nothing of the platform's environment goes on. */
export const childEnvironment: Readonly<Record<string, string>> = { TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };

/**
 * Tries the jail once, on the first call: not every system lets it make the namespaces it needs. Without it the locked database is the wall.
 * The finder throws unavailable when trying took too long, and tries again at the next call.
 */
export function createJailFinder(options: JailOptions | undefined): () => Promise<Wrap | undefined> {
  return askedOnce(async () => (options === undefined ? undefined : tryJail(options)));
}

async function tryJail({ program, dataFolder }: JailOptions): Promise<Wrap | undefined> {
  const trial = ['--data', dataFolder, '--home', dataFolder, '--', ...withoutNetwork, 'true'];
  if (!(await endsWell('the jail of queries', () => promisify(execFile)(program, trial, { timeout: tryMs, env: childEnvironment })))) return undefined;
  return (command, request) => {
    const readable = new Set(request.tables.flatMap(({ files }) => files.map(file => dirname(file))));
    const writable = request.outputPath === undefined ? [] : ['--write', dirname(request.outputPath)];
    const folders = [...[...readable].flatMap(folder => ['--read', folder]), ...writable];
    return [program, '--data', dataFolder, '--home', request.temporaryFolder, ...folders, '--', ...withoutNetwork, ...command];
  };
}
