/** Kinds of objects that have an identity in lineage, audit, events and links. */
export const objectKinds = [
  'tenant',
  'member',
  'profile',
  'dataset',
  'pipeline',
  'pipeline-run',
  'collection',
  'document',
  'job',
  'experiment',
  'run',
  'model',
  'deployment',
  'endpoint',
  'access-key',
  'workspace',
  'agent',
  'answer',
  'source'
] as const;
export type ObjectKind = (typeof objectKinds)[number];

export interface Urn {
  readonly tenant: string;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly version?: string;
}

/** What a URN looks like; the schema for requests is in urn-text.ts, so that browsers read URNs without the schema library. */
export const urnPattern = /^urn:strata:([a-z0-9-]{1,63}):([a-z-]+):([A-Za-z0-9._~-]{1,200})(?:@([A-Za-z0-9._~-]{1,64}))?$/;

/** Writes `urn:strata:<tenant>:<kind>:<name>@<version>`; the same spelling everywhere. */
export function formatUrn(urn: Urn): string {
  const version = urn.version === undefined ? '' : `@${urn.version}`;
  return `urn:strata:${urn.tenant}:${urn.kind}:${urn.name}${version}`;
}

/** Reads a URN; `undefined` for anything that is not one of ours. */
export function parseUrn(text: string): Urn | undefined {
  const match = urnPattern.exec(text);
  if (match === null) return undefined;
  const [, tenant, kind, name, version] = match;
  const known = objectKinds.find(candidate => candidate === kind);
  if (tenant === undefined || name === undefined || known === undefined) return undefined;
  return version === undefined ? { tenant, kind: known, name } : { tenant, kind: known, name, version };
}
