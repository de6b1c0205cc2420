import { ApiException, type KubernetesObject } from '@kubernetes/client-node';
import { Problem } from '@stratalab/contracts';
import type { ClusterClient } from '../cluster-client.ts';

const longestReason = 500;
/** What policies, webhooks and the level of pod security say of an object they do not want; it does not become right by itself. */
const denied = /denied (the )?request|violates PodSecurity/;
const unseenByHook = /failed calling webhook/;

/**
 * Makes the objects of an attempt, in this order; what is there already is left. What the cluster says against one is told in its own words.
 * @returns whether the last of them is new
 * @throws invalid-request when the cluster does not want it, now or later; unavailable when it may take it later
 */
export async function makeObjects(client: Pick<ClusterClient, 'create'>, objects: readonly KubernetesObject[]): Promise<boolean> {
  try {
    let isNew = false;
    for (const object of objects) isNew = await client.create(object);
    return isNew;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** The problem that stands for what the API server answered to a create; anything else as it is. */
export function refusalOf(error: unknown): unknown {
  const answer = error instanceof Problem ? error.cause : error;
  if (!(answer instanceof ApiException)) return error;
  const said = messageOf(answer);
  if (unseenByHook.test(said)) return new Problem('unavailable', { detail: `The cluster could not check the job; it is tried again. It says: ${said}`, cause: error });
  if (answer.code >= 500 || answer.code === 429) return error;
  const isFinal = denied.test(said) || answer.code === 400 || answer.code === 422;
  const detail = isFinal ? `The cluster does not take the job: ${said}` : `The cluster does not take the job yet; it is tried again. It says: ${said}`;
  return new Problem(isFinal ? 'invalid-request' : 'unavailable', { detail, cause: error });
}

function messageOf({ body, message }: ApiException<unknown>): string {
  const said = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(String(body))?.[1] ?? message;
  return said.replaceAll(/\\(.)/g, '$1').slice(0, longestReason);
}
