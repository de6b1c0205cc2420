import type { Reconciler } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { contentKey } from '../domain/dataset.ts';
import { tables } from '../store/tables.ts';
import { findUpload, lockUpload, setUploadState } from '../store/upload-store.ts';
import { findByContent } from '../store/version-store.ts';
import { confirmStorage, releaseStorage } from '../usecases/storage-quota.ts';
import { uploadKind } from '../usecases/uploads.ts';

const hourMs = 3_600_000;
const lookMs = 10 * 60_000;

/** Keeps the room of open uploads, and drops those that are cancelled or rest for too long. */
export function createUploadReconciler(context: CatalogContext): Reconciler {
  const { store } = context.ports;
  return {
    kind: uploadKind,
    async list(tx) {
      return tables(tx).selectFrom('catalog.upload').select(['id', 'tenant']).where('state', '=', 'open').execute();
    },
    async reconcile(step) {
      const upload = await step.read(tx => findUpload(tx, step.tenant, step.id));
      if (upload === undefined) return { isDone: true };
      const content = { tenant: upload.tenant, dataset: upload.dataset, contentId: upload.id };
      const place = { tenant: upload.tenant, stagingId: upload.id };
      if (upload.state === 'completed') {
        // A look that was under way may have counted bytes again that the version had given back already.
        const version = await step.read(tx => findByContent(tx, upload.id));
        if (version === undefined || version.state === 'failed') await releaseStorage(context, content);
        return { isDone: true };
      }
      if (upload.state === 'cancelled') {
        await store.dropStaged(place);
        // A completion that came too late may have moved the bytes before it was refused.
        await store.remove({ tenant: upload.tenant, key: contentKey(upload.id) });
        await releaseStorage(context, content);
        return { isDone: true };
      }
      const restingSince = (await store.stagedAt(place)) ?? new Date(upload.created_at);
      const restsMs = context.clock.now().getTime() - restingSince.getTime();
      if (restsMs > context.config.STRATALAB_UPLOAD_HOURS * hourMs) {
        await step.write(async tx => {
          const current = await lockUpload(tx, upload.tenant, upload.id);
          if (current?.state === 'open') await setUploadState(tx, { tenant: upload.tenant, id: upload.id, state: 'cancelled' });
        });
        return { requeueAfterMs: 0 };
      }
      await confirmStorage(context, { ...content, sizeBytes: upload.files.reduce((sum, file) => sum + file.sizeBytes, 0) });
      const isStillOpen = (await step.read(tx => findUpload(tx, step.tenant, step.id)))?.state === 'open';
      return { requeueAfterMs: isStillOpen ? lookMs : 0 };
    }
  };
}
