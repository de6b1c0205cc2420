import { Type } from 'typebox';
import { closed, page, PageQuery, Slug, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import {
  ChatCompletion,
  ChatInput,
  Deployment,
  DeploymentChange,
  DeploymentInput,
  DeploymentLog,
  DeploymentState,
  EmbeddingInput,
  Embeddings,
  Endpoint,
  EndpointKind,
  FitEstimate,
  FitInput,
  PredictInput,
  Predictions
} from './schemas.ts';

const inTenant = '/api/serving/v1/tenants/{tenant}';
const DeploymentParams = closed({ tenant: Slug, deployment: Slug });
const EndpointParams = closed({ tenant: Slug, endpoint: Slug });
const invocationBytes = 16 * 1024 * 1024;

export const deployModel = route({
  operationId: 'deployModel',
  method: 'POST',
  path: `${inTenant}/deployments`,
  summary: 'Serve a model version under a name',
  permission: 'endpoint:write',
  audit: 'deployment.create',
  params: TenantParams,
  body: DeploymentInput,
  response: Deployment,
  status: 201,
  problems: ['already-exists', 'invalid-state', 'unsupported-format', 'quota-exceeded', 'unavailable']
});
export const listDeployments = route({
  operationId: 'listDeployments',
  method: 'GET',
  path: `${inTenant}/deployments`,
  summary: 'List deployments, newest first',
  permission: 'endpoint:read',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, model: Type.Optional(Type.String({ maxLength: 128 })), state: Type.Optional(DeploymentState) }),
  response: page(Deployment)
});
export const getDeployment = route({
  operationId: 'getDeployment',
  method: 'GET',
  path: `${inTenant}/deployments/{deployment}`,
  summary: 'Read one deployment with its replicas',
  permission: 'endpoint:read',
  audit: false,
  params: DeploymentParams,
  response: Deployment
});
export const updateDeployment = route({
  operationId: 'updateDeployment',
  method: 'PATCH',
  path: `${inTenant}/deployments/{deployment}`,
  summary: 'Change the number of replicas or the version; also starts a stopped deployment',
  permission: 'endpoint:write',
  audit: 'deployment.update',
  params: DeploymentParams,
  body: DeploymentChange,
  response: Deployment,
  problems: ['quota-exceeded', 'invalid-state', 'unsupported-format', 'unavailable']
});
export const stopDeployment = route({
  operationId: 'stopDeployment',
  method: 'POST',
  path: `${inTenant}/deployments/{deployment}/stop`,
  summary: 'Finish the calls in flight, then stop every replica and give the quota back',
  permission: 'endpoint:write',
  audit: 'deployment.stop',
  params: DeploymentParams,
  response: Deployment
});
export const deleteDeployment = route({
  operationId: 'deleteDeployment',
  method: 'DELETE',
  path: `${inTenant}/deployments/{deployment}`,
  summary: 'Stop a deployment and forget it; its endpoint is gone',
  permission: 'endpoint:write',
  audit: 'deployment.delete',
  params: DeploymentParams
});
export const getDeploymentLog = route({
  operationId: 'getDeploymentLog',
  method: 'GET',
  path: `${inTenant}/deployments/{deployment}/replicas/{replica}/log`,
  summary: 'Read the log of a replica from an offset in bytes',
  permission: 'endpoint:read',
  audit: false,
  params: closed({ tenant: Slug, deployment: Slug, replica: Type.Integer({ minimum: 0, maximum: 63 }) }),
  query: closed({ offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })), limitBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_048_576, default: 262_144 })) }),
  response: DeploymentLog
});
export const estimateFit = route({
  operationId: 'estimateFit',
  method: 'POST',
  path: `${inTenant}/fit`,
  summary: 'Say whether a model version fits into the quota before it is deployed',
  permission: 'endpoint:read',
  audit: false,
  params: TenantParams,
  body: FitInput,
  response: FitEstimate,
  problems: ['unavailable']
});
export const listEndpoints = route({
  operationId: 'listEndpoints',
  method: 'GET',
  path: `${inTenant}/endpoints`,
  summary: 'List what can be called, by name',
  permission: 'endpoint:read',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, kind: Type.Optional(EndpointKind) }),
  response: page(Endpoint)
});
export const completeChat = route({
  operationId: 'completeChat',
  method: 'POST',
  path: `${inTenant}/endpoints/{endpoint}/chat`,
  summary: 'Ask a chat endpoint; the same code as the OpenAI-compatible gateway',
  permission: 'endpoint:invoke',
  audit: false,
  params: EndpointParams,
  body: ChatInput,
  response: ChatCompletion,
  problems: ['invalid-state', 'quota-exceeded', 'too-many-requests', 'unavailable', 'timed-out'],
  bodyLimitBytes: invocationBytes
});
export const predict = route({
  operationId: 'predict',
  method: 'POST',
  path: `${inTenant}/endpoints/{endpoint}/predict`,
  summary: "Ask a Python model; the body is MLflow's scoring payload",
  permission: 'endpoint:invoke',
  audit: false,
  params: EndpointParams,
  body: PredictInput,
  response: Predictions,
  problems: ['invalid-state', 'invalid-input', 'too-many-requests', 'unavailable', 'timed-out'],
  bodyLimitBytes: invocationBytes
});
export const embedTexts = route({
  operationId: 'embedTexts',
  method: 'POST',
  path: `${inTenant}/embeddings`,
  summary: 'Turn texts into vectors with the embedding model that comes with the platform',
  permission: 'endpoint:invoke',
  audit: false,
  params: TenantParams,
  body: EmbeddingInput,
  response: Embeddings,
  problems: ['quota-exceeded', 'too-many-requests', 'unavailable'],
  bodyLimitBytes: invocationBytes
});

export const servingRoutes = {
  deployModel,
  listDeployments,
  getDeployment,
  updateDeployment,
  stopDeployment,
  deleteDeployment,
  getDeploymentLog,
  estimateFit,
  listEndpoints,
  completeChat,
  predict,
  embedTexts
};
