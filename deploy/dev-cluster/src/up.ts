import { readRecord, tiers, writeRecord, type Cluster, type Tier } from './cluster.ts';
import { startControlPlane } from './tiers/control-plane.ts';
import { createDefinitions } from './tiers/definitions.ts';
import { startFakeNodes } from './tiers/fake-nodes.ts';
import { startSchedulers } from './tiers/schedulers.ts';

interface Step {
  readonly title: string;
  readonly tier: Tier;
  readonly run: (cluster: Cluster) => Promise<void>;
}

const steps: readonly Step[] = [
  { title: 'control plane ready', tier: 't1', run: startControlPlane },
  { title: 'custom resources served', tier: 't1', run: createDefinitions },
  { title: 'schedulers and operators running', tier: 't2', run: startSchedulers },
  { title: 'simulated nodes ready', tier: 't2', run: startFakeNodes }
];

/**
 * Brings a cluster up to a tier: t1 is a control plane that judges objects, t2 adds schedulers, operators and simulated nodes.
 * Safe to repeat: what runs is left alone, what died is started again, and a higher tier adds to a lower one.
 */
export async function up(cluster: Cluster, tier: Tier, say: (text: string) => void): Promise<void> {
  const known = await readRecord(cluster.settings);
  const wanted = known !== undefined && tiers.indexOf(known.tier) > tiers.indexOf(tier) ? known.tier : tier;
  await writeRecord(cluster.settings, wanted);
  const started = performance.now();
  for (const step of steps) {
    if (tiers.indexOf(step.tier) > tiers.indexOf(wanted)) continue;
    await step.run(cluster);
    say(`${step.title} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}
