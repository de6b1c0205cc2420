import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { Problem } from '@stratalab/contracts';
import { SharedConnections } from './shared-connections.ts';

const podToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * How this process reaches the cluster: by one kubeconfig, or inside a pod by its service account. Call it once per process: connections are kept in it.
 * @throws invalid-request naming what is missing
 */
export function loadKubeConfig(path: string): KubeConfig {
  const config = new SharedConnections();
  if (path === '') {
    if (!existsSync(podToken)) {
      throw new Problem('invalid-request', {
        detail: 'There is no way to a cluster: KUBECONFIG is not set, and this is no pod with a service account.',
        hint: 'Set KUBECONFIG to the absolute path of a kubeconfig, or STRATALAB_JOB_RUNTIME=local.'
      });
    }
    config.loadFromCluster();
    return config;
  }
  if (!isAbsolute(path) || !existsSync(path)) {
    throw new Problem('invalid-request', { detail: `KUBECONFIG is '${path}', but there is no such file.`, hint: 'Give the absolute path of one kubeconfig.' });
  }
  try {
    config.loadFromFile(path);
  } catch (cause) {
    throw new Problem('invalid-request', { detail: `The kubeconfig ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause });
  }
  if (config.getCurrentCluster() === null) {
    throw new Problem('invalid-request', { detail: `The kubeconfig ${path} has no current context.`, hint: 'kubectl config use-context NAME' });
  }
  return config;
}
