import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { examineCluster, loadKubeConfig, type ClusterFinding } from '@stratalab/job-runtime-kubernetes';
import { loadConfig } from '@stratalab/kernel';
import { clusterConfig } from '../cluster-config.ts';
import { neededRights } from '../compose/needed-rights.ts';
import { readPodAdditions } from '../compose/site.ts';
import type { Environment } from '../config.ts';

const marks = { ok: '✓', warn: '!', fail: '✗', unknown: '?' } as const;

/**
 * Checks a Kubernetes cluster for everything the platform needs there and tries what can only be tried; removes what it made, also when interrupted.
 * Exit status 1 when something must be mended; what could not be told does not count as that.
 */
export async function doctorCluster(options: { readonly kubeconfig: string | undefined; readonly isJson: boolean }, environment: Environment): Promise<number> {
  const config = loadConfig(clusterConfig, environment);
  const { volumes, volumeMounts, nodeSelector } = readPodAdditions(config.STRATALAB_JOB_POD);
  const findings = await examineCluster({
    kubeConfig: loadKubeConfig(kubeconfigPath(options.kubeconfig, config.KUBECONFIG)),
    probeImage: config.STRATALAB_JOB_IMAGE,
    gpuResource: config.STRATALAB_CLUSTER_GPU_RESOURCE,
    rights: neededRights(config),
    signal: interrupted(),
    say: line => void process.stderr.write(`${line}\n`),
    ...(volumes === undefined ? {} : { volumes }),
    ...(volumeMounts === undefined ? {} : { volumeMounts }),
    ...(nodeSelector === undefined ? {} : { nodeSelector })
  });
  process.stdout.write(options.isJson ? `${JSON.stringify(findings)}\n` : findings.map(describe).join(''));
  return findings.some(({ level }) => level === 'fail') ? 1 : 0;
}

/** The one that was named, else that of KUBECONFIG, else kubectl's own; in a pod its service account. */
function kubeconfigPath(given: string | undefined, configured: string): string {
  if (given !== undefined) return resolve(given);
  if (configured !== '') return configured;
  const usual = join(homedir(), '.kube/config');
  return existsSync(usual) ? usual : '';
}

function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stop.abort(new Problem('timed-out', { detail: 'Interrupted; what was made for the probes is removed.' })));
  return stop.signal;
}

function describe({ name, level, message, hint }: ClusterFinding): string {
  return `${marks[level]} ${name}: ${message}\n${hint === undefined ? '' : `    ${hint}\n`}`;
}
