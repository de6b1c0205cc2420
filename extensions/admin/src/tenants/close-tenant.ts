import type { ITranslator } from '@jupyterlab/translation';
import type { Client } from '@stratalab/client';
import type { controlRoutes, Tenant } from '@stratalab/contracts/control';
import { confirmDestructive, formatAmount } from '@stratalab/lab-kit';

const countedAtMost = 200;

/**
 * Closes a tenant after saying what that means and where it can be undone or finished.
 * @returns whether it was closed
 */
export async function closeTenant(control: Client<typeof controlRoutes>, tenant: Pick<Tenant, 'name'>, translator: ITranslator): Promise<boolean> {
  const texts = translator.load('stratalab');
  const params = { tenant: tenant.name };
  const members = (await control.listMembers({ params, query: { limit: countedAtMost } })).items.length;
  const isAgreed = await confirmDestructive({
    title: texts.__('Close the tenant %1?', tenant.name),
    verb: texts.__('Close'),
    blastRadius: [
      ...(members > 0 ? [texts._n('%2 member loses access', '%2 members lose access', members, formatAmount(members))] : []),
      texts.__('Its jobs and endpoints are stopped, on a cluster its workspaces too, and its access keys do not work'),
      texts.__('Everything it has is kept, on the page Tenants: there it is opened again, or deleted for good')
    ],
    translator
  });
  if (!isAgreed) return false;
  await control.closeTenant({ params });
  return true;
}
