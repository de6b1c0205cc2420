import { Type } from 'typebox';
import { closed, Description, Id, ObjectName, page, PageQuery, Slug, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { AliasName, ArtifactEntry, Model, ModelChange, ModelOutputInput, ModelVersion, PublishedModel, ResolvedModelVersion, VersionNumber } from './schemas.ts';

const inTenant = '/api/models/v1/tenants/{tenant}' as const;
const ofModel = closed({ tenant: Slug, model: ObjectName });
const ofVersion = closed({ tenant: Slug, model: ObjectName, version: VersionNumber });
const ofAlias = closed({ tenant: Slug, model: ObjectName, alias: AliasName });
const highestUploadBytes = 64 * 1024 ** 3;

export const listModels = route({
  operationId: 'listModels',
  method: 'GET',
  path: `${inTenant}/models`,
  summary: 'List registered models, last changed first',
  permission: 'model:read',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, search: Type.Optional(Type.String({ maxLength: 200 })) }),
  response: page(Model)
});
export const getModel = route({
  operationId: 'getModel',
  method: 'GET',
  path: `${inTenant}/models/{model}`,
  summary: 'Read one registered model',
  permission: 'model:read',
  audit: false,
  params: ofModel,
  response: Model
});
export const updateModel = route({
  operationId: 'updateModel',
  method: 'PATCH',
  path: `${inTenant}/models/{model}`,
  summary: 'Change the description of a model',
  permission: 'model:write',
  audit: 'model.update',
  params: ofModel,
  body: ModelChange,
  response: Model
});
export const deleteModel = route({
  operationId: 'deleteModel',
  method: 'DELETE',
  path: `${inTenant}/models/{model}`,
  summary: 'Delete a model with all its versions',
  permission: 'model:delete',
  audit: 'model.delete',
  params: ofModel
});
export const listModelVersions = route({
  operationId: 'listModelVersions',
  method: 'GET',
  path: `${inTenant}/models/{model}/versions`,
  summary: 'List the versions of a model, newest first',
  permission: 'model:read',
  audit: false,
  params: ofModel,
  query: PageQuery,
  response: page(ModelVersion)
});
export const getModelVersion = route({
  operationId: 'getModelVersion',
  method: 'GET',
  path: `${inTenant}/models/{model}/versions/{version}`,
  summary: 'Read one model version',
  permission: 'model:read',
  audit: false,
  params: ofVersion,
  response: ModelVersion
});
export const listModelVersionFiles = route({
  operationId: 'listModelVersionFiles',
  method: 'GET',
  path: `${inTenant}/models/{model}/versions/{version}/files`,
  summary: 'List every file of a model version',
  permission: 'model:read',
  audit: false,
  params: ofVersion,
  response: closed({ items: Type.Array(ArtifactEntry) })
});
export const updateModelVersion = route({
  operationId: 'updateModelVersion',
  method: 'PATCH',
  path: `${inTenant}/models/{model}/versions/{version}`,
  summary: 'Change the description of a model version',
  permission: 'model:write',
  audit: 'model-version.update',
  params: ofVersion,
  body: ModelChange,
  response: ModelVersion
});
export const deleteModelVersion = route({
  operationId: 'deleteModelVersion',
  method: 'DELETE',
  path: `${inTenant}/models/{model}/versions/{version}`,
  summary: 'Delete a model version; its number is not given out again',
  permission: 'model:delete',
  audit: 'model-version.delete',
  params: ofVersion,
  problems: ['in-use']
});
export const approveModelVersion = route({
  operationId: 'approveModelVersion',
  method: 'POST',
  path: `${inTenant}/models/{model}/versions/{version}/approval`,
  summary: 'Vouch for a quarantined version: it may be loaded from now on',
  permission: 'tenant:administer',
  audit: 'model-version.approve',
  params: ofVersion,
  body: closed({ reason: Type.String({ minLength: 3, maxLength: 1000 }) }),
  response: ModelVersion,
  problems: ['invalid-state']
});
export const registerModelVersion = route({
  operationId: 'registerModelVersion',
  method: 'POST',
  path: `${inTenant}/models/{model}/versions`,
  summary: 'Register what a run logged as the next version; creates the model when it is new',
  permission: 'model:write',
  audit: 'model-version.create',
  params: ofModel,
  body: closed({
    run: Id,
    loggedModel: Type.Optional(Type.String({ pattern: '^m-[0-9a-z]{26}$', description: 'One of the models of the run' })),
    path: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Or a folder of the artifacts of the run' })),
    description: Type.Optional(Description)
  }),
  response: ModelVersion,
  status: 201,
  problems: ['invalid-state', 'invalid-input', 'quota-exceeded']
});
export const uploadModelFile = route({
  operationId: 'uploadModelFile',
  method: 'POST',
  path: `${inTenant}/models/{model}/files`,
  summary: 'Upload a GGUF file (application/octet-stream) as the next version; creates the model when it is new',
  permission: 'model:write',
  audit: 'model-version.upload',
  kind: 'upload',
  params: ofModel,
  query: closed({
    fileName: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$', minLength: 1, maxLength: 200 }),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: 'When given, other bytes are refused' })),
    alias: Type.Optional(AliasName)
  }),
  response: ModelVersion,
  status: 201,
  bodyLimitBytes: highestUploadBytes,
  problems: ['invalid-input', 'unsupported-format', 'payload-too-large', 'quota-exceeded', 'storage-full']
});
export const setAlias = route({
  operationId: 'setAlias',
  method: 'PUT',
  path: `${inTenant}/models/{model}/aliases/{alias}`,
  summary: 'Point an alias at a version',
  permission: 'model:write',
  audit: 'model-alias.set',
  params: ofAlias,
  body: closed({ version: VersionNumber }),
  response: Model
});
export const deleteAlias = route({
  operationId: 'deleteAlias',
  method: 'DELETE',
  path: `${inTenant}/models/{model}/aliases/{alias}`,
  summary: 'Remove an alias; the version stays',
  permission: 'model:write',
  audit: 'model-alias.delete',
  params: ofAlias
});
export const resolveModelVersion = route({
  operationId: 'resolveModelVersion',
  method: 'POST',
  path: `${inTenant}/model-artifacts/resolve`,
  summary: 'Where the files of a model version lie (between services); the newest version unless a version or an alias is given',
  permission: 'platform:introspect',
  audit: false,
  params: TenantParams,
  body: closed({ name: ObjectName, version: Type.Optional(VersionNumber), alias: Type.Optional(AliasName) }),
  response: ResolvedModelVersion,
  problems: ['invalid-state']
});
export const publishModelOutput = route({
  operationId: 'publishModelOutput',
  method: 'POST',
  path: `${inTenant}/model-outputs`,
  summary: 'Register a staged output as a model version, exactly once per producer and output (between services)',
  permission: 'platform:introspect',
  audit: 'model-version.publish',
  params: TenantParams,
  body: ModelOutputInput,
  response: PublishedModel,
  problems: ['invalid-input', 'quota-exceeded']
});

export const modelRoutes = {
  listModels,
  getModel,
  updateModel,
  deleteModel,
  listModelVersions,
  getModelVersion,
  listModelVersionFiles,
  updateModelVersion,
  deleteModelVersion,
  approveModelVersion,
  registerModelVersion,
  uploadModelFile,
  setAlias,
  deleteAlias,
  resolveModelVersion,
  publishModelOutput
};
