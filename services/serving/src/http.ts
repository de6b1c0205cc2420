import type { servingRoutes } from '@stratalab/contracts/serving';
import type { Handlers } from '@stratalab/kernel';
import { deleteDeployment, stopDeployment, updateDeployment } from './usecases/change-deployment.ts';
import { deployModel } from './usecases/deploy-model.ts';
import { embedTexts } from './usecases/embed-texts.ts';
import { estimateFit } from './usecases/estimate-fit.ts';
import { completeChat, predict } from './usecases/invoke-endpoint.ts';
import type { ServingParts } from './usecases/parts.ts';
import { getDeployment, getDeploymentLog, listDeployments, listEndpoints } from './usecases/read-deployments.ts';

const defaultLimit = 50;
const defaultLogBytes = 262_144;

/** Handlers of every route. */
export function createHandlers(parts: ServingParts): Handlers<typeof servingRoutes> {
  return {
    deployModel: (call, { body }) => deployModel(parts, call, body),
    listDeployments: (call, { query }) => listDeployments(parts, call, { ...query, limit: query.limit ?? defaultLimit }),
    getDeployment: (call, { params }) => getDeployment(parts, call, params.deployment),
    updateDeployment: (call, { params, body }) => updateDeployment(parts, call, { ...body, name: params.deployment }),
    stopDeployment: (call, { params }) => stopDeployment(parts, call, params.deployment),
    deleteDeployment: (call, { params }) => deleteDeployment(parts, call, params.deployment),
    getDeploymentLog: (call, { params, query }) =>
      getDeploymentLog(parts, call, { name: params.deployment, replica: params.replica, offset: query.offset ?? 0, limitBytes: query.limitBytes ?? defaultLogBytes }),
    estimateFit: (call, { body }) => estimateFit(parts, call, body),
    listEndpoints: (call, { query }) => listEndpoints(parts, call, { ...query, limit: query.limit ?? defaultLimit }),
    completeChat: (call, { params, body }) => completeChat(parts, call, { ...body, endpoint: params.endpoint }),
    predict: (call, { params, body }) => predict(parts, call, { ...body, endpoint: params.endpoint }),
    embedTexts: (call, { body }) => embedTexts(parts, call, body)
  };
}
