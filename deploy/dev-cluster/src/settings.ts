import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const clusterRoot = fileURLToPath(new URL('../', import.meta.url));
/** The two ends of the cable between this machine and its real node (tier 3); the network between them is our own. */
export const hostAddress = '10.200.0.1';
export const nodeAddress = '10.200.0.2';
/** Name of the real node. */
export const nodeName = 'real-0';

/** The checkout this belongs to. */
export const repository = join(clusterRoot, '../..');

/** Where a cluster of this machine lives and listens. */
export interface Settings {
  /** Certificates, etcd's data, logs and process records of one cluster. */
  readonly state: string;
  /** Built or cached programs, shared by clusters. */
  readonly binaries: string;
  /** Folder of compressed binaries that may save a build; absent: always build. */
  readonly cache: string | undefined;
  /** First of ten ports on loopback. */
  readonly port: number;
  /** Simulated nodes, each with 64 cores, 512 GiB and 8 GPUs. */
  readonly fakeNodes: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `STRATALAB_CLUSTER_STATE`, `_BINARIES`, `_CACHE`, `_PORT` and `_FAKE_NODES`. @throws Error that names a value that makes no sense */
export function readSettings(environment: Environment = process.env): Settings {
  const cache = environment['STRATALAB_CLUSTER_CACHE'];
  if (cache !== undefined && !existsSync(cache)) throw new Error(`STRATALAB_CLUSTER_CACHE is '${cache}', but there is no such folder.`);
  return {
    state: environment['STRATALAB_CLUSTER_STATE'] ?? join(repository, '.cache/cluster/state'),
    binaries: environment['STRATALAB_CLUSTER_BINARIES'] ?? join(repository, '.cache/cluster/bin'),
    cache,
    port: wholeNumber(environment, 'STRATALAB_CLUSTER_PORT', 16_443, 65_525),
    fakeNodes: wholeNumber(environment, 'STRATALAB_CLUSTER_FAKE_NODES', 2, 5_000)
  };
}

function wholeNumber(environment: Environment, name: string, fallback: number, highest: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > highest) throw new Error(`${name} must be a whole number from 1 to ${highest}, not '${text}'.`);
  return value;
}

/** Ports by purpose, all on 127.0.0.1. */
export function portsOf(settings: Settings) {
  const at = (offset: number): number => settings.port + offset;
  return {
    api: at(0),
    etcdClient: at(1),
    etcdPeer: at(2),
    controllerManager: at(3),
    scheduler: at(4),
    kwok: at(5),
    volcanoMetrics: at(6),
    kuberayMetrics: at(7),
    kuberayHealth: at(8),
    objectStore: at(9)
  };
}
