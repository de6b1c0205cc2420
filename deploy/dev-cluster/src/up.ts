import { forget, readRecord, tiers, writeRecord, type Cluster, type Tier } from './cluster.ts';
import { cleanNode } from './node/clean.ts';
import { demandRealNode } from './node/requirements.ts';
import { startControlPlane } from './tiers/control-plane.ts';
import { createDefinitions } from './tiers/definitions.ts';
import { removeNetwork, startNetwork } from './node/network.ts';
import { startNode } from './node/node.ts';
import { startFakeNodes } from './tiers/fake-nodes.ts';
import { hasObjectStore, startObjectStore } from './tiers/object-store.ts';
import { startSchedulers } from './tiers/schedulers.ts';

interface Step {
  readonly title: string;
  readonly tier: Tier;
  /** Taken only when asked for, and again when it was taken before. */
  readonly isWanted?: (cluster: Cluster, options: UpOptions) => Promise<boolean>;
  readonly run: (cluster: Cluster) => Promise<void>;
}

export interface UpOptions {
  /** An S3 beside the cluster. */
  readonly hasObjectStore?: boolean;
}

const steps: readonly Step[] = [
  { title: 'network of the node ready', tier: 't3', run: startNetwork },
  { title: 'control plane ready', tier: 't1', run: startControlPlane },
  { title: 'custom resources served', tier: 't1', run: createDefinitions },
  { title: 'schedulers and operators running', tier: 't2', run: startSchedulers },
  { title: 'simulated nodes ready', tier: 't2', run: startFakeNodes },
  { title: 'real node ready, with names', tier: 't3', run: startNode },
  {
    title: 'object store ready',
    tier: 't1',
    isWanted: async (cluster, options) => options.hasObjectStore === true || (await hasObjectStore(cluster)),
    run: startObjectStore
  }
];

/**
 * Brings a cluster up to its tier: t1 is a control plane that judges objects, t2 adds schedulers, operators and simulated nodes, t3 a real node with real pods.
 * Safe to repeat: what runs is left alone, what died is started again, and t2 adds to t1.
 */
export async function up(cluster: Cluster, say: (text: string) => void, options: UpOptions = {}): Promise<void> {
  if (cluster.tier === 't3') await demandRealNode();
  const known = await readRecord(cluster.settings);
  const tier = known !== undefined && tiers.indexOf(known.tier) > tiers.indexOf(cluster.tier) ? known.tier : cluster.tier;
  await writeRecord({ ...cluster, tier });
  const started = performance.now();
  for (const step of steps) {
    if (tiers.indexOf(step.tier) > tiers.indexOf(tier)) continue;
    if (step.isWanted !== undefined && !(await step.isWanted(cluster, options))) continue;
    await step.run(cluster);
    say(`${step.title} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** Stops what was started, newest first, gives back what the node changed on this machine, and forgets the cluster. */
export async function down(cluster: Cluster, say: (text: string) => void): Promise<void> {
  await cluster.processes.stopAll(say);
  await cleanNode(cluster);
  await removeNetwork(cluster);
  await forget(cluster.settings);
}
