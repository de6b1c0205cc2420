import type { Reconciler } from '@stratalab/kernel';
import { listUnreported, markReported } from '../store/usage-store.ts';
import { tables } from '../store/tables.ts';
import { dayOf, endpointUrn } from '../usecases/deployment-view.ts';
import type { ServingParts } from '../usecases/parts.ts';

const batchSize = 200;

/** Reports what endpoints used to the books of the tenant, every interval exactly once: its id is the same on a repeat. */
export function createUsageReporter(parts: ServingParts): Reconciler {
  return {
    kind: 'serving-usage',
    async list(tx) {
      const rows = await tables(tx).selectFrom('serving.usage').select('tenant').distinct().where('is_reported', '=', false).execute();
      return rows.map(row => ({ id: row.tenant, tenant: row.tenant }));
    },
    async reconcile(context) {
      const { tenant } = context;
      const rows = await context.read(tx => listUnreported(tx, tenant, batchSize));
      if (rows.length === 0) return { isDone: true };
      const entries = rows.flatMap(row => {
        const common = { intervalId: row.id, subject: row.subject, objectUrn: endpointUrn(tenant, row.deployment_name), from: row.from_time, to: row.to_time };
        return [
          { ...common, meter: 'input-tokens' as const, amount: row.input_tokens },
          { ...common, meter: 'output-tokens' as const, amount: row.output_tokens }
        ].filter(entry => entry.amount > 0);
      });
      if (entries.length > 0) await parts.control(tenant).recordUsage({ params: { tenant }, body: { entries } });
      const ids = rows.map(row => row.id);
      await context.write(tx => markReported(tx, tenant, ids, dayOf(parts.now())));
      return rows.length === batchSize ? { requeueAfterMs: 0 } : { isDone: true };
    }
  };
}
