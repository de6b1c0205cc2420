import { Problem } from '@stratalab/contracts';
import type { FitEstimate, FitInput } from '@stratalab/contracts/serving';
import type { Call } from '@stratalab/kernel';
import { judgeFit, type Share } from '../domain/fit.ts';
import type { ServingParts } from './parts.ts';
import { chooseModel } from './resolve-model.ts';

/** Says, before anything is made, whether a model version fits into what the tenant's quota leaves. */
export async function estimateFit(parts: ServingParts, call: Call, input: FitInput): Promise<FitEstimate> {
  const { tenant } = call;
  const chosen = await chooseModel(parts, call, input);
  const { items } = await parts.control(tenant, call.actor.subject).getQuotas({ params: { tenant } });
  const share = (resource: string): Share => {
    const quota = items.find(item => item.resource === resource);
    return quota === undefined ? { limit: null, used: 0 } : { limit: quota.limit, used: quota.used + quota.reserved };
  };
  const quota = { cpu: share('cpu'), memoryMiB: share('memory-mib') };
  const replicas = input.replicas ?? 1;
  const refused = chosen.resolved.isQuarantined
    ? 'This version is in quarantine: loading it can run code of whoever made it. An administrator of the tenant can approve it on its page.'
    : undefined;
  try {
    if (refused === undefined) return { model: chosen.served, ...judgeFit(await parts.runtime.inspect(chosen.files), { replicas, contextTokens: input.contextTokens }, quota) };
  } catch (error) {
    if (!(error instanceof Problem) || (error.code !== 'unsupported-format' && error.code !== 'invalid-input')) throw error;
    return cannotServe(chosen.served, { replicas, quota, message: [error.message, error.details.hint].filter(part => part !== undefined).join(' ') });
  }
  return cannotServe(chosen.served, { replicas, quota, message: refused ?? '' });
}

function cannotServe(
  model: FitEstimate['model'],
  facts: { readonly replicas: number; readonly message: string; readonly quota: { readonly cpu: Share; readonly memoryMiB: Share } }
): FitEstimate {
  return {
    verdict: 'cannot-serve',
    message: facts.message,
    kind: null,
    model,
    perReplica: { cpu: 0, memoryMiB: 0, weightsMiB: 0, cacheMiB: 0, overheadMiB: 0 },
    replicas: facts.replicas,
    contextTokens: null,
    trainedContextTokens: null,
    highestContextTokens: null,
    highestReplicas: 0,
    parallelChats: null,
    quota: { cpu: { ...facts.quota.cpu, requested: 0 }, memoryMiB: { ...facts.quota.memoryMiB, requested: 0 } }
  };
}
