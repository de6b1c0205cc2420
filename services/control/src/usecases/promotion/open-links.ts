import { parseUrn, Problem, type Urn } from '@stratalab/contracts';
import { agentsRoutes } from '@stratalab/contracts/agents';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { computeRoutes } from '@stratalab/contracts/compute';
import { modelsRoutes } from '@stratalab/contracts/models';
import { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import { servingRoutes } from '@stratalab/contracts/serving';
import { serviceActor, type Call, type ServiceContext } from '@stratalab/kernel';
import { findPromotion } from '../../store/promotion-store.ts';

type Context = Pick<ServiceContext<unknown>, 'clientFor'>;
type Opened = { urn: string; problem: string | null };

/** Asks the services themselves for what links name, as the platform; only whether it opens is told. @throws invalid-state before the promotion is finished */
export async function openPromotedLinks(context: Context, call: Call, input: { readonly name: string; readonly urns: readonly string[] }): Promise<{ items: Opened[] }> {
  const promotion = await call.read(tx => findPromotion(tx, input.name));
  if (promotion?.state !== 'promoted') throw new Problem('invalid-state', { detail: `The tenant '${input.name}' was not promoted to here.` });
  const items: Opened[] = [];
  for (const text of input.urns) {
    const urn = parseUrn(text);
    if (urn?.tenant !== input.name) throw new Problem('invalid-request', { detail: 'A link leads to another tenant.' });
    items.push({ urn: text, problem: await problemOf(() => open(context, urn)) });
  }
  return { items };
}

async function problemOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

function open({ clientFor }: Context, { tenant, kind, name, version }: Urn): Promise<unknown> {
  const actor = serviceActor('control', tenant);
  const inTenant = { tenant };
  switch (kind) {
    case 'dataset':
      return version === undefined
        ? clientFor(catalogRoutes, actor).getDataset({ params: { ...inTenant, dataset: name } })
        : clientFor(catalogRoutes, actor).getVersion({ params: { ...inTenant, dataset: name, version } });
    case 'job':
      return clientFor(computeRoutes, actor).getJob({ params: { ...inTenant, job: name } });
    case 'model':
      return version === undefined
        ? clientFor(modelsRoutes, actor).getModel({ params: { ...inTenant, model: name } })
        : clientFor(modelsRoutes, actor).getModelVersion({ params: { ...inTenant, model: name, version: Number(version) } });
    case 'experiment':
      return clientFor(modelsRoutes, actor).getExperiment({ params: { ...inTenant, experiment: name } });
    case 'run':
      return clientFor(modelsRoutes, actor).getRun({ params: { ...inTenant, run: name } });
    case 'pipeline':
      return clientFor(pipelinesRoutes, actor).getPipeline({ params: { ...inTenant, pipeline: name } });
    case 'pipeline-run':
      return clientFor(pipelinesRoutes, actor).getRun({ params: { ...inTenant, run: name } });
    case 'deployment':
      return clientFor(servingRoutes, actor).getDeployment({ params: { ...inTenant, deployment: name } });
    case 'collection':
      return clientFor(agentsRoutes, actor).getCollection({ params: { ...inTenant, collection: name } });
    default:
      throw new Problem('invalid-request', { detail: `Links of the kind '${kind}' are not opened.` });
  }
}
