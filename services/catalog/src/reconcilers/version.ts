import { Problem } from '@stratalab/contracts';
import type { VersionFile } from '@stratalab/contracts/catalog';
import { appendEvent, type ReconcileContext, type Reconciler, type ReconcileResult } from '@stratalab/kernel';
import { sql } from 'kysely';
import type { CatalogContext } from '../context.ts';
import { columnsOf } from '../domain/columns.ts';
import { contentKey, datasetUrn } from '../domain/dataset.ts';
import { numberOf } from '../domain/profile.ts';
import { findContract } from '../store/contract-store.ts';
import { findDataset, refreshLatest } from '../store/dataset-store.ts';
import { tables, type VersionRow } from '../store/tables.ts';
import { findByContent } from '../store/version-store.ts';
import { computeProfile } from '../usecases/compute-profile.ts';
import { noteChange, versionKind } from '../usecases/publish-version.ts';
import { queryRows } from '../usecases/read-rows.ts';
import { confirmStorage, releaseStorage } from '../usecases/storage-quota.ts';
import { checkLatest } from './check-latest.ts';
import { takeIn } from './take-in.ts';

const leaseMs = 15 * 60_000;
const describeTimeoutMs = 5 * 60_000;
/** Columns and row count in one pass; a table without rows answers its columns only. */
const describeSql = 'select (select count(*) from data), * from data limit 1';
const again: ReconcileResult = { requeueAfterMs: 0 };
/** Failures of the content itself: trying again would not help. */
const ofTheContent = new Set(['invalid-input', 'unsupported-format', 'not-found', 'invalid-request', 'timed-out', 'payload-too-large']);

/**
 * Leads a version from its bytes to a profile, one step at a time: take in, describe, profile, check against the contract.
 * Each step can be cut anywhere and is done again.
 */
export function createVersionReconciler(context: CatalogContext): Reconciler {
  return {
    kind: versionKind,
    leaseMs,
    concurrency: 2,
    async list(tx) {
      const rows = await tables(tx)
        .selectFrom('catalog.version')
        .innerJoin('catalog.dataset', join => join.onRef('catalog.dataset.tenant', '=', 'catalog.version.tenant').onRef('catalog.dataset.name', '=', 'catalog.version.dataset'))
        .select(['content_id', 'catalog.version.tenant'])
        .where('catalog.dataset.state', '=', 'active')
        .where(eb => eb.or([eb('catalog.version.state', '=', 'preparing'), eb.and([eb('catalog.version.state', '=', 'ready'), eb('profile_state', '=', 'pending')])]))
        .execute();
      return rows.map(row => ({ id: row.content_id, tenant: row.tenant }));
    },
    async reconcile(step) {
      const found = await step.read(async tx => {
        const version = await findByContent(tx, step.id);
        const dataset = version === undefined ? undefined : await findDataset(tx, version.tenant, version.dataset);
        if (version === undefined || dataset === undefined) return undefined;
        return { version, dataset, hasContract: (await findContract(tx, version.tenant, version.dataset)) !== undefined };
      });
      if (found === undefined) return { isDone: true };
      const { version, dataset, hasContract } = found;
      if (version.state === 'preparing') return orFail(step, version, () => (version.is_published ? describe(context, step, version) : bring(context, step, version)));
      if (version.state === 'failed') return dropContent(context, version);
      if (version.profile_state === 'pending') return profile(context, step, version);
      if (hasContract && dataset.contract_state === 'pending' && dataset.latest_version === version.version) return checkLatest(context, step, version);
      return { isDone: true };
    }
  };
}

async function bring(context: CatalogContext, step: ReconcileContext, version: VersionRow): Promise<ReconcileResult> {
  const taken = await takeIn(context, version, step.signal);
  await step.write(tx =>
    tables(tx)
      .updateTable('catalog.version')
      .set({ is_published: true, format: taken.format, size_bytes: taken.sizeBytes, files: JSON.stringify(taken.files.map(file => ({ ...file, sha256: null }))) })
      .where('content_id', '=', version.content_id)
      .execute()
  );
  return again;
}

/** Checksums, columns and row count; with them the version is ready. */
async function describe(context: CatalogContext, step: ReconcileContext, version: VersionRow): Promise<ReconcileResult> {
  const { tenant, dataset, content_id: contentId } = version;
  await confirmStorage(context, { tenant, dataset, contentId, sizeBytes: version.size_bytes });
  const files: VersionFile[] = [];
  for (const file of version.files) {
    files.push({ ...file, sha256: await context.ports.store.sha256({ tenant, key: `${contentKey(contentId)}/${file.name}` }, step.signal) });
  }
  const described = await queryRows(context, version, { sql: describeSql, signal: step.signal, rowLimit: 1, timeoutMs: describeTimeoutMs });
  const columns = columnsOf(described.columns.slice(1));
  const rowCount = numberOf(described.rows[0]?.[0]) ?? 0;
  await step.write(async tx => {
    await tables(tx)
      .updateTable('catalog.version')
      .set({ state: 'ready', columns: JSON.stringify(columns), files: JSON.stringify(files), row_count: rowCount })
      .where('content_id', '=', contentId)
      .where('state', '=', 'preparing')
      .execute();
    await refreshLatest(tx, tenant, dataset);
    await appendEvent(tx, {
      name: 'dataset.version-ready.v1',
      tenant,
      subject: version.created_by,
      urn: datasetUrn(tenant, dataset, version.version),
      data: { dataset, version: String(version.version) }
    });
  });
  return again;
}

async function profile(context: CatalogContext, step: ReconcileContext, version: VersionRow): Promise<ReconcileResult> {
  const settle = (change: { readonly profile_state: 'ready' | 'failed'; readonly profile?: string; readonly profile_message?: string }): Promise<void> =>
    step.write(async tx => {
      await tables(tx)
        .updateTable('catalog.version')
        .set({ ...change, profiled_at: context.clock.now().toISOString() })
        .where('content_id', '=', version.content_id)
        .execute();
      await noteChange(tx, { tenant: version.tenant, dataset: version.dataset, version: version.version });
    });
  try {
    await settle({ profile_state: 'ready', profile: JSON.stringify(await computeProfile(context, version, step.signal)) });
  } catch (error) {
    if (!(error instanceof Problem) || !ofTheContent.has(error.code)) throw error;
    await settle({ profile_state: 'failed', profile_message: error.message });
  }
  return again;
}

/** A version whose content is at fault fails for good and says why; everything else is tried again later. */
async function orFail(step: ReconcileContext, version: VersionRow, work: () => Promise<ReconcileResult>): Promise<ReconcileResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || !ofTheContent.has(error.code)) throw error;
    await fail(step, version, error);
    return again;
  }
}

/** What could not be read takes no room. */
async function dropContent(context: CatalogContext, version: VersionRow): Promise<ReconcileResult> {
  const { tenant, dataset, content_id: contentId } = version;
  await context.ports.store.remove({ tenant, key: contentKey(contentId) });
  await context.ports.store.dropStaged({ tenant, stagingId: contentId });
  await releaseStorage(context, { tenant, dataset, contentId });
  return { isDone: true };
}

async function fail(step: ReconcileContext, version: VersionRow, problem: Problem): Promise<void> {
  const { tenant, dataset } = version;
  await step.write(async tx => {
    await tables(tx)
      .updateTable('catalog.version')
      .set({ state: 'failed', state_message: problem.message, row_count: null, size_bytes: sql<number>`0` })
      .where('content_id', '=', version.content_id)
      .execute();
    await refreshLatest(tx, tenant, dataset);
    await appendEvent(tx, {
      name: 'dataset.version-failed.v1',
      tenant,
      subject: version.created_by,
      urn: datasetUrn(tenant, dataset, version.version),
      data: { dataset, version: String(version.version), message: problem.message.slice(0, 300) }
    });
  });
}
