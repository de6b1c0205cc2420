import { wake, type Subscription } from '@stratalab/kernel';
import type { TokenBudget } from './gateway/token-budget.ts';
import { changeSpec, markDeleted } from './store/deployment-store.ts';
import { tables } from './store/tables.ts';

/** What this service does about facts of others. */
export function createSubscriptions(budget: TokenBudget): readonly Subscription[] {
  return [
    {
      consumer: 'serving/quota',
      events: ['quota.changed.v1'],
      handle: async (_tx, event) => budget.forget(event.tenant)
    },
    {
      consumer: 'serving/tenant-closed',
      events: ['tenant.closed.v1'],
      async handle(tx, { tenant }) {
        const rows = await tables(tx).selectFrom('serving.deployment').select('id').where('tenant', '=', tenant).where('is_stopped', '=', false).execute();
        for (const { id } of rows) {
          await changeSpec(tx, id, { is_stopped: true });
          await wake(tx, { kind: 'deployment', objectId: id, tenant });
        }
      }
    },
    {
      consumer: 'serving/tenant-deleted',
      events: ['tenant.deleted.v1'],
      async handle(tx, event) {
        const rows = await tables(tx).selectFrom('serving.deployment').select('id').where('tenant', '=', event.tenant).where('is_deleted', '=', false).execute();
        for (const { id } of rows) {
          await markDeleted(tx, id);
          await wake(tx, { kind: 'deployment', objectId: id, tenant: event.tenant });
        }
        await tables(tx).deleteFrom('serving.token_day').where('tenant', '=', event.tenant).execute();
      }
    }
  ];
}
