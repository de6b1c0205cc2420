import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../actor.ts';
import type { IdentityProvider } from '../ports/identity.ts';

const prefix = 'stl1.';
const lifetimeMs = 60_000;
const clockSkewMs = 60_000;

/**
 * Writes a short-lived token (60 s) that carries an actor from one service to another, signed with the installation's internal key.
 * It works the same inside one process and across processes; it never leaves the platform's own processes.
 */
export function createInternalToken(actor: Actor, key: Buffer, now: Date): string {
  const payload = Buffer.from(JSON.stringify({ actor, expires: now.getTime() + lifetimeMs })).toString('base64url');
  return `${prefix}${payload}.${sign(payload, key)}`;
}

/** Accepts internal tokens signed with `key`. One algorithm, chosen by us: nothing in the token selects it. */
export function createInternalIdentity(key: Buffer, now: () => Date): IdentityProvider {
  if (key.length < 32) throw new Error('The internal key must have at least 32 bytes.');
  return {
    identify: async credential => {
      if (!credential.startsWith(prefix)) return undefined;
      const [payload, signature, ...rest] = credential.slice(prefix.length).split('.');
      if (payload === undefined || signature === undefined || rest.length > 0) return undefined;
      const expected = Buffer.from(sign(payload, key));
      const given = Buffer.from(signature);
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
      const { actor, expires } = unsafeSigned(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
      const instant = now().getTime();
      return expires < instant - clockSkewMs || expires > instant + lifetimeMs + clockSkewMs ? undefined : actor;
    }
  };
}

function sign(payload: string, key: Buffer): string {
  return createHmac('sha256', key).update(payload).digest('base64url');
}

/** The signature was checked: the payload is one we wrote. */
function unsafeSigned(value: unknown): { actor: Actor; expires: number } {
  return value as { actor: Actor; expires: number };
}
