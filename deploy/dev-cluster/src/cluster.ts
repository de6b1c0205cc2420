import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createProcesses, type Processes } from './processes/processes.ts';
import { runProgram, tryProgram, type ProgramResult } from './run-program.ts';
import { portsOf, type Settings } from './settings.ts';

export const tiers = ['t1', 't2'] as const;
export type Tier = (typeof tiers)[number];

/** One cluster: where its files are, and how to speak to it. */
export interface Cluster {
  readonly settings: Settings;
  readonly ports: ReturnType<typeof portsOf>;
  readonly processes: Processes;
  readonly certificates: string;
  readonly kubeconfig: string;
  program(name: string): string;
  /** Runs kubectl as the administrator. @throws Error with what it said */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  tryKubectl(args: readonly string[], input?: string): Promise<ProgramResult>;
}

export function openCluster(settings: Settings): Cluster {
  const certificates = join(settings.state, 'certificates');
  const kubeconfig = join(certificates, 'admin.kubeconfig');
  const kube = join(settings.binaries, 'kube');
  const words = (args: readonly string[]): readonly string[] => ['kubectl', '--kubeconfig', kubeconfig, ...args];
  // kubectl keeps what it learned about an API server in the home folder; that of a cluster stays with it.
  const options = (input?: string) => ({ environment: { HOME: settings.state }, ...(input === undefined ? {} : { input }) });
  return {
    settings,
    certificates,
    kubeconfig,
    ports: portsOf(settings),
    processes: createProcesses(settings.state),
    program: name => join(settings.binaries, name),
    kubectl: (args, input) => runProgram(kube, words(args), options(input)),
    tryKubectl: (args, input) => tryProgram(kube, words(args), options(input))
  };
}

interface Record {
  readonly tier: Tier;
  readonly port: number;
}

const recordFile = (settings: Settings): string => join(settings.state, 'cluster.json');

/** What this state folder was made for; undefined when there is no cluster in it. */
export async function readRecord(settings: Settings): Promise<Record | undefined> {
  const file = recordFile(settings);
  if (!existsSync(file)) return undefined;
  const record: Record = JSON.parse(await readFile(file, 'utf8'));
  return record;
}

/** @throws Error when the folder holds a cluster with another address, whose certificates would not fit */
export async function writeRecord(settings: Settings, tier: Tier): Promise<void> {
  const known = await readRecord(settings);
  if (known !== undefined && known.port !== settings.port) {
    throw new Error(`The cluster in ${settings.state} listens on port ${known.port}, not ${settings.port}. Take it down first, or use another STRATALAB_CLUSTER_STATE.`);
  }
  await mkdir(settings.state, { recursive: true, mode: 0o700 });
  await writeFile(recordFile(settings), JSON.stringify({ tier, port: settings.port } satisfies Record));
}

export async function forget(settings: Settings): Promise<void> {
  await rm(settings.state, { recursive: true, force: true });
}

/** Asks until the answer is true. @throws Error with `what` after `timeoutMs` */
export async function until(what: string, check: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s.`);
    await pause(100);
  }
}
