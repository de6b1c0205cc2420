import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { Layout } from './layout.ts';

/**
 * Takes the data folder for this process; the answer gives it back.
 * @throws in-use naming the living process that has it; a dead one's claim is taken over, by exactly one taker
 */
export async function claimDataFolder(layout: Layout): Promise<() => Promise<void>> {
  const path = claimPath(layout);
  await mkdir(layout.run, { recursive: true, mode: 0o700 });
  const own = `${process.pid}\n${(await startTimeOf(process.pid)) ?? ''}\n`;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    while (!(await tryLink(draft, path))) {
      const holder = await livingHolder(path);
      if (holder !== undefined) throw inUse(layout, holder);
      await setAside(layout, path);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => '')) === own) await rm(path, { force: true });
  };
}

/** Pid of the process that has the folder; `undefined` when none lives. */
export function runningSupervisor(layout: Layout): Promise<number | undefined> {
  return livingHolder(claimPath(layout));
}

function claimPath(layout: Layout): string {
  return join(layout.run, 'supervisor.pid');
}

/** Moves a dead claim away. Between look and move somebody else may have claimed: then that claim is put back. */
async function setAside(layout: Layout, path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false
  );
  if (!isMoved) return;
  try {
    const holder = await livingHolder(aside);
    if (holder === undefined) return;
    await tryLink(aside, path);
    throw inUse(layout, holder);
  } finally {
    await rm(aside, { force: true });
  }
}

function tryLink(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    }
  );
}

function inUse(layout: Layout, pid: number): Problem {
  return new Problem('in-use', { detail: `The data folder ${layout.data} is in use by the process ${pid}.`, hint: `Open the running Stratalab, or stop it first: kill ${pid}` });
}

/** A pid is reused sooner or later: it counts only for the process that started when the claim says. */
async function livingHolder(path: string): Promise<number | undefined> {
  const [first, startTime] = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid < 2 || !isAlive(pid)) return undefined;
  const now = await startTimeOf(pid);
  return now === undefined || startTime === undefined || startTime === '' || now === startTime ? pid : undefined;
}

/** Start of a process in clock ticks since boot; `undefined` where the system does not tell, or for a zombie. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'ended' : fields[19];
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
