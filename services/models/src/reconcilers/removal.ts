import type { ObjectStore, Reconciler, StorageQuota } from '@stratalab/kernel';
import { tables } from '../store/tables.ts';
import { removalKind } from '../usecases/artifacts.ts';
import { dropObjects } from '../usecases/storage.ts';

const batchSize = 100;

/** Removes the bytes of objects whose record is gone and gives their room back; the note goes last, so a crash leaves nothing behind. */
export function createRemovalReconciler(parts: { readonly objects: ObjectStore; readonly storage: StorageQuota }): Reconciler {
  return {
    kind: removalKind,
    async list(tx) {
      const rows = await tables(tx).selectFrom('models.removal').select('tenant').distinct().execute();
      return rows.map(({ tenant }) => ({ id: tenant, tenant }));
    },
    async reconcile(context) {
      const { tenant } = context;
      const rows = await context.read(tx => tables(tx).selectFrom('models.removal').select('key').where('tenant', '=', tenant).limit(batchSize).execute());
      for (const { key } of rows) await dropObjects({ ...parts, tenant }, key);
      const keys = rows.map(({ key }) => key);
      if (keys.length > 0) await context.write(tx => tables(tx).deleteFrom('models.removal').where('tenant', '=', tenant).where('key', 'in', keys).execute());
      return keys.length === batchSize ? { requeueAfterMs: 0 } : { isDone: true };
    }
  };
}
