import { formatUrn, Problem } from '@stratalab/contracts';

/** `urn:strata:<tenant>:dataset:<name>`, of one version when it is given. */
export function datasetUrn(tenant: string, name: string, version?: number | string): string {
  return formatUrn({ tenant, kind: 'dataset', name, ...(version === undefined ? {} : { version: String(version) }) });
}

/** What storage is reserved under: the bytes exist before they have a version number. */
export function contentUrn(tenant: string, name: string, contentId: string): string {
  return datasetUrn(tenant, name, contentId);
}

/** Key of the objects of one version. */
export function contentKey(contentId: string): string {
  return `datasets/${contentId}`;
}

/** Name of a mount: `<dataset>@<version>`. */
export function mountNameOf(dataset: string, version: number): string {
  return `${dataset}@${version}`;
}

const excerptChars = 160;

/** The beginning of a description, on one line. */
export function excerptOf(description: string): string {
  const line = description.replace(/\s+/g, ' ').trim();
  return line.length <= excerptChars ? line : `${line.slice(0, excerptChars - 1)}…`;
}

/** Tags without doubles, in the order they were given. */
export function distinctTags(tags: readonly string[]): string[] {
  return [...new Set(tags.map(tag => tag.trim()).filter(tag => tag !== ''))];
}

/** @throws invalid-request when two files of an upload have one name */
export function assertDistinctFiles(files: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of files) {
    if (seen.has(name)) throw new Problem('invalid-request', { detail: `Two files are called ‘${name}’.` });
    seen.add(name);
  }
}
