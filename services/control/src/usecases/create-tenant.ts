import { formatUrn, Problem } from '@stratalab/contracts';
import type { Tenant } from '@stratalab/contracts/control';
import { appendEvent, wake, type Call } from '@stratalab/kernel';
import { defaultLimits } from '../domain/quota.ts';
import type { ControlPorts } from '../ports.ts';
import { insertQuotas } from '../store/quota-store.ts';
import { findTenant, insertTenant } from '../store/tenant-store.ts';
import { wakePlace } from './wake-place.ts';

/** Creates a tenant with the default quotas; its groups in the Hub follow by the tenant's reconciler. @throws already-exists */
export async function createTenant(ports: ControlPorts, call: Call, input: { readonly name: string; readonly displayName: string }): Promise<Tenant> {
  const longest = ports.places?.longestName;
  if (longest !== undefined && input.name.length > longest) {
    throw new Problem('invalid-request', { detail: `The name is too long for a namespace of the cluster: ${input.name.length} characters.`, hint: `Use at most ${longest}.` });
  }
  return call.commit(
    async tx => {
      if (!(await insertTenant(tx, { ...input, isSample: false }))) throw new Problem('already-exists', { detail: `There is a tenant '${input.name}' already.` });
      await insertQuotas(tx, input.name, defaultLimits(ports.machine));
      await appendEvent(tx, {
        name: 'tenant.created.v1',
        tenant: input.name,
        subject: call.actor.subject,
        urn: formatUrn({ tenant: input.name, kind: 'tenant', name: input.name }),
        data: {}
      });
      await wake(tx, { kind: 'tenant', objectId: input.name, tenant: input.name });
      await wakePlace(tx, ports, input.name);
      const tenant = await findTenant(tx, input.name);
      if (tenant === undefined) throw new Error('The tenant that was just inserted is not there.');
      return tenant;
    },
    tenant => formatUrn({ tenant: tenant.name, kind: 'tenant', name: tenant.name })
  );
}
