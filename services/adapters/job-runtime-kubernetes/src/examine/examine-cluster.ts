import { reasonOf } from './api-error.ts';
import { unknown, type ClusterFinding, type ExamineOptions } from './finding.ts';
import { examineGates } from './gates.ts';
import { probeNetworkPolicy } from './network-probe.ts';
import { examineNodes } from './nodes.ts';
import { createProbeSpace, type ProbeSpace } from './probe-space.ts';
import { examineRights } from './rights.ts';
import { probeScheduler } from './scheduler-probe.ts';
import { examineClocks, examineResources, examineVersion } from './server.ts';
import { examineStorage } from './storage.ts';

/**
 * Looks at everything an installation needs of a cluster and tries what can only be tried, in a namespace of its own that is removed again, also
 * when somebody interrupts. Nothing else is changed. A cluster that does not answer is one finding, not an exception.
 */
export async function examineCluster(options: ExamineOptions): Promise<readonly ClusterFinding[]> {
  const version = await examineVersion(options);
  if (version.level === 'fail' && version.message.includes('does not answer')) return [version];
  const findings: ClusterFinding[] = [version];
  const resources = await told(options, 'Custom resources', () => examineResources(options));
  findings.push(...resources);
  findings.push(...(await told(options, 'Feature gates', async () => [await examineGates(options)])));
  findings.push(...(await told(options, 'Nodes', () => examineNodes(options))));
  findings.push(...(await told(options, 'Clocks', async () => [await examineClocks(options)])));
  options.say('Trying network policies, the scheduler and storage in a namespace of their own …');
  const hasVolcano = resources.some(({ name, level }) => name.startsWith('Volcano queues') && level === 'ok');
  return [...findings, ...(await inProbeSpace(options, space => probe(options, space, hasVolcano)))];
}

async function probe(options: ExamineOptions, space: ProbeSpace | undefined, hasVolcano: boolean): Promise<readonly ClusterFinding[]> {
  const findings: ClusterFinding[] = [];
  findings.push(...(await told(options, 'Rights', async () => [await examineRights(options, space?.name ?? 'default')])));
  if (space !== undefined && hasVolcano) findings.push(...(await told(options, 'Volcano scheduler', async () => [await probeScheduler(options, space.name)])));
  findings.push(...(await told(options, 'Storage classes', () => examineStorage(options, space?.name))));
  if (space !== undefined) findings.push(...(await told(options, 'Network policies', () => probeNetworkPolicy(options, space.name))));
  return findings;
}

/** Runs `work` in a namespace that is gone afterwards; without the right to make one, the probes are honest about it. */
async function inProbeSpace(options: ExamineOptions, work: (space: ProbeSpace | undefined) => Promise<readonly ClusterFinding[]>): Promise<readonly ClusterFinding[]> {
  let space: ProbeSpace;
  try {
    space = await createProbeSpace(options.kubeConfig);
  } catch (error) {
    const findings = await work(undefined);
    const hint = 'Run this once as somebody who may make namespaces and pods; the platform itself needs no such right.';
    return [...findings, unknown('Network policies', `It could not be probed: ${reasonOf(error)}.`, hint)];
  }
  try {
    return await work(space);
  } finally {
    await space.remove();
  }
}

/** A check that meets something unforeseen could not tell; the others go on. An interruption is none of these. */
async function told(options: ExamineOptions, name: string, work: () => Promise<readonly ClusterFinding[]>): Promise<readonly ClusterFinding[]> {
  try {
    return await work();
  } catch (error) {
    if (options.signal.aborted) throw error;
    return [unknown(name, `It could not be told: ${reasonOf(error)}.`, 'Mend that and run this again.')];
  }
}
