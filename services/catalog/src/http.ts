import type { catalogRoutes, Profile } from '@stratalab/contracts/catalog';
import type { Handlers } from '@stratalab/kernel';
import type { CatalogContext } from './context.ts';
import { listRunPage } from './store/contract-store.ts';
import { listMountPage } from './store/mount-store.ts';
import { countFacets, searchDatasets } from './store/search-store.ts';
import type { VersionRow } from './store/tables.ts';
import { findDrift, listVersionPage, versionOf } from './store/version-store.ts';
import { checkContract, deleteContract, getContract, setContract, suggestContract } from './usecases/contracts.ts';
import { deleteDataset, getDataset, updateDataset } from './usecases/datasets.ts';
import { personOf, requireDataset, requireReady, requireVersion } from './usecases/find-version.ts';
import { getBlastRadius, getLineage } from './usecases/lineage.ts';
import { mountDataset, resolveMounts, unmountDataset } from './usecases/mounts.ts';
import { publishOutput } from './usecases/publish-output.ts';
import { previewRows } from './usecases/read-rows.ts';
import { registerFolder } from './usecases/register-folder.ts';
import { cancelUpload, completeUpload, createUpload, getUpload, putUploadPart } from './usecases/uploads.ts';

const defaultLimit = 50;

/** Binds the routes of `catalog` to its use cases. */
export function createHandlers(context: CatalogContext): Handlers<typeof catalogRoutes> {
  return {
    listDatasets: (call, { query }) => call.read(tx => searchDatasets(tx, call.tenant, { ...query, limit: query.limit ?? defaultLimit })),
    getDatasetFacets: (call, { query }) => call.read(tx => countFacets(tx, call.tenant, query)),
    getDataset: (call, { params }) => getDataset(call, params.dataset),
    updateDataset: (call, { params, body }) => updateDataset(call, params.dataset, body),
    deleteDataset: (call, { params, query }) => deleteDataset(call, params.dataset, query.confirm),
    async listVersions(call, { params, query }) {
      await requireDataset(call, params.dataset);
      return call.read(tx => listVersionPage(tx, { tenant: call.tenant, dataset: params.dataset, cursor: query.cursor, limit: query.limit ?? defaultLimit }));
    },
    async getVersion(call, { params }) {
      const row = await requireVersion(call, params.dataset, params.version);
      return versionOf(row, await call.read(tx => findDrift(tx, row)));
    },
    async previewVersion(call, { params, query }) {
      const row = await requireReady(call, params.dataset, params.version);
      return previewRows(context, row, { offset: query.offset ?? 0, limit: query.limit ?? 100, columns: query.columns, signal: call.signal });
    },
    profileVersion: async (call, { params }) => profileOf(await requireReady(call, params.dataset, params.version)),
    createUpload: (call, { body }) => createUpload(context, call, body),
    getUpload: (call, { params }) => getUpload(context, call, params.upload),
    putUploadPart: (call, { params, query }, { request }) =>
      putUploadPart(context, call, { upload: params.upload, file: params.file, offset: query.offset, body: unsafeStream(request.body) }),
    completeUpload: (call, { params }) => completeUpload(context, call, params.upload),
    cancelUpload: (call, { params }) => cancelUpload(call, params.upload),
    registerFolder: (call, { body }) => registerFolder(context, call, body),
    getContract: (call, { params }) => getContract(call, params.dataset),
    setContract: (call, { params, body }) => setContract(call, params.dataset, body.document),
    deleteContract: (call, { params }) => deleteContract(call, params.dataset),
    suggestContract: (call, { params }) => suggestContract(call, params.dataset),
    checkContract: (call, { params }) => checkContract(context, call, params),
    async listContractRuns(call, { params, query }) {
      await requireDataset(call, params.dataset);
      return call.read(tx => listRunPage(tx, { tenant: call.tenant, dataset: params.dataset, cursor: query.cursor, limit: query.limit ?? defaultLimit }));
    },
    listMounts: (call, { query }) => call.read(tx => listMountPage(tx, { tenant: call.tenant, subject: personOf(call), cursor: query.cursor, limit: query.limit ?? defaultLimit })),
    mountDataset: (call, { body }) => mountDataset(context, call, body),
    unmountDataset: (call, { params }) => unmountDataset(context, call, params.mountName),
    getLineage: (call, { query }) => getLineage(call, { urn: query.urn, direction: query.direction ?? 'both', depth: query.depth ?? 1, limit: query.limit ?? 200 }),
    getBlastRadius: (call, { query }) => getBlastRadius(call, query.urn),
    publishOutput: (call, { body }) => publishOutput(context, call, body),
    resolveMounts: (call, { body }) => resolveMounts(context, call, body)
  };
}

function profileOf(row: VersionRow): Profile {
  return {
    state: row.profile_state,
    message: row.profile_message,
    basis: row.profile?.basis ?? null,
    sampledRows: row.profile?.sampledRows ?? null,
    rowCount: row.row_count,
    computedAt: row.profiled_at,
    columns: [...(row.profile?.columns ?? [])]
  };
}

/** The body of an `upload` route is the stream itself. */
function unsafeStream(body: unknown): AsyncIterable<Uint8Array> {
  return body as AsyncIterable<Uint8Array>;
}
