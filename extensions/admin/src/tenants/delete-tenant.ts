import type { ITranslator } from '@jupyterlab/translation';
import type { Client } from '@stratalab/client';
import type { controlRoutes, Quota, Tenant } from '@stratalab/contracts/control';
import { confirmDestructive, formatAmount } from '@stratalab/lab-kit';

const countedAtMost = 200;

/**
 * Deletes a closed tenant for good after showing what goes with it; its name must be typed. The sample can be done without: it is closed and deleted at once.
 * @returns whether it was deleted
 */
export async function deleteTenant(control: Client<typeof controlRoutes>, tenant: Pick<Tenant, 'name' | 'isSample' | 'state'>, translator: ITranslator): Promise<boolean> {
  const texts = translator.load('stratalab');
  const isAgreed = await confirmDestructive({
    title: tenant.isSample ? texts.__('Remove the sample tenant %1?', tenant.name) : texts.__('Delete the tenant %1 for good?', tenant.name),
    verb: tenant.isSample ? texts.__('Remove') : texts.__('Delete'),
    blastRadius: await blastRadius(control, tenant.name, translator),
    ...(tenant.isSample ? {} : { nameToType: tenant.name }),
    translator
  });
  if (!isAgreed) return false;
  if (tenant.isSample && tenant.state === 'active') await control.closeTenant({ params: { tenant: tenant.name } });
  await control.deleteTenant({ params: { tenant: tenant.name }, query: { confirm: tenant.name } });
  return true;
}

/** What goes with a tenant, one sentence each. */
export async function blastRadius(control: Client<typeof controlRoutes>, tenant: string, translator: ITranslator): Promise<readonly string[]> {
  const texts = translator.load('stratalab');
  const params = { tenant };
  const query = { limit: countedAtMost };
  const [members, keys, quotas] = await Promise.all([control.listMembers({ params, query }), control.listAccessKeys({ params, query }), control.getQuotas({ params })]);
  const living = keys.items.filter(({ revokedAt }) => revokedAt === null).length;
  const taken = (resource: Quota['resource']): number => {
    const quota = quotas.items.find(candidate => candidate.resource === resource);
    return quota === undefined ? 0 : quota.used + quota.reserved;
  };
  const facts: readonly (readonly [number, string])[] = [
    [members.items.length, texts._n('%2 member loses access', '%2 members lose access', members.items.length, formatAmount(members.items.length))],
    [taken('jobs'), texts._n('%2 job is stopped', '%2 jobs are stopped', taken('jobs'), formatAmount(taken('jobs')))],
    [taken('storage-mib'), texts.__('%1 MiB of data are removed', formatAmount(taken('storage-mib')))],
    [living, texts._n('%2 access key stops working', '%2 access keys stop working', living, formatAmount(living))],
    [1, texts.__('Every dataset, model, endpoint, collection and pipeline in it is removed')]
  ];
  return facts.flatMap(([count, sentence]) => (count > 0 ? [sentence] : []));
}
