import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import { startTicks } from '@stratalab/kernel/start-ticks';
import type { Layout } from './layout.ts';

/**
 * Takes the data folder for this process; the answer gives it back.
 * The lock is one of the kernel, held through SQLite: it ends with the process, however that ends, so there is never a dead one
 * to take over. The pid beside it is for people.
 * @throws in-use naming the living process that has it
 */
export async function claimDataFolder(layout: Layout): Promise<() => Promise<void>> {
  await mkdir(layout.run, { recursive: true, mode: 0o700 });
  const lock = tryLock(join(layout.run, 'supervisor.lock'));
  if (lock === undefined) throw inUse(layout, await waitForHolder(layout));
  const path = claimPath(layout);
  await writeFile(`${path}.new`, `${process.pid}\n${(await startTicks(process.pid)) ?? ''}\n${layout.port}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return async () => {
    await rm(path, { force: true });
    lock.close();
  };
}

/** Pid of the process that has the folder; `undefined` when none lives. */
export async function runningSupervisor(layout: Layout): Promise<number | undefined> {
  return (await livingHolder(claimPath(layout)))?.pid;
}

/** The layout with the port that the running platform listens on, whatever this command was told; `undefined` when none runs. */
export async function runningLayout(layout: Layout): Promise<Layout | undefined> {
  const holder = await livingHolder(claimPath(layout));
  return holder === undefined ? undefined : { ...layout, port: holder.port ?? layout.port };
}

function claimPath(layout: Layout): string {
  return join(layout.run, 'supervisor.pid');
}

/** An exclusive lock on a file, until `close` or the end of this process; `undefined` when somebody has it. */
function tryLock(path: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(path);
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (String(error).includes('database is locked')) return undefined;
    throw error;
  }
}

/** Who has the lock writes its pid at once; a moment's patience finds it. */
async function waitForHolder(layout: Layout): Promise<number | undefined> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const pid = await runningSupervisor(layout);
    if (pid !== undefined) return pid;
    await pause(50);
  }
  return undefined;
}

function inUse(layout: Layout, pid: number | undefined): Problem {
  const who = pid === undefined ? 'another process' : `the process ${pid}`;
  return new Problem('in-use', {
    detail: `The data folder ${layout.data} is in use by ${who}.`,
    hint: `Open the running Stratalab, or stop it first: ${pid === undefined ? 'npx stratalab stop' : `kill ${pid}`}`
  });
}

/** A pid is reused sooner or later: it counts only for the process that started when the claim says. */
async function livingHolder(path: string): Promise<{ readonly pid: number; readonly port: number | undefined } | undefined> {
  const [first, startTime, portText] = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid < 2 || !isAlive(pid)) return undefined;
  // Only Linux tells when a process started; elsewhere the pid has to do.
  const isSame = process.platform !== 'linux' || (await startTicks(pid)) === startTime;
  return isSame ? { pid, port: portText === undefined || portText === '' ? undefined : Number(portText) } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return String(error).includes('EPERM');
  }
}
