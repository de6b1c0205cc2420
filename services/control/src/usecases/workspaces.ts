import { formatUrn, Problem } from '@stratalab/contracts';
import type { Profile } from '@stratalab/contracts/control';
import { appendEvent, recordAudit, type Call, type Database } from '@stratalab/kernel';
import { confirmHeld, dropReservation, holdReservation } from '../store/quota-store.ts';
import { isOfferedTo } from '../domain/offered-profiles.ts';
import { readProfiles } from '../store/profile-store.ts';
import { tables } from '../store/tables.ts';

export interface AdmissionRequest {
  readonly subject: string;
  readonly profile?: string | undefined;
  /** Tenants of the user, the paying one first. */
  readonly tenants: readonly string[];
}

const holdSeconds = 300;

/** One workspace per user and tenant; the same urn for every profile, so that a restart with another profile replaces the old one. */
function workspaceUrn(tenant: string, subject: string): string {
  return formatUrn({ tenant, kind: 'workspace', name: encodeURIComponent(subject).replaceAll('%', '~') });
}

/**
 * Admits a workspace: takes its profile from the quota of the first tenant of the user. Idempotent per user.
 * @throws forbidden when the user has no tenant; not-found for an unknown profile; quota-exceeded with the numbers
 */
export async function admitWorkspace(call: Call, request: AdmissionRequest): Promise<{ subject: string; tenant: string; profile: Profile }> {
  const [tenant] = request.tenants;
  if (tenant === undefined) {
    throw new Problem('forbidden', { detail: `'${request.subject}' is not a member of any tenant.`, hint: 'Ask an administrator to add you to a tenant.' });
  }
  return call.commit(
    async tx => {
      const profiles = (await readProfiles(tx)).filter(profile => isOfferedTo(profile, tenant));
      const profile = request.profile === undefined ? profiles[0] : profiles.find(candidate => candidate.name === request.profile);
      if (profile === undefined) throw missingProfile(tenant, request.profile ?? '');
      const objectUrn = workspaceUrn(tenant, request.subject);
      await dropReservation(tx, tenant, objectUrn);
      await holdReservation(tx, {
        tenant,
        objectUrn,
        expiresInSeconds: holdSeconds,
        amounts: { workspaces: 1, cpu: profile.cpu, 'memory-mib': profile.memoryMiB, gpu: profile.gpuCount }
      });
      await confirmHeld(tx, tenant, objectUrn);
      return { subject: request.subject, tenant, profile };
    },
    admitted => workspaceUrn(admitted.tenant, admitted.subject)
  );
}

/** The same words for one that was never there and one that is for others. */
function missingProfile(tenant: string, profile: string): Problem {
  return new Problem('not-found', { detail: `There is no workspace profile '${profile}' for the tenant '${tenant}'.`, hint: 'Choose another size.' });
}

/** Gives back what the user's workspace used, in whichever tenant; idempotent. */
export async function releaseWorkspace(call: Call, subject: string): Promise<void> {
  await call.commit(
    async tx => {
      const name = encodeURIComponent(subject).replaceAll('%', '~');
      const held = await tables(tx)
        .selectFrom('control.reservation')
        .select(['tenant', 'object_urn'])
        .where('object_urn', 'like', `urn:strata:%:workspace:${name.replace(/[%_\\]/g, '\\$&')}`)
        .execute();
      for (const row of held) await dropReservation(tx, row.tenant, row.object_urn);
    },
    () => subject
  );
}

/** Records that a quota refused something, so that people can be told. */
export async function reportExceeded(database: Database, tenant: string, problem: Problem, subject: string): Promise<void> {
  await database.inTenant({ tenant }, tx =>
    appendEvent(tx, {
      name: 'quota.exceeded.v1',
      tenant,
      subject,
      urn: formatUrn({ tenant, kind: 'tenant', name: tenant }),
      data: { resource: problem.details.resource, limit: problem.details.limit, used: problem.details.used, requested: problem.details.requested }
    })
  );
}

/**
 * Writes into the books of the tenant that its quota refused a workspace: the Hub asks outside every tenant, and the tenant's
 * administrators are who can do something about it.
 */
export async function reportRefusedWorkspace(parts: { readonly database: Database; readonly now: Date }, call: Call, request: AdmissionRequest, problem: Problem): Promise<void> {
  const [tenant] = request.tenants;
  if (tenant === undefined) return;
  const fact = {
    tenant,
    actor: { ...call.actor, onBehalfOf: request.subject },
    action: 'workspace.admit',
    operation: call.operationId,
    target: workspaceUrn(tenant, request.subject),
    decision: 'denied',
    reason: problem.code,
    requestId: call.requestId
  } as const;
  await parts.database.inTenant({ tenant }, tx => recordAudit(tx, fact, parts.now));
  await reportExceeded(parts.database, tenant, problem, request.subject);
}
