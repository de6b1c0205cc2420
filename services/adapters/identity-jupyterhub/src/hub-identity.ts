import { createHash } from 'node:crypto';
import { Problem } from '@stratalab/contracts';
import type { Actor, IdentityProvider } from '@stratalab/kernel';
import { readGroups } from './groups.ts';

export interface HubIdentityOptions {
  /** `JUPYTERHUB_API_URL`. */
  readonly apiUrl: string;
  /** Name of our service at the Hub; a token without access to it is refused. */
  readonly serviceName: string;
  readonly now: () => number;
  /** How long an answer of the Hub is believed; at most 30 s, since this is also how long a revoked token lives. */
  readonly cacheMs?: number;
}

interface HubModel {
  readonly kind: 'user' | 'service';
  readonly name: string;
  readonly admin: boolean;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
}

const longestCacheMs = 30_000;
const highestEntries = 10_000;

/** Verifies tokens at the JupyterHub that issued them; groups become tenant roles, `custom:stratalab:*` scopes bound them. */
export function createHubIdentity(options: HubIdentityOptions): IdentityProvider {
  const cacheMs = Math.min(options.cacheMs ?? 10_000, longestCacheMs);
  const cache = new Map<string, { until: number; actor: Promise<Actor | undefined> }>();
  return {
    identify(credential, signal) {
      if (!/^[\x21-\x7e]{8,512}$/.test(credential)) return Promise.resolve(undefined);
      const digest = createHash('sha256').update(credential).digest('hex');
      const hit = cache.get(digest);
      if (hit !== undefined && hit.until > options.now()) return hit.actor;
      const actor = ask(options, credential, signal);
      cache.delete(digest);
      cache.set(digest, { until: options.now() + cacheMs, actor });
      actor.catch(() => cache.delete(digest));
      if (cache.size > highestEntries) forgetOldest(cache);
      return actor;
    }
  };
}

function forgetOldest(cache: Map<string, unknown>): void {
  for (const key of cache.keys()) {
    cache.delete(key);
    return;
  }
}

async function ask(options: HubIdentityOptions, credential: string, signal: AbortSignal): Promise<Actor | undefined> {
  const answer = await fetch(`${options.apiUrl}/user`, { headers: { authorization: `token ${credential}` }, signal, redirect: 'error' }).catch((cause: unknown) => {
    throw new Problem('unavailable', { detail: 'The Hub cannot be asked who you are right now.', retryAfterSeconds: 2, cause });
  });
  if (answer.status === 401 || answer.status === 403 || answer.status === 404) return undefined;
  if (!answer.ok) throw new Problem('unavailable', { detail: `The Hub answered ${answer.status} when asked who you are.`, retryAfterSeconds: 2 });
  return readModel(await answer.json(), options.serviceName, createHash('sha256').update(credential).digest('hex').slice(0, 16));
}

/** Builds the actor; `undefined` when the token may not use our service at all. */
export function readModel(body: unknown, serviceName: string, credentialId: string): Actor | undefined {
  const model = parseModel(body);
  if (model === undefined) return undefined;
  const mayAccess = model.scopes.includes('access:services') || model.scopes.includes(`access:services!service=${serviceName}`);
  if (model.kind === 'service')
    return model.name === serviceName ? { subject: 'service:hub', kind: 'service', tenants: {}, isAdministrator: true, via: 'hub', credentialId } : undefined;
  if (!mayAccess) return undefined;
  const mayAdminister = model.scopes.includes('custom:stratalab:admin');
  const mayWrite = mayAdminister || model.scopes.includes('custom:stratalab:write');
  const tenants = readGroups(model.groups);
  const bounded = mayWrite ? tenants : Object.fromEntries(Object.keys(tenants).map(tenant => [tenant, 'viewer' as const]));
  const isAdministrator = mayAdminister && (model.admin || model.groups.includes('stratalab-admins'));
  return { subject: model.name, kind: 'user', tenants: bounded, isAdministrator, via: 'hub', credentialId };
}

function parseModel(body: unknown): HubModel | undefined {
  if (typeof body !== 'object' || body === null || !('name' in body) || typeof body.name !== 'string') return undefined;
  return {
    kind: 'kind' in body && body.kind === 'service' ? 'service' : 'user',
    name: body.name,
    admin: 'admin' in body && body.admin === true,
    groups: 'groups' in body ? texts(body.groups) : [],
    scopes: 'scopes' in body ? texts(body.scopes) : []
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
}
