import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createProcesses, type Processes } from './processes/processes.ts';
import { runProgram, tryProgram, type ProgramResult } from './run-program.ts';
import { hostAddress, portsOf, type Settings } from './settings.ts';

export const tiers = ['t1', 't2', 't3'] as const;
export type Tier = (typeof tiers)[number];

/** Where the API listens: on loopback, or on the host's end of the cable to a real node, whose pods must reach it. */
export function addressOf(tier: Tier): string {
  return tier === 't3' ? hostAddress : '127.0.0.1';
}

/** One cluster: where its files are, and how to speak to it. */
export interface Cluster {
  readonly settings: Settings;
  readonly tier: Tier;
  /** Address of the API server. */
  readonly address: string;
  readonly ports: ReturnType<typeof portsOf>;
  readonly processes: Processes;
  readonly certificates: string;
  readonly kubeconfig: string;
  program(name: string): string;
  /** What another program calls to run kubectl as the administrator. */
  readonly kubectlWords: readonly string[];
  /** Runs kubectl as the administrator. @throws Error with what it said */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  tryKubectl(args: readonly string[], input?: string): Promise<ProgramResult>;
}

/** @param tier of a cluster that is not there yet; one that is keeps at least the tier it has */
export function openCluster(settings: Settings, tier: Tier): Cluster {
  const certificates = join(settings.state, 'certificates');
  const kubeconfig = join(certificates, 'admin.kubeconfig');
  const kube = join(settings.binaries, 'kube');
  const words = (args: readonly string[]): readonly string[] => ['kubectl', '--kubeconfig', kubeconfig, ...args];
  // kubectl keeps what it learned about an API server in the home folder; that of a cluster stays with it.
  const options = (input?: string) => ({ environment: { HOME: settings.state }, ...(input === undefined ? {} : { input }) });
  return {
    settings,
    tier,
    address: addressOf(tier),
    certificates,
    kubeconfig,
    ports: portsOf(settings),
    processes: createProcesses(settings.state),
    program: name => join(settings.binaries, name),
    kubectlWords: [kube, ...words(['--cache-dir', join(settings.state, '.kube/cache')])],
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
export async function writeRecord({ settings, tier, address }: Cluster): Promise<void> {
  const known = await readRecord(settings);
  const hint = 'Take it down first, or use another STRATALAB_CLUSTER_STATE.';
  if (known !== undefined && known.port !== settings.port) throw new Error(`The cluster in ${settings.state} listens on port ${known.port}, not ${settings.port}. ${hint}`);
  if (known !== undefined && addressOf(known.tier) !== address) throw new Error(`The cluster in ${settings.state} is of tier ${known.tier}, whose API listens elsewhere. ${hint}`);
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
