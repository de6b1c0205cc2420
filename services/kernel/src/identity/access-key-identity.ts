import { createHash } from 'node:crypto';
import { isPermission, isRole } from '@stratalab/contracts';
import type { Actor } from '../actor.ts';
import type { IdentityProvider } from '../ports/identity.ts';

const prefix = 'sk-strata-';
const cacheMs = 10_000;
const highestEntries = 10_000;

/** What `control` says about a key; see `introspectAccessKey`. */
export interface KeyFacts {
  readonly active: boolean;
  readonly subject?: string;
  readonly tenant?: string;
  readonly role?: string;
  readonly scopes?: readonly string[];
  readonly keyId?: string;
  readonly kind?: string;
  readonly jobId?: string;
}

/** Accepts access keys and job tokens. Only the digest leaves this function; answers are believed for 10 s, so a revoked key dies within 30 s. */
export function createAccessKeyIdentity(introspect: (digest: string, signal: AbortSignal) => Promise<KeyFacts>, now: () => number): IdentityProvider {
  const cache = new Map<string, { until: number; actor: Promise<Actor | undefined> }>();
  return {
    async identify(credential, signal) {
      if (!credential.startsWith(prefix)) return undefined;
      const digest = createHash('sha256').update(credential).digest('hex');
      const hit = cache.get(digest);
      if (hit !== undefined && hit.until > now()) return hit.actor;
      const actor = introspect(digest, signal).then(actorOf);
      if (cache.size >= highestEntries) cache.clear();
      cache.set(digest, { until: now() + cacheMs, actor });
      actor.catch(() => cache.delete(digest));
      return actor;
    }
  };
}

function actorOf(facts: KeyFacts): Actor | undefined {
  const { subject, tenant, role, scopes, keyId } = facts;
  if (!facts.active || subject === undefined || tenant === undefined || role === undefined || !isRole(role)) return undefined;
  return {
    subject,
    kind: 'user',
    tenants: { [tenant]: role },
    isAdministrator: false,
    scopes: (scopes ?? []).filter(isPermission),
    via: facts.kind === 'job-token' ? 'job-token' : 'access-key',
    ...(keyId === undefined ? {} : { credentialId: keyId }),
    ...(facts.jobId === undefined ? {} : { jobId: facts.jobId })
  };
}
