import { Type } from 'typebox';
import { closed, Description, Id, ObjectName, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { UrnText } from '../urn-text.ts';
import { ResolvedMount, VersionOrLatest, VersionReference } from './schemas.ts';

const inTenant = '/api/catalog/v1/tenants/{tenant}' as const;

export const publishOutput = route({
  operationId: 'publishOutput',
  method: 'POST',
  path: `${inTenant}/outputs`,
  summary: 'Publish a staged folder as a version, once per producer and output (between services)',
  permission: 'platform:introspect',
  audit: 'dataset.publish',
  params: TenantParams,
  body: closed({
    dataset: ObjectName,
    producerUrn: UrnText,
    output: ObjectName,
    stagingId: Id,
    inputs: Type.Array(UrnText, { maxItems: 500 }),
    description: Type.Optional(Description)
  }),
  response: VersionReference,
  status: 201,
  problems: ['quota-exceeded', 'unsupported-format', 'invalid-input', 'storage-full']
});

export const resolveMounts = route({
  operationId: 'resolveMounts',
  method: 'POST',
  path: `${inTenant}/mounts/resolve`,
  summary: 'Where the files of versions lie; the newest published one where no version is named (between services)',
  permission: 'platform:introspect',
  audit: false,
  params: TenantParams,
  body: closed({ datasets: Type.Array(closed({ name: ObjectName, version: Type.Optional(VersionOrLatest) }), { maxItems: 200 }) }),
  response: closed({ items: Type.Array(ResolvedMount) }),
  problems: ['invalid-state']
});
