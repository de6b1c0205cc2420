import type { V1Secret } from '@kubernetes/client-node';
import type { JobStart } from '@stratalab/kernel';
import { marks, type Site } from '../site.ts';
import { attemptName } from './names.ts';

/** The credential of an attempt; only its pods mount it. */
export function tokenSecret(request: JobStart, site: Site): V1Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: attemptName(request),
      namespace: site.namespaceOf(request.tenant),
      labels: { [marks.managed]: 'true', [marks.tenant]: request.tenant, [marks.job]: request.jobId }
    },
    type: 'Opaque',
    stringData: { token: request.token }
  };
}
