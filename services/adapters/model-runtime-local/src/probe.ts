import type { ReplicaAddress } from '@stratalab/kernel';
import { request } from 'undici';

export interface Health {
  readonly phase: string;
  readonly kind: string;
  /** A payload a Python model should be able to score. */
  readonly sample: unknown;
}

const healthMs = 3_000;
const firstAnswerMs = 120_000;

/** Asks a replica how it is; `undefined` when it does not answer. */
export async function askHealth(address: ReplicaAddress): Promise<Health | undefined> {
  try {
    const answer = await request(`${address.origin}/health`, { headers: { authorization: address.authorization }, signal: AbortSignal.timeout(healthMs) });
    const body: unknown = await answer.body.json();
    if (answer.statusCode !== 200 || typeof body !== 'object' || body === null || !('phase' in body)) return undefined;
    return { phase: String(body.phase), kind: 'kind' in body ? String(body.kind) : '', sample: 'sample' in body ? body.sample : null };
  } catch {
    return undefined;
  }
}

/** Sends one real request; answers what went wrong, or `undefined` when it was answered. */
export async function askOnce(address: ReplicaAddress, question: { readonly path: string; readonly body: unknown }): Promise<string | undefined> {
  try {
    const answer = await request(`${address.origin}${question.path}`, {
      method: 'POST',
      headers: { authorization: address.authorization, 'content-type': 'application/json' },
      body: JSON.stringify(question.body),
      signal: AbortSignal.timeout(firstAnswerMs)
    });
    const text = await answer.body.text();
    // A refused example row was answered all the same: the model runs, the row was a guess.
    const isAnswered = answer.statusCode === 200 || (answer.statusCode === 400 && question.path === '/invocations');
    return isAnswered ? undefined : `status ${answer.statusCode}: ${text.slice(0, 300)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The first real request for a replica: a word for a chat model, an example row for a Python model.
 * `undefined` when nothing is known about the input of a Python model.
 */
export function firstQuestion(health: Health): { readonly path: string; readonly body: unknown } | undefined {
  if (health.kind === 'chat') return { path: '/v1/chat/completions', body: { model: 'warm-up', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 } };
  return health.sample === null || health.sample === undefined ? undefined : { path: '/invocations', body: health.sample };
}
