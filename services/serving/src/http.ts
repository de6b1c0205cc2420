import { Problem } from '@stratalab/contracts';
import type { servingRoutes } from '@stratalab/contracts/serving';
import type { Handlers, ServiceContext } from '@stratalab/kernel';
import type { ServingPorts } from './ports.ts';
import { embedTexts } from './usecases/embed-texts.ts';

const later = async (): Promise<never> => {
  throw new Problem('unavailable', { detail: 'This part of serving is not there yet.' });
};

/** Handlers of every route. */
export function createHandlers({ ports }: ServiceContext<ServingPorts>): Handlers<typeof servingRoutes> {
  return {
    deployModel: later,
    listDeployments: later,
    getDeployment: later,
    updateDeployment: later,
    stopDeployment: later,
    deleteDeployment: later,
    getDeploymentLog: later,
    estimateFit: later,
    listEndpoints: later,
    completeChat: later,
    predict: later,
    embedTexts: (call, { body }) => embedTexts(ports.embedder, call, body)
  };
}
