import type { ObjectStore, Reconciler } from '@stratalab/kernel';
import { tables } from '../store/tables.ts';
import { removalKind } from '../usecases/artifacts.ts';

const batchSize = 100;

/** Removes the bytes of objects whose record is gone; the note goes last, so a crash leaves nothing behind. */
export function createRemovalReconciler(objects: ObjectStore): Reconciler {
  return {
    kind: removalKind,
    async list(tx) {
      const rows = await tables(tx).selectFrom('models.removal').select('tenant').distinct().execute();
      return rows.map(({ tenant }) => ({ id: tenant, tenant }));
    },
    async reconcile(context) {
      const { tenant } = context;
      const rows = await context.read(tx => tables(tx).selectFrom('models.removal').select('key').where('tenant', '=', tenant).limit(batchSize).execute());
      for (const { key } of rows) await objects.remove({ tenant, key });
      const keys = rows.map(({ key }) => key);
      if (keys.length > 0) await context.write(tx => tables(tx).deleteFrom('models.removal').where('tenant', '=', tenant).where('key', 'in', keys).execute());
      return keys.length === batchSize ? { requeueAfterMs: 0 } : { isDone: true };
    }
  };
}
