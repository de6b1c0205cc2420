import { Problem } from '@stratalab/contracts';
import { defaultGpuResource, marks, type Site } from './site.ts';

/** Every resource of which one is a GPU to a job. */
export function gpuResourcesOf(site: Site): readonly string[] {
  return [...new Set([site.gpuResource ?? defaultGpuResource, ...Object.values(site.gpuKinds ?? {}).map(({ resource }) => resource)])];
}

/** The site as a job with GPUs of that kind meets it: what a GPU is called, and on which nodes it may run. @throws invalid-state for a kind that is offered no longer */
export function siteOfKind(site: Site, name: string | undefined): Site {
  if (name === undefined) return site;
  const kind = site.gpuKinds?.[name];
  if (kind === undefined)
    throw new Problem('invalid-state', { detail: `The kind of GPU '${name}' is offered no longer.`, hint: 'Submit the job again with another kind, or with none.' });
  return { ...site, gpuResource: kind.resource, pod: { ...site.pod, nodeSelector: { ...site.pod?.nodeSelector, ...kind.nodeSelector } } };
}

/** Label of everything an attempt is made of, by which its kind is known again. */
export function gpuKindLabel(name: string | undefined): Readonly<Record<string, string>> {
  return name === undefined ? {} : { [marks.gpuKind]: name };
}
