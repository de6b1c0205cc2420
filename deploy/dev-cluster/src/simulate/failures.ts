import type { KubernetesObject, V1Pod } from '@kubernetes/client-node';
import type { ClusterClient } from '@stratalab/job-runtime-kubernetes';
import { createRandom } from './random.ts';
import type { ScenarioDocument, ScenarioFailure } from './scenario-schema.ts';
import { poolLabel, poolNodes, tenantPlace } from './simulated-objects.ts';

export interface FailureOptions {
  readonly client: ClusterClient;
  readonly scenario: ScenarioDocument;
  readonly run: string;
  /** Called with the jobs (`<namespace>/<name>`) that a failure is about to end. */
  readonly onInterrupt: (jobs: readonly string[]) => void;
}

/** Lets the failures of a scenario happen when their time has come; the same seed chooses the same victims among the same pods. */
export function createFailures({ client, scenario, run, onInterrupt }: FailureOptions) {
  const random = createRandom((scenario.seed ?? 1) * 104_729);
  const ahead = new Set(scenario.failures ?? []);
  const nodes = new Map(poolNodes(scenario).map(node => [node.metadata?.name ?? '', node]));
  const lost = new Map<string, number>();

  const takeAway = async (pods: readonly V1Pod[]): Promise<void> => {
    onInterrupt(
      pods.flatMap(({ metadata }) => (metadata?.labels?.['volcano.sh/job-name'] === undefined ? [] : [`${metadata.namespace}/${metadata.labels['volcano.sh/job-name']}`]))
    );
    for (const { metadata } of pods) {
      if (metadata?.name !== undefined) await client.remove({ apiVersion: 'v1', kind: 'Pod', metadata: { name: metadata.name, namespace: metadata.namespace ?? '' } }, 0);
    }
  };
  const podsOf = async (tenant: string): Promise<readonly V1Pod[]> =>
    (await client.pods(tenantPlace(run, tenant), {})).filter(({ status, metadata }) => status?.phase === 'Running' && metadata?.deletionTimestamp === undefined);
  const choose = <T>(items: readonly T[], count: number): readonly T[] => {
    const left = [...items];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
  };
  /** @returns false when there is nobody yet it could happen to */
  const happen = async ({ atMinute, nodeLost, podEvicted }: ScenarioFailure): Promise<boolean> => {
    if (podEvicted !== undefined) {
      const victims = choose(byName(await podsOf(podEvicted.tenant)), podEvicted.pods ?? 1);
      await takeAway(victims);
      return victims.length > 0;
    }
    if (nodeLost === undefined) return true;
    const there = [...nodes].filter(([name, node]) => node.metadata?.labels?.[poolLabel] === nodeLost.pool && !lost.has(name)).map(([name]) => name);
    for (const name of choose(there, nodeLost.nodes ?? 1)) {
      lost.set(name, (atMinute + nodeLost.forMinutes) * 60);
      await client.remove({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
      for (const tenant of scenario.tenants) await takeAway((await podsOf(tenant.name)).filter(({ spec }) => spec?.nodeName === name));
    }
    return true;
  };
  const bringBack = async (name: string): Promise<void> => {
    lost.delete(name);
    const node: KubernetesObject | undefined = nodes.get(name);
    if (node !== undefined) await client.apply(node);
  };
  return {
    /** @param now seconds of the scenario */
    async advance(now: number): Promise<void> {
      for (const failure of ahead) if (failure.atMinute * 60 <= now && (await happen(failure))) ahead.delete(failure);
      for (const [name, until] of lost) if (until <= now) await bringBack(name);
    },
    /** Gives back every machine that is still lost. */
    async repair(): Promise<void> {
      for (const name of [...lost.keys()]) await bringBack(name);
    }
  };
}

function byName(pods: readonly V1Pod[]): readonly V1Pod[] {
  return [...pods].sort((a, b) => (a.metadata?.name ?? '').localeCompare(b.metadata?.name ?? ''));
}
