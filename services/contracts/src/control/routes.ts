import { Type } from 'typebox';
import { choice, closed, Id, nullable, page, PageQuery, Slug, Subject, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { closeTenant, deleteTenant, getTenantPlace, reopenTenant } from './place-routes.ts';
import { HubGroups, listOfferedProfiles, putProfile, removeProfile } from './profile-routes.ts';
import { promotionRoutes } from './promotion-routes.ts';
import {
  AccessKey,
  AccessKeyInput,
  Admission,
  Amounts,
  AuditEntry,
  AuditVerification,
  CreatedAccessKey,
  Introspection,
  Member,
  MemberChange,
  Profile,
  Quota,
  Reservation,
  ResourceName,
  RoleName,
  Tenant,
  TenantInput,
  UsageEntry,
  UsageGrouping,
  UsageRow,
  UsageSum,
  WhoAmI
} from './schemas.ts';

const base = '/api/control/v1';
const inTenant = `${base}/tenants/{tenant}` as const;

export const whoAmI = route({
  operationId: 'whoAmI',
  method: 'GET',
  path: `${base}/whoami`,
  summary: 'Who the platform thinks the caller is',
  permission: 'signed-in',
  audit: false,
  response: WhoAmI
});

export const listTenants = route({
  operationId: 'listTenants',
  method: 'GET',
  path: `${base}/tenants`,
  summary: 'List every tenant of the installation',
  permission: 'platform:administer',
  audit: false,
  query: PageQuery,
  response: page(Tenant)
});
export const createTenant = route({
  operationId: 'createTenant',
  method: 'POST',
  path: `${base}/tenants`,
  summary: 'Create a tenant with the default quotas',
  permission: 'platform:administer',
  audit: 'tenant.create',
  body: TenantInput,
  response: Tenant,
  status: 201,
  problems: ['already-exists']
});
export const getTenant = route({
  operationId: 'getTenant',
  method: 'GET',
  path: inTenant,
  summary: 'Read one tenant',
  permission: 'tenant:read',
  audit: false,
  params: TenantParams,
  response: Tenant
});

export const listMembers = route({
  operationId: 'listMembers',
  method: 'GET',
  path: `${inTenant}/members`,
  summary: 'List the members of a tenant',
  permission: 'member:read',
  audit: false,
  params: TenantParams,
  query: PageQuery,
  response: page(Member)
});
export const setMember = route({
  operationId: 'setMember',
  method: 'PUT',
  path: `${inTenant}/members/{user}`,
  summary: 'Add a user to a tenant or change its role',
  permission: 'member:write',
  audit: 'member.set',
  params: closed({ tenant: Slug, user: Subject }),
  body: closed({ role: RoleName }),
  response: MemberChange,
  problems: ['unavailable']
});
export const removeMember = route({
  operationId: 'removeMember',
  method: 'DELETE',
  path: `${inTenant}/members/{user}`,
  summary: 'Take a user out of a tenant',
  permission: 'member:write',
  audit: 'member.remove',
  params: closed({ tenant: Slug, user: Subject }),
  problems: ['unavailable']
});

export const getQuotas = route({
  operationId: 'getQuotas',
  method: 'GET',
  path: `${inTenant}/quotas`,
  summary: 'Limits of a tenant with what is used and reserved',
  permission: 'quota:read',
  audit: false,
  params: TenantParams,
  response: closed({ items: Type.Array(Quota) })
});
export const setQuota = route({
  operationId: 'setQuota',
  method: 'PUT',
  path: `${inTenant}/quotas/{resource}`,
  summary: 'Set one limit of a tenant',
  permission: 'platform:administer',
  audit: 'quota.set',
  params: closed({ tenant: Slug, resource: ResourceName }),
  body: closed({ limit: nullable(Type.Number({ minimum: 0, maximum: 1e12 })) }),
  response: Quota
});
export const reserveQuota = route({
  operationId: 'reserveQuota',
  method: 'POST',
  path: `${inTenant}/reservations`,
  summary: 'Reserve quota for an object before it is created',
  permission: 'platform:introspect',
  audit: 'quota.reserve',
  params: TenantParams,
  body: closed({ objectUrn: Type.String({ maxLength: 400 }), amounts: Amounts, expiresInSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 3600 })) }),
  response: Reservation,
  status: 201,
  problems: ['quota-exceeded']
});
export const confirmReservation = route({
  operationId: 'confirmReservation',
  method: 'POST',
  path: `${inTenant}/reservations/confirm`,
  summary: 'Say that the object of a reservation exists',
  permission: 'platform:introspect',
  audit: 'quota.confirm',
  params: TenantParams,
  body: closed({ objectUrn: Type.String({ maxLength: 400 }), amounts: Type.Optional(Amounts) }),
  response: Reservation
});
export const releaseReservation = route({
  operationId: 'releaseReservation',
  method: 'POST',
  path: `${inTenant}/reservations/release`,
  summary: 'Give the quota of an object back',
  permission: 'platform:introspect',
  audit: 'quota.release',
  params: TenantParams,
  body: closed({ objectUrn: Type.String({ maxLength: 400 }) })
});

export const listProfiles = route({
  operationId: 'listProfiles',
  method: 'GET',
  path: `${base}/profiles`,
  summary: 'Workspace profiles: all of them for administrators, for others those that one of their tenants may use',
  permission: 'signed-in',
  audit: false,
  response: closed({ items: Type.Array(Profile) })
});
export const admitWorkspace = route({
  operationId: 'admitWorkspace',
  method: 'POST',
  path: `${base}/admissions`,
  summary: 'Ask, before a spawn, whether a workspace may start',
  permission: 'platform:introspect',
  audit: 'workspace.admit',
  body: closed({
    subject: Subject,
    profile: Type.Optional(Slug),
    server: Type.String({ maxLength: 100 }),
    groups: Type.Optional(HubGroups)
  }),
  response: Admission,
  problems: ['quota-exceeded']
});
export const releaseWorkspace = route({
  operationId: 'releaseWorkspace',
  method: 'DELETE',
  path: `${base}/admissions/{subject}`,
  summary: 'Say that the workspace of a user stopped',
  permission: 'platform:introspect',
  audit: 'workspace.release',
  params: closed({ subject: Subject })
});

export const listAccessKeys = route({
  operationId: 'listAccessKeys',
  method: 'GET',
  path: `${inTenant}/access-keys`,
  summary: 'List access keys',
  permission: 'access-key:read',
  audit: false,
  params: TenantParams,
  query: PageQuery,
  response: page(AccessKey)
});
export const createAccessKey = route({
  operationId: 'createAccessKey',
  method: 'POST',
  path: `${inTenant}/access-keys`,
  summary: 'Create an access key; the secret is shown once',
  permission: 'access-key:write',
  audit: 'access-key.create',
  params: TenantParams,
  body: AccessKeyInput,
  response: CreatedAccessKey,
  status: 201
});
export const revokeAccessKey = route({
  operationId: 'revokeAccessKey',
  method: 'DELETE',
  path: `${inTenant}/access-keys/{key}`,
  summary: 'Revoke an access key',
  permission: 'access-key:write',
  audit: 'access-key.revoke',
  params: closed({ tenant: Slug, key: Id })
});
export const introspectAccessKey = route({
  operationId: 'introspectAccessKey',
  method: 'POST',
  path: `${base}/access-keys/introspect`,
  summary: 'Ask what a presented access key may do (between services)',
  permission: 'platform:introspect',
  audit: false,
  body: closed({ digest: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the secret' }) }),
  response: Introspection
});

const AuditQuery = closed({
  ...PageQuery.properties,
  action: Type.Optional(Type.String({ maxLength: 100 })),
  subject: Type.Optional(Subject),
  decision: Type.Optional(choice(['allowed', 'denied']))
});

export const listInstallationAudit = route({
  operationId: 'listInstallationAudit',
  method: 'GET',
  path: `${base}/audit`,
  summary: 'Read what was done outside every tenant, newest first',
  permission: 'platform:administer',
  audit: false,
  query: AuditQuery,
  response: page(AuditEntry)
});
export const listAudit = route({
  operationId: 'listAudit',
  method: 'GET',
  path: `${inTenant}/audit`,
  summary: 'Read the audit log, newest first',
  permission: 'audit:read',
  audit: false,
  params: TenantParams,
  query: AuditQuery,
  response: page(AuditEntry)
});
export const verifyAudit = route({
  operationId: 'verifyAudit',
  method: 'GET',
  path: `${inTenant}/audit/verification`,
  summary: 'Check the hash chain of the audit log',
  permission: 'audit:read',
  audit: false,
  params: TenantParams,
  response: AuditVerification
});

export const listUsage = route({
  operationId: 'listUsage',
  method: 'GET',
  path: `${inTenant}/usage`,
  summary: 'Usage per day, person and object',
  permission: 'usage:read',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, from: Type.Optional(Type.String({ format: 'date' })), to: Type.Optional(Type.String({ format: 'date' })) }),
  response: page(UsageRow)
});
export const summarizeUsage = route({
  operationId: 'summarizeUsage',
  method: 'GET',
  path: `${inTenant}/usage/summary`,
  summary: 'Sums of use by day, person or object; the largest five hundred',
  permission: 'usage:read',
  audit: false,
  params: TenantParams,
  query: closed({ by: UsageGrouping, from: Type.Optional(Type.String({ format: 'date' })), to: Type.Optional(Type.String({ format: 'date' })) }),
  response: closed({ items: Type.Array(UsageSum) })
});
export const recordUsage = route({
  operationId: 'recordUsage',
  method: 'POST',
  path: `${inTenant}/usage`,
  summary: 'Record intervals of use (between services)',
  permission: 'platform:introspect',
  audit: 'usage.record',
  params: TenantParams,
  body: closed({ entries: Type.Array(UsageEntry, { minItems: 1, maxItems: 500 }) })
});

export const controlRoutes = {
  whoAmI,
  listTenants,
  createTenant,
  getTenant,
  closeTenant,
  reopenTenant,
  deleteTenant,
  getTenantPlace,
  listMembers,
  setMember,
  removeMember,
  getQuotas,
  setQuota,
  reserveQuota,
  confirmReservation,
  releaseReservation,
  listProfiles,
  listOfferedProfiles,
  putProfile,
  removeProfile,
  admitWorkspace,
  releaseWorkspace,
  listAccessKeys,
  createAccessKey,
  revokeAccessKey,
  introspectAccessKey,
  listInstallationAudit,
  listAudit,
  verifyAudit,
  listUsage,
  summarizeUsage,
  recordUsage,
  ...promotionRoutes
};
