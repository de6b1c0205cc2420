import { expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import { readScenario } from './read-scenario.ts';
import { runScenario, type Progress } from './run-scenario.ts';

/**
 * Jobs of one GPU for eight minutes on four GPUs, of which the tenant may use one, or four: so far apart that a stall of this machine, whose seconds are four minutes here,
 * does not make up for it. One pod is taken away in between.
 */
const scenario = `
durationMinutes: 10
timeScale: 240
pools: [{ name: gpu, nodes: 2, perNode: { cpu: 8, memoryGiB: 32, gpu: 2 } }]
tenants: [{ name: small, quota: { gpu: 1 } }, { name: idle }]
arrivals:
  - { tenant: small, burst: { atMinute: 0, jobs: 4 }, processes: 1, perProcess: { cpu: 1, memoryGiB: 1, gpu: 1 }, minutes: 8 }
  - { tenant: small, burst: { atMinute: 1, jobs: 2 }, processes: 1, perProcess: { cpu: 1, memoryGiB: 1, gpu: 1 }, minutes: 8, priority: 5 }
  - { tenant: idle, burst: { atMinute: 0, jobs: 1 }, processes: 2, perProcess: { cpu: 1, memoryGiB: 1 }, minutes: 8, failing: 1 }
failures: [{ atMinute: 4, podEvicted: { tenant: small } }]
drainMinutes: 480
whatIf: [{ name: four times the quota, tenants: { small: { quota: { gpu: 4 } } } }]
`;

/** A small scenario on the simulated nodes of a real cluster: the quota holds, a larger one would have made the jobs wait less, and nothing stays. */
export function describeSimulator(cluster: () => Cluster): void {
  const kubeConfig = (): KubeConfig => {
    const config = new KubeConfig();
    config.loadFromFile(cluster().kubeconfig);
    return config;
  };

  test('a scenario says what a quota did to the jobs of a tenant, and what another would have done', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-simulation-'));
    const seen: Progress[] = [];
    try {
      const options = { kubeConfig: kubeConfig(), scenario: readScenario(scenario, 'small'), dataFolder, onProgress: (progress: Progress) => void seen.push(progress) };
      const [base, changed] = await runScenario({ ...options, signal: new AbortController().signal });
      const [small, idle] = base?.tenants ?? [];
      expect([small?.jobs, small?.succeeded, small?.interrupted, small?.preempted]).toEqual([6, 6, 1, 0]);
      expect([idle?.jobs, idle?.failed, idle?.interrupted]).toEqual([1, 1, 0]);
      const [urgent, usual] = small?.priorities ?? [];
      expect([urgent?.priority, urgent?.jobs, usual?.priority, usual?.jobs]).toEqual([5, 2, 0, 4]);
      // The later ones of higher priority overtake all that wait.
      expect(urgent?.waiting.maxSeconds).toBeLessThan(usual?.waiting.maxSeconds ?? 0);
      // One at once of four GPUs for as long as jobs came, whatever the speed of this machine.
      expect(base?.gpuUtilisation).toBeLessThanOrEqual(0.25);
      expect(changed?.tenants[0]).toMatchObject({ succeeded: 6, interrupted: 1 });
      expect(changed?.tenants[0]?.waiting.maxSeconds).toBeLessThan(small?.waiting.maxSeconds ?? 0);
      expect(seen.length).toBeGreaterThan(0);
      expect(await cluster().kubectl(['get', 'nodes', '-l', 'stratalab.dev/simulation', '-o', 'name'])).toBe('');
      expect(await cluster().kubectl(['get', 'queues', '-o', 'name'])).not.toContain('sim-');
    } finally {
      await rm(dataFolder, { recursive: true, force: true });
    }
  });

  test('a scenario that is interrupted ends at once and takes away what it made', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-simulation-'));
    try {
      const stop = new AbortController();
      const endAtFirstJob = ({ running }: Progress): void => (running > 0 ? stop.abort(new Error('interrupted')) : undefined);
      const run = runScenario({ kubeConfig: kubeConfig(), scenario: readScenario(scenario, 'small'), dataFolder, onProgress: endAtFirstJob, signal: stop.signal });
      await expect(run).rejects.toMatchObject({ name: 'AbortError' });
      expect(await cluster().kubectl(['get', 'nodes', '-l', 'stratalab.dev/simulation', '-o', 'name'])).toBe('');
    } finally {
      await rm(dataFolder, { recursive: true, force: true });
    }
  });
}
