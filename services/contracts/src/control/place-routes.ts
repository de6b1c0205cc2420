import { Type, type Static } from 'typebox';
import { choice, closed, nullable, Slug, TenantParams, Timestamp } from '../fields.ts';
import { route } from '../route.ts';
import { Tenant } from './schemas.ts';

const inTenant = '/api/control/v1/tenants/{tenant}' as const;

/** Something of a tenant's place on the cluster that others had changed, and that was put right. */
export const PlaceRepair = closed({
  time: Timestamp,
  object: Type.String({ description: 'Kind and name, as the cluster says it' }),
  change: choice(['missing', 'changed'], { description: 'missing: made again; changed: put back' }),
  fields: Type.Array(Type.String(), { description: 'What was put back' })
});
export type PlaceRepair = Static<typeof PlaceRepair>;

export const TenantPlace = closed(
  {
    isOnCluster: Type.Boolean({ description: 'false: jobs of this installation run on one machine, where tenants have no place to look after' }),
    checkedAt: nullable(Timestamp),
    problem: nullable(Type.String({ description: 'Why the place could not be made or put right' })),
    repairs: Type.Array(PlaceRepair, { description: 'The latest 50, newest first' }),
    foreignObjects: Type.Array(Type.String(), { description: 'Objects of others in the namespace that may open what is closed; left alone' })
  },
  { $id: 'TenantPlace' }
);
export type TenantPlace = Static<typeof TenantPlace>;

export const closeTenant = route({
  operationId: 'closeTenant',
  method: 'POST',
  path: `${inTenant}/close`,
  summary: 'Close a tenant: nobody works in it, nothing of it runs, everything is kept',
  permission: 'platform:administer',
  audit: 'tenant.close',
  params: TenantParams,
  response: Tenant,
  problems: ['invalid-state']
});
export const reopenTenant = route({
  operationId: 'reopenTenant',
  method: 'POST',
  path: `${inTenant}/reopen`,
  summary: 'Open a closed tenant again, with the members it had',
  permission: 'platform:administer',
  audit: 'tenant.reopen',
  params: TenantParams,
  response: Tenant,
  problems: ['invalid-state']
});
export const deleteTenant = route({
  operationId: 'deleteTenant',
  method: 'DELETE',
  path: inTenant,
  summary: 'Delete a closed tenant and everything in it, for good',
  permission: 'platform:administer',
  audit: 'tenant.delete',
  params: TenantParams,
  query: closed({ confirm: Slug }),
  problems: ['invalid-state']
});
export const getTenantPlace = route({
  operationId: 'getTenantPlace',
  method: 'GET',
  path: `${inTenant}/place`,
  summary: 'What the last look at the tenant on the cluster found and put right',
  permission: 'tenant:administer',
  audit: false,
  params: TenantParams,
  response: TenantPlace
});
