import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { locatePostgres, type PostgresBinaries } from './locate.ts';
import { startPostgres, stopPostgres } from './server.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../', import.meta.url));

export interface TestClusters {
  readonly binaries: PostgresBinaries;
  readonly binaries18: PostgresBinaries;
  /** A data folder with a fresh, stopped cluster. */
  create(): Promise<string>;
  /** Stops every server and process made here and removes their folders. */
  close(): Promise<void>;
  /** A process that ends with `close`. */
  start(command: string, args: readonly string[]): ChildProcess;
}

/** Clusters for tests: made once by initdb, then copied (0.1 s each). */
export async function createTestClusters(): Promise<TestClusters> {
  const environment = process.env['STRATALAB_VENV'] ?? join(root, '.venv');
  const [binaries, binaries18] = [await locatePostgres(environment), await locatePostgres(environment, 18)];
  const parent = await mkdtemp('/tmp/stratalab-pg-');
  const template = join(parent, '0');
  await startPostgres(binaries, template);
  await stopPostgres(template);
  const folders: string[] = [];
  const children: ChildProcess[] = [];
  return {
    binaries,
    binaries18,
    async create() {
      const folder = join(parent, String(folders.length + 1));
      folders.push(folder);
      await run('cp', ['-a', template, folder]);
      return folder;
    },
    start(command, args) {
      const child = spawn(command, args, { stdio: 'ignore' });
      children.push(child);
      return child;
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      for (const folder of folders) await stopPostgres(folder);
      await rm(parent, { recursive: true, force: true });
    }
  };
}

/** A process that has ended and that its parent never reaps, as after a kill -9; `parent` holds it until it is killed. */
export async function makeZombie(clusters: TestClusters): Promise<{ readonly pid: number; readonly parent: ChildProcess }> {
  const parent = clusters.start('sh', ['-c', 'sleep 0 & exec sleep 600']);
  for (;;) {
    const [child] = (await readFile(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8')).trim().split(' ');
    const stat = child === undefined || child === '' ? '' : await readFile(`/proc/${child}/stat`, 'utf8').catch(() => '');
    if (stat.includes(') Z ')) return { pid: Number(child), parent };
    await pause(10);
  }
}

/** Puts another pid into the first line of a lock file. */
export function withPid(lock: string, pid: number): string {
  return [pid, ...lock.split('\n').slice(1)].join('\n');
}
