import type { AccessKey } from '@stratalab/contracts/control';

/** Whether a key still works at `nowMs`. */
export function keyState(key: Pick<AccessKey, 'revokedAt' | 'expiresAt'>, nowMs: number): 'active' | 'expired' | 'revoked' {
  if (key.revokedAt !== null) return 'revoked';
  return key.expiresAt !== null && Date.parse(key.expiresAt) <= nowMs ? 'expired' : 'active';
}
