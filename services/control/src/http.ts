import { Problem } from '@stratalab/contracts';
import type { controlRoutes } from '@stratalab/contracts/control';
import type { Handlers, ServiceContext } from '@stratalab/kernel';
import type { ControlConfig } from './config.ts';
import type { ControlPorts } from './ports.ts';
import { createPromotionHandlers } from './promotion-http.ts';
import { createAccessKey, introspectAccessKey, listAccessKeys, revokeAccessKey } from './usecases/access-keys.ts';
import { createTenant } from './usecases/create-tenant.ts';
import { closeTenant, reopenTenant } from './usecases/close-tenant.ts';
import { deleteTenant } from './usecases/delete-tenant.ts';
import { listMembers, removeMember, setMember } from './usecases/members.ts';
import { confirmReservation, getQuotas, releaseReservation, reserveQuota, setQuota } from './usecases/quotas.ts';
import { listOfferedProfiles, listProfiles, putProfile, removeProfile } from './usecases/profiles.ts';
import { whoAmI } from './usecases/who-am-i.ts';
import { admitWorkspace, releaseWorkspace, reportExceeded, reportRefusedWorkspace } from './usecases/workspaces.ts';
import { listAuditPage, verifyChain } from './store/audit-store.ts';
import { readPlace } from './store/place-store.ts';
import { findTenant, listTenantPage } from './store/tenant-store.ts';
import { insertUsage, listUsagePage, sumUsage } from './store/usage-store.ts';
import { payingTenants } from './domain/paying-tenant.ts';

const defaultLimit = 50;

/** Binds the routes of `control` to its use cases. */
export function createHandlers(context: ServiceContext<ControlPorts>, config: ControlConfig): Handlers<typeof controlRoutes> {
  const { ports, database, clock } = context;
  const held = config.STRATALAB_RESERVATION_SECONDS;
  return {
    ...createPromotionHandlers(context),
    whoAmI,
    listTenants: (call, { query }) => call.read(tx => listTenantPage(tx, { limit: query.limit ?? defaultLimit, ...(query.cursor === undefined ? {} : { cursor: query.cursor }) })),
    createTenant: (call, { body }) => createTenant(ports, call, body),
    async getTenant(call) {
      const tenant = await call.read(tx => findTenant(tx, call.tenant));
      if (tenant === undefined) throw new Problem('not-found');
      return tenant;
    },
    closeTenant: call => closeTenant(ports, call),
    reopenTenant: call => reopenTenant(ports, call),
    deleteTenant: (call, { query }) => deleteTenant(call, query.confirm),
    getTenantPlace: async call => ({ isOnCluster: ports.places !== undefined, ...(await call.read(tx => readPlace(tx, call.tenant))) }),
    listMembers: (call, { query }) => listMembers(ports, call, { cursor: query.cursor, limit: query.limit ?? defaultLimit }),
    setMember: (call, { params, body }) => setMember(ports, call, { user: params.user, role: body.role }),
    removeMember: (call, { params }) => removeMember(ports, call, { user: params.user }),
    getQuotas,
    setQuota: (call, { params, body }) => setQuota(ports, call, { resource: params.resource, limit: body.limit }),
    async reserveQuota(call, { body }) {
      try {
        return await reserveQuota(call, { objectUrn: body.objectUrn, amounts: body.amounts, expiresInSeconds: body.expiresInSeconds ?? held });
      } catch (error) {
        if (error instanceof Problem && error.code === 'quota-exceeded') await reportExceeded(database, call.tenant, error, call.actor.onBehalfOf ?? call.actor.subject);
        throw error;
      }
    },
    confirmReservation: (call, { body }) => confirmReservation(call, body),
    releaseReservation: (call, { body }) => releaseReservation(call, body),
    listProfiles,
    listOfferedProfiles: (call, { body }) => listOfferedProfiles(call, payingTenants(body.groups, config.STRATALAB_WORKSPACE_TENANT)[0]),
    putProfile: (call, { params, body }) => putProfile(call, params.profile, body),
    removeProfile: (call, { params }) => removeProfile(call, params.profile),
    async admitWorkspace(call, { body }) {
      const request = { subject: body.subject, profile: body.profile, tenants: payingTenants(body.groups ?? [], config.STRATALAB_WORKSPACE_TENANT) };
      try {
        return await admitWorkspace(call, request);
      } catch (error) {
        if (error instanceof Problem && error.code === 'quota-exceeded') await reportRefusedWorkspace({ database, now: clock.now() }, call, request, error);
        throw error;
      }
    },
    releaseWorkspace: (call, { params }) => releaseWorkspace(call, params.subject),
    listAccessKeys: (call, { query }) => listAccessKeys(call, { cursor: query.cursor, limit: query.limit ?? defaultLimit }),
    createAccessKey: (call, { body }) => createAccessKey(clock.now(), call, body),
    revokeAccessKey: (call, { params }) => revokeAccessKey(call, params.key),
    introspectAccessKey: (_call, { body }) => introspectAccessKey(database, body.digest),
    listInstallationAudit: (call, { query }) => call.read(tx => listAuditPage(tx, '', { ...query, limit: query.limit ?? defaultLimit })),
    listAudit: (call, { query }) => call.read(tx => listAuditPage(tx, call.tenant, { ...query, limit: query.limit ?? defaultLimit })),
    verifyAudit: call => call.read(tx => verifyChain(tx, call.tenant)),
    listUsage: (call, { query }) => call.read(tx => listUsagePage(tx, call.tenant, { ...query, limit: query.limit ?? defaultLimit })),
    summarizeUsage: (call, { query }) => call.read(async tx => ({ items: await sumUsage(tx, call.tenant, query) })),
    recordUsage: (call, { body }) => call.commit(tx => insertUsage(tx, call.tenant, body.entries))
  };
}
