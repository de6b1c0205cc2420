import type { KubernetesObject } from '@kubernetes/client-node';
import type { TenantLimits } from '@stratalab/kernel';
import type { TenantSite } from '../tenant-site.ts';
import { unsafeObject } from './labels.ts';

/** What the outer guard leaves beside the queue: pods of a gang that waits for its place count against it already. */
const guardFactor = 2;
/** Processes a job may have as far as the guard is concerned. */
const podsPerJob = 20;
const fallbackJobs = 500;
const fallbackWorkspaces = 100;
/** Stands for no limit where a queue must name every resource it takes. */
const boundless = { cpu: '1000000', memory: '1000000Gi', gpu: '1000000' };

export function podLimit({ jobs, workspaces }: TenantLimits): number {
  return Math.ceil((jobs ?? fallbackJobs) * podsPerJob + (workspaces ?? fallbackWorkspaces));
}

/** The outer guard: jobs are limited by their queue, this is what nobody gets around. Nothing of a tenant is reachable from outside of the cluster. */
export function resourceQuota(site: TenantSite, limits: TenantLimits, metadata: KubernetesObject['metadata']): KubernetesObject {
  const gpus =
    limits.gpu === null ? [] : [site.gpuResource, ...site.gpuSlices].map(resource => [`requests.${resource}`, String(limits.gpu === null ? 0 : limits.gpu * guardFactor)]);
  const hard = {
    pods: String(podLimit(limits)),
    'services.loadbalancers': '0',
    'services.nodeports': '0',
    ...(limits.cpu === null ? {} : { 'requests.cpu': cores(limits.cpu * guardFactor) }),
    ...(limits.memoryMiB === null ? {} : { 'requests.memory': `${Math.floor(limits.memoryMiB * guardFactor)}Mi` }),
    ...Object.fromEntries(gpus)
  };
  return unsafeObject({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } });
}

/** Defaults, so that the quota refuses no pod for not saying what it needs. */
export function limitRange(metadata: KubernetesObject['metadata']): KubernetesObject {
  const limits = [{ type: 'Container', default: { cpu: '1', memory: '1Gi' }, defaultRequest: { cpu: '100m', memory: '256Mi' } }];
  return unsafeObject({ apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits } });
}

/** What a queue lets through: the limits of the tenant. A queue that names some resources refuses all others, so it names every one. */
export function queueCapability(site: TenantSite, limits: TenantLimits): Record<string, string> {
  const gpu = limits.gpu === null ? boundless.gpu : String(limits.gpu);
  return {
    cpu: limits.cpu === null ? boundless.cpu : cores(limits.cpu),
    memory: limits.memoryMiB === null ? boundless.memory : `${Math.floor(limits.memoryMiB)}Mi`,
    ...Object.fromEntries([site.gpuResource, ...site.gpuSlices].map(resource => [resource, gpu])),
    pods: String(podLimit(limits))
  };
}

/** A quantity of cores, to the thousandth. */
function cores(count: number): string {
  return Number.isInteger(count) ? String(count) : `${Math.round(count * 1000)}m`;
}
