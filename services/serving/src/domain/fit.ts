import { maximumReplicas, type FitEstimate } from '@stratalab/contracts/serving';

const mebibyte = 1024 * 1024;
export const defaultContextTokens = 2048;
const smallestContextTokens = 256;
/** Conversations a chat replica answers at once; more share one core and only get slower. */
export const chatParallel = 2;
export const predictParallel = 4;

/** What the headers of a model say. */
export interface ModelNeeds {
  readonly kind: 'chat' | 'predict';
  readonly weightsBytes: number;
  readonly bytesPerToken: number;
  readonly trainedContextTokens?: number;
  readonly overheadBytes: number;
}

export interface Demand {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly weightsMiB: number;
  readonly cacheMiB: number;
  readonly overheadMiB: number;
  readonly contextTokens: number | null;
  readonly parallel: number;
}

/** The context a chat model gets: what was asked for, never more than it was made for. */
export function contextOf(needs: ModelNeeds, asked: number | undefined): number | null {
  if (needs.kind !== 'chat') return null;
  return Math.min(asked ?? defaultContextTokens, needs.trainedContextTokens ?? Number.POSITIVE_INFINITY);
}

/** What one replica takes: weights, the cache of every conversation at full length, and the engine itself. */
export function demandOf(needs: ModelNeeds, asked: number | undefined): Demand {
  const contextTokens = contextOf(needs, asked);
  const parallel = needs.kind === 'chat' ? chatParallel : predictParallel;
  const weightsMiB = Math.ceil(needs.weightsBytes / mebibyte);
  const cacheMiB = Math.ceil((needs.bytesPerToken * (contextTokens ?? 0) * parallel) / mebibyte);
  const overheadMiB = Math.ceil(needs.overheadBytes / mebibyte);
  return { cpu: needs.kind === 'chat' ? 1 : 0.5, memoryMiB: weightsMiB + cacheMiB + overheadMiB, weightsMiB, cacheMiB, overheadMiB, contextTokens, parallel };
}

export interface Share {
  /** null: no limit. */
  readonly limit: number | null;
  /** In use and held. */
  readonly used: number;
}

export type Judgement = Omit<FitEstimate, 'model'>;

/** Compares what `replicas` take with what the tenant's quota leaves. */
export function judgeFit(
  needs: ModelNeeds,
  asked: { readonly replicas: number; readonly contextTokens?: number | undefined },
  quota: { readonly cpu: Share; readonly memoryMiB: Share }
): Judgement {
  const demand = demandOf(needs, asked.contextTokens);
  const freeCpu = freeOf(quota.cpu);
  const freeMemoryMiB = freeOf(quota.memoryMiB);
  const highestReplicas = Math.max(0, Math.min(maximumReplicas, Math.floor(freeCpu / demand.cpu), Math.floor(freeMemoryMiB / demand.memoryMiB)));
  const highestContextTokens = highestContextOf(needs, demand, Math.min(freeMemoryMiB / asked.replicas, Number.MAX_SAFE_INTEGER));
  const isContextHelpful = highestContextTokens !== null && highestContextTokens >= smallestContextTokens && freeCpu >= demand.cpu * asked.replicas;
  const verdict = asked.replicas <= highestReplicas ? 'fits' : highestReplicas > 0 || isContextHelpful ? 'fits-with-less' : 'does-not-fit';
  const requested = { cpu: demand.cpu * asked.replicas, memoryMiB: demand.memoryMiB * asked.replicas };
  return {
    verdict,
    kind: needs.kind,
    message: sentenceOf({ verdict, needs, demand, requested, freeCpu, freeMemoryMiB, highestReplicas, highestContextTokens, replicas: asked.replicas }),
    perReplica: { cpu: demand.cpu, memoryMiB: demand.memoryMiB, weightsMiB: demand.weightsMiB, cacheMiB: demand.cacheMiB, overheadMiB: demand.overheadMiB },
    replicas: asked.replicas,
    contextTokens: demand.contextTokens,
    trainedContextTokens: needs.trainedContextTokens ?? null,
    highestContextTokens,
    highestReplicas,
    parallelChats: needs.kind === 'chat' ? demand.parallel * asked.replicas : null,
    quota: { cpu: { ...quota.cpu, requested: requested.cpu }, memoryMiB: { ...quota.memoryMiB, requested: requested.memoryMiB } }
  };
}

/** The longest context whose cache fits beside weights and engine in `memoryMiB`. */
function highestContextOf(needs: ModelNeeds, demand: Demand, memoryMiB: number): number | null {
  if (needs.kind !== 'chat') return null;
  const room = (memoryMiB - demand.weightsMiB - demand.overheadMiB) * mebibyte;
  const fitting = Math.max(0, Math.floor(room / (needs.bytesPerToken * demand.parallel)));
  return Math.min(fitting, needs.trainedContextTokens ?? fitting);
}

interface Facts {
  readonly verdict: FitEstimate['verdict'];
  readonly needs: ModelNeeds;
  readonly demand: Demand;
  readonly requested: { readonly cpu: number; readonly memoryMiB: number };
  readonly freeCpu: number;
  readonly freeMemoryMiB: number;
  readonly highestReplicas: number;
  readonly highestContextTokens: number | null;
  readonly replicas: number;
}

function sentenceOf(facts: Facts): string {
  const { requested, demand, freeCpu, freeMemoryMiB } = facts;
  const each = facts.replicas === 1 ? '' : ` for ${facts.replicas} replicas`;
  const needed = `It needs ${requested.memoryMiB} MiB and ${cores(requested.cpu)}${each}`;
  const left = Number.isFinite(freeMemoryMiB) ? `${Math.floor(freeMemoryMiB)} MiB and ${cores(Math.floor(freeCpu * 10) / 10)} are free` : 'the tenant has no memory limit';
  if (facts.verdict === 'fits') {
    const chats = facts.needs.kind === 'chat' ? ` ${demand.parallel * facts.replicas} chats at once, each of up to ${demand.contextTokens ?? 0} tokens.` : '';
    return `Fits. ${needed}; ${left}.${chats}`;
  }
  const missing = [
    ...(requested.memoryMiB > freeMemoryMiB ? [`${Math.ceil(requested.memoryMiB - freeMemoryMiB)} MiB`] : []),
    ...(requested.cpu > freeCpu ? [cores(Math.ceil((requested.cpu - freeCpu) * 10) / 10)] : [])
  ].join(' and ');
  const advice = [
    ...(facts.highestReplicas > 0 ? [`with ${facts.highestReplicas === 1 ? '1 replica' : `${facts.highestReplicas} replicas`}`] : []),
    ...(facts.highestContextTokens !== null &&
    facts.highestContextTokens >= smallestContextTokens &&
    facts.highestContextTokens < (demand.contextTokens ?? 0) &&
    freeCpu >= requested.cpu
      ? [`with a context of at most ${facts.highestContextTokens} tokens`]
      : [])
  ];
  const hint = advice.length === 0 ? 'Stop something, or ask an administrator for more.' : `It fits ${advice.join(' or ')}.`;
  return `Does not fit: ${missing} are missing. ${needed}; ${left}. ${hint}`;
}

function cores(count: number): string {
  return count === 1 ? '1 core' : `${count} cores`;
}

function freeOf(share: Share): number {
  return share.limit === null ? Number.POSITIVE_INFINITY : Math.max(0, share.limit - share.used);
}
