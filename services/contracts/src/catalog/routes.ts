import { Type } from 'typebox';
import { choice, closed, Description, ObjectName, page, PageQuery, Slug, Subject, Tag, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { UrnText } from '../urn-text.ts';
import { BlastRadius, LineageDirection, LineageGraph } from './lineage-schemas.ts';
import { publishOutput, resolveMounts } from './service-routes.ts';
import { cancelUpload, completeUpload, createUpload, getUpload, putUploadPart, registerFolder } from './upload-routes.ts';
import {
  ContractRun,
  contractStates,
  Dataset,
  DatasetContract,
  DatasetFacets,
  DatasetFormat,
  DatasetSummary,
  DatasetVersion,
  Mount,
  Preview,
  Profile,
  VersionOrLatest,
  VersionSummary
} from './schemas.ts';

const inTenant = '/api/catalog/v1/tenants/{tenant}' as const;
const DatasetParams = closed({ tenant: Slug, dataset: ObjectName });
const VersionParams = closed({ tenant: Slug, dataset: ObjectName, version: VersionOrLatest });

const filters = {
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Words, prefixes and near misses of names; columns, tags, owners, descriptions' })),
  tag: Type.Optional(Tag),
  owner: Type.Optional(Subject),
  format: Type.Optional(DatasetFormat),
  contract: Type.Optional(choice(contractStates))
};

export const listDatasets = route({
  operationId: 'listDatasets',
  method: 'GET',
  path: `${inTenant}/datasets`,
  summary: 'Search the datasets of a tenant; newest change first without a search text, best match first with one',
  permission: 'dataset:read',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, ...filters }),
  response: page(DatasetSummary)
});
export const getDatasetFacets = route({
  operationId: 'getDatasetFacets',
  method: 'GET',
  path: `${inTenant}/dataset-facets`,
  summary: 'Count what a search finds by format, owner, tag and contract state',
  permission: 'dataset:read',
  audit: false,
  params: TenantParams,
  query: closed(filters),
  response: DatasetFacets
});
export const getDataset = route({
  operationId: 'getDataset',
  method: 'GET',
  path: `${inTenant}/datasets/{dataset}`,
  summary: 'Read one dataset with its latest version',
  permission: 'dataset:read',
  audit: false,
  params: DatasetParams,
  response: Dataset
});
export const updateDataset = route({
  operationId: 'updateDataset',
  method: 'PATCH',
  path: `${inTenant}/datasets/{dataset}`,
  summary: 'Change description, tags or owner',
  permission: 'dataset:write',
  audit: 'dataset.update',
  params: DatasetParams,
  body: closed({ description: Type.Optional(Description), tags: Type.Optional(Type.Array(Tag, { maxItems: 50 })), owner: Type.Optional(Subject) }),
  response: Dataset
});
export const deleteDataset = route({
  operationId: 'deleteDataset',
  method: 'DELETE',
  path: `${inTenant}/datasets/{dataset}`,
  summary: 'Delete a dataset with every version; refused while something was made from it, unless its name is repeated',
  permission: 'dataset:delete',
  audit: 'dataset.delete',
  params: DatasetParams,
  query: closed({ confirm: Type.Optional(ObjectName) }),
  problems: ['in-use']
});

export const listVersions = route({
  operationId: 'listVersions',
  method: 'GET',
  path: `${inTenant}/datasets/{dataset}/versions`,
  summary: 'List the versions of a dataset, newest first',
  permission: 'dataset:read',
  audit: false,
  params: DatasetParams,
  query: PageQuery,
  response: page(VersionSummary)
});
export const getVersion = route({
  operationId: 'getVersion',
  method: 'GET',
  path: `${inTenant}/datasets/{dataset}/versions/{version}`,
  summary: 'Read one version with schema, files and drift',
  permission: 'dataset:read',
  audit: false,
  params: VersionParams,
  response: DatasetVersion
});
export const previewVersion = route({
  operationId: 'previewVersion',
  method: 'GET',
  path: `${inTenant}/datasets/{dataset}/versions/{version}/rows`,
  summary: 'Read rows: at most 100 and 1 MB at a time',
  permission: 'dataset:read',
  audit: false,
  params: VersionParams,
  query: closed({
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e12, default: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 100 })),
    columns: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 200, description: 'Only these columns, in this order' }))
  }),
  response: Preview,
  problems: ['invalid-state', 'timed-out', 'unavailable']
});
export const profileVersion = route({
  operationId: 'profileVersion',
  method: 'GET',
  path: `${inTenant}/datasets/{dataset}/versions/{version}/profile`,
  summary: 'Statistics of every column, computed once after the version was published',
  permission: 'dataset:read',
  audit: false,
  params: VersionParams,
  response: Profile
});

export const getContract = route({
  operationId: 'getContract',
  method: 'GET',
  path: `${inTenant}/datasets/{dataset}/contract`,
  summary: 'Read the contract of a dataset',
  permission: 'dataset:read',
  audit: false,
  params: DatasetParams,
  response: DatasetContract
});
export const setContract = route({
  operationId: 'setContract',
  method: 'PUT',
  path: `${inTenant}/datasets/{dataset}/contract`,
  summary: 'Set the contract of a dataset from an ODCS 3.1 document; the latest version is checked at once',
  permission: 'dataset:write',
  audit: 'dataset.contract-set',
  params: DatasetParams,
  body: closed({ document: Type.String({ minLength: 1, maxLength: 200_000 }) }),
  response: DatasetContract,
  problems: ['invalid-input']
});
export const deleteContract = route({
  operationId: 'deleteContract',
  method: 'DELETE',
  path: `${inTenant}/datasets/{dataset}/contract`,
  summary: 'Take the contract of a dataset away',
  permission: 'dataset:write',
  audit: 'dataset.contract-delete',
  params: DatasetParams
});
export const suggestContract = route({
  operationId: 'suggestContract',
  method: 'GET',
  path: `${inTenant}/datasets/{dataset}/contract-suggestion`,
  summary: 'An ODCS document with the checks the latest profile supports',
  permission: 'dataset:read',
  audit: false,
  params: DatasetParams,
  response: closed({ document: Type.String() }),
  problems: ['invalid-state']
});
export const checkContract = route({
  operationId: 'checkContract',
  method: 'POST',
  path: `${inTenant}/datasets/{dataset}/versions/{version}/checks`,
  summary: 'Check a version against the contract now',
  permission: 'dataset:write',
  audit: 'dataset.check',
  params: VersionParams,
  response: ContractRun,
  problems: ['invalid-state', 'timed-out', 'unavailable']
});
export const listContractRuns = route({
  operationId: 'listContractRuns',
  method: 'GET',
  path: `${inTenant}/datasets/{dataset}/checks`,
  summary: 'Results of the contract, newest first',
  permission: 'dataset:read',
  audit: false,
  params: DatasetParams,
  query: PageQuery,
  response: page(ContractRun)
});

export const listMounts = route({
  operationId: 'listMounts',
  method: 'GET',
  path: `${inTenant}/mounts`,
  summary: 'Mounts in the workspace of the caller',
  permission: 'dataset:read',
  audit: false,
  params: TenantParams,
  query: PageQuery,
  response: page(Mount)
});
export const mountDataset = route({
  operationId: 'mountDataset',
  method: 'POST',
  path: `${inTenant}/mounts`,
  summary: 'Make a version readable under ~/datasets in the workspace of the caller, without a copy; idempotent',
  permission: 'dataset:read',
  audit: 'dataset.mount',
  params: TenantParams,
  body: closed({ dataset: ObjectName, version: Type.Optional(VersionOrLatest) }),
  response: Mount,
  status: 201,
  problems: ['invalid-state', 'already-exists']
});
export const unmountDataset = route({
  operationId: 'unmountDataset',
  method: 'DELETE',
  path: `${inTenant}/mounts/{mountName}`,
  summary: 'Take a mount away from the workspace of the caller; idempotent',
  permission: 'dataset:read',
  audit: 'dataset.unmount',
  params: closed({ tenant: Slug, mountName: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}@[1-9][0-9]{0,8}$', maxLength: 140 }) })
});

export const getLineage = route({
  operationId: 'getLineage',
  method: 'GET',
  path: `${inTenant}/lineage`,
  summary: 'The neighbourhood of any object: what it was made from and what was made from it',
  permission: 'lineage:read',
  audit: false,
  params: TenantParams,
  query: closed({
    urn: UrnText,
    direction: Type.Optional(LineageDirection),
    depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, default: 1 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 200 }))
  }),
  response: LineageGraph
});
export const getBlastRadius = route({
  operationId: 'getBlastRadius',
  method: 'GET',
  path: `${inTenant}/lineage/blast-radius`,
  summary: 'Everything that was made from an object, directly or not',
  permission: 'lineage:read',
  audit: false,
  params: TenantParams,
  query: closed({ urn: UrnText }),
  response: BlastRadius
});

export const catalogRoutes = {
  listDatasets,
  getDatasetFacets,
  getDataset,
  updateDataset,
  deleteDataset,
  listVersions,
  getVersion,
  previewVersion,
  profileVersion,
  createUpload,
  getUpload,
  putUploadPart,
  completeUpload,
  cancelUpload,
  registerFolder,
  getContract,
  setContract,
  deleteContract,
  suggestContract,
  checkContract,
  listContractRuns,
  listMounts,
  mountDataset,
  unmountDataset,
  getLineage,
  getBlastRadius,
  publishOutput,
  resolveMounts
};
