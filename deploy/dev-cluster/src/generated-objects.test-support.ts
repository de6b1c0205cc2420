import { expect, test } from '@jest/globals';
import { rayClusterSpec, rayJob, raySecret, tokenSecret, volcanoJob, type Site } from '@stratalab/job-runtime-kubernetes';
import { newId, type JobStart } from '@stratalab/kernel';
import { clusterWideObjects, tenantObjects } from '@stratalab/tenancy-kubernetes';
import type { Cluster } from './cluster.ts';
import { plainSite } from './tenancy/plain-place.ts';

const site: Site = {
  image: `registry.example/stratalab/job@sha256:${'0'.repeat(64)}`,
  claimName: 'stratalab-data',
  dataFolder: '/var/lib/stratalab',
  user: { uid: 1000, gid: 1000 },
  namespaceOf: tenant => `strict-${tenant}`,
  queueOf: tenant => `strict-${tenant}`
};
const request: JobStart = {
  ...{ tenant: 'acme', jobId: newId(), attempt: 1, launcher: 'torchrun', processes: 2, gpuDevices: [], fileName: 'train.py', code: '' },
  ...{ perProcess: { cpu: 2, memoryMiB: 4096, gpu: 1 }, arguments: [], environment: {}, token: 'secret', mounts: [], outputs: [], deadlineSeconds: 3600 }
};

const ray = { image: `registry.example/stratalab/ray@sha256:${'0'.repeat(64)}`, version: '2.60.0' };
const onRay: JobStart = { ...request, launcher: 'ray', jobId: newId() };

/** The API server judges every object we generate: no unknown field, no wrong type, and pods that the strictest security level admits. */
export function describeGeneratedObjects(cluster: () => Cluster): void {
  const judge = (object: object) => cluster().tryKubectl(['create', '--dry-run=server', '--validate=strict', '-f', '-'], JSON.stringify(object));
  const tenantSite = plainSite('/var/lib/stratalab', { namespaceOf: site.namespaceOf, dataVolume: tenant => ({ nfs: { server: 'files.example', path: `/${tenant}` } }) });
  const place = tenantObjects(tenantSite, 'acme', { cpu: 16, memoryMiB: 65_536, gpu: 4, jobs: 5, workspaces: 5 });

  test('everything generated for a tenant and its jobs passes the strict dry-run', async () => {
    const [namespace, ...rest] = place;
    // Pods are admitted with a priority class that is there only.
    const shared = [...clusterWideObjects(tenantSite), ...clusterWideObjects({ ...tenantSite, isReclaimable: true })];
    for (const object of [namespace, ...shared]) await cluster().kubectl(['apply', '--server-side', '--validate=strict', '-f', '-'], JSON.stringify(object));
    const objects = [...rest, tokenSecret(request, site)];
    for (const object of [...objects, volcanoJob(request, site), volcanoJob({ ...request, priority: -10 }, { ...site, isReclaiming: true })]) {
      const { code, errors } = await judge(object);
      expect({ kind: object.kind, code, errors }).toEqual({ kind: object.kind, code: 0, errors: '' });
    }
  });

  test('T54 T57 a Ray job and its cluster pass the strict dry-run, ask everybody for a token, and their pods are admitted where pod security is restricted', async () => {
    const spec = rayClusterSpec(onRay, site, ray);
    const cluster = { apiVersion: 'ray.io/v1', kind: 'RayCluster', metadata: { name: 'probe', namespace: 'strict-acme' }, spec };
    const { authOptions, headGroupSpec, workerGroupSpecs } = unsafeRaySpec(spec);
    expect([authOptions.mode, workerGroupSpecs.length]).toEqual(['token', 1]);
    expect(rayJob({ ...onRay, priority: 3 }, site, ray).metadata?.labels?.['ray.io/priority-class-name']).toBe('stratalab-job-3');
    const pods = [headGroupSpec, ...workerGroupSpecs].map(({ template }) => ({
      ...template,
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'probe', namespace: 'strict-acme' }
    }));
    for (const object of [raySecret(onRay, site), rayJob(onRay, site, ray), cluster, ...pods]) {
      const { code, errors } = await judge(object);
      expect({ kind: object.kind, code, errors }).toEqual({ kind: object.kind, code: 0, errors: '' });
    }
  });

  test('T57 the pods of a job are admitted where pod security is restricted, and one with a privilege more is not', async () => {
    const { template } = unsafeTask(volcanoJob(request, site));
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe', namespace: 'strict-acme' }, spec: template.spec };
    expect(await judge(pod)).toMatchObject({ code: 0, errors: '' });
    const privileged = { ...pod, spec: { ...template.spec, hostNetwork: true } };
    const refused = await judge(privileged);
    expect(refused.code).not.toBe(0);
    expect(refused.errors).toContain('violates PodSecurity "restricted');
  });
}

function unsafeTask(job: { readonly spec: object }): { readonly template: { readonly spec: object } } {
  const spec = job.spec as { readonly tasks: readonly [{ readonly template: { readonly spec: object } }] };
  return spec.tasks[0];
}

interface RayGroup {
  readonly template: { readonly spec?: object };
}

function unsafeRaySpec(spec: object): { readonly authOptions: { readonly mode: string }; readonly headGroupSpec: RayGroup; readonly workerGroupSpecs: readonly RayGroup[] } {
  return spec as ReturnType<typeof unsafeRaySpec>;
}
