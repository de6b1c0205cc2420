import { spawn } from 'node:child_process';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTicks } from '@stratalab/kernel/start-ticks';

export interface ProcessSpec {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Ended at once: for a process whose end takes all that it holds with it. */
  readonly isKilled?: boolean;
  /** Started again whenever it ends: for what a kubelet would keep running, since a scheduler may panic. */
  readonly isKept?: boolean;
}

export interface ProcessState {
  readonly name: string;
  /** Of the program, or of what keeps it running. */
  readonly pid: number;
  readonly isRunning: boolean;
  /** Exit statuses (128 + signal) with which a kept program ended so far; after each it was started again. */
  readonly ends: readonly number[];
}

interface KnownProcess {
  readonly pid: number;
  readonly ticks: string;
}

interface ProcessRecord extends KnownProcess {
  readonly isKilled?: boolean;
  readonly name: string;
  readonly order: number;
}

const graceMs = 10_000;
const keeper = fileURLToPath(new URL('keep.sh', import.meta.url));

/** The processes of one cluster: started once, found again by what was written down, stopped only if they are the ones that were started. */
export function createProcesses(state: string) {
  const records = join(state, 'processes');
  const logs = join(state, 'log');
  const ends = join(state, 'ends');

  const read = async (): Promise<readonly ProcessRecord[]> => {
    const names = await readdir(records).catch(() => []);
    const found = await Promise.all(names.map(async (name): Promise<ProcessRecord> => JSON.parse(await readFile(join(records, name), 'utf8'))));
    return found.sort((a, b) => a.order - b.order);
  };
  const isRunning = async ({ pid, ticks }: KnownProcess): Promise<boolean> => (await startTicks(pid)) === ticks;
  const waitForEnd = async (known: readonly KnownProcess[]): Promise<void> => {
    const deadline = Date.now() + graceMs;
    while ((await Promise.all(known.map(isRunning))).includes(true) && Date.now() < deadline) await pause(50);
  };

  return {
    logOf: (name: string): string => join(logs, `${name}.log`),
    /** Name and state of everything that was ever started here and not stopped. */
    async list(): Promise<readonly ProcessState[]> {
      const stateOf = async (record: ProcessRecord): Promise<ProcessState> => {
        const lines = (await readFile(join(ends, record.name), 'utf8').catch(() => '')).split('\n').filter(line => line !== '');
        return { name: record.name, pid: record.pid, isRunning: await isRunning(record), ends: lines.map(Number) };
      };
      return Promise.all((await read()).map(stateOf));
    },
    /** Starts the program in a session of its own, its output in a log. @returns false when it runs already */
    async start(spec: ProcessSpec): Promise<boolean> {
      await mkdir(records, { recursive: true });
      await mkdir(logs, { recursive: true });
      await mkdir(ends, { recursive: true });
      const known = await read();
      const same = known.find(record => record.name === spec.name);
      if (same !== undefined && (await isRunning(same))) return false;
      const log = await open(join(logs, `${spec.name}.log`), 'a', 0o600);
      try {
        const [program, ...args] = spec.isKept === true ? [keeper, join(ends, spec.name), spec.program, ...spec.args] : [spec.program, ...spec.args];
        const child = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd], env: { ...process.env, ...spec.environment } });
        await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
        child.unref();
        const ticks = child.pid === undefined ? undefined : await startTicks(child.pid);
        if (child.pid === undefined || ticks === undefined) throw new Error(`${spec.name} ended at once; see ${join(logs, `${spec.name}.log`)}.`);
        const order = Math.max(0, ...known.map(record => record.order)) + 1;
        await writeFile(
          join(records, spec.name),
          JSON.stringify({ name: spec.name, pid: child.pid, ticks, order, ...(spec.isKilled === true ? { isKilled: true } : {}) } satisfies ProcessRecord)
        );
        return true;
      } finally {
        await log.close();
      }
    },
    /** Stops them, newest first: asked, and after ten seconds killed. Returns when they, and what a killed one held, are gone: their files are taken away next. */
    async stopAll(say: (text: string) => void): Promise<void> {
      for (const record of [...(await read())].reverse()) {
        if (await isRunning(record)) {
          say(`stopping ${record.name}`);
          const own = [record, ...(await childrenOf(record.pid))];
          signal(record.pid, record.isKilled === true ? 'SIGKILL' : 'SIGTERM');
          await waitForEnd(own);
          if (await isRunning(record)) signal(record.pid, 'SIGKILL');
          await waitForEnd(own);
        }
        await rm(join(records, record.name), { force: true });
      }
    }
  };
}

export type Processes = ReturnType<typeof createProcesses>;

/** Processes that one started itself: the program of a keeper, or the first of a namespace, which ends when all of it has ended. */
export async function childrenOf(parent: number): Promise<readonly KnownProcess[]> {
  const pids = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '')).split(' ').filter(word => word !== '');
  const found = await Promise.all(pids.map(async pid => ({ pid: Number(pid), ticks: await startTicks(Number(pid)) })));
  return found.flatMap(({ pid, ticks }) => (ticks === undefined ? [] : [{ pid, ticks }]));
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it ended by itself meanwhile
  }
}
