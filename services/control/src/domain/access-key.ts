import { createHash } from 'node:crypto';
import { Problem, type Permission, type Role } from '@stratalab/contracts';
import { can, roleHolds, type Actor } from '@stratalab/kernel';

/** How every secret begins: recognisable to people and to secret scanners. */
export const secretPrefix = 'sk-strata-';

/** What is kept of a secret. The secret has 256 random bits, so a plain hash cannot be searched. */
export function digestSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * A key carries no more than its creator may do in this tenant, and nothing of the installation.
 * @throws forbidden naming the first scope that goes too far
 */
export function assertGrantable(actor: Actor, tenant: string, scopes: readonly Permission[]): Role {
  for (const scope of scopes) {
    if (!can(actor, scope, tenant) || scope.startsWith('platform:')) {
      throw new Problem('forbidden', { detail: `You cannot give '${scope}' to a key, because you do not hold it here.`, hint: 'Leave this scope out.' });
    }
  }
  const role = (['viewer', 'editor', 'admin'] as const).find(candidate => scopes.every(scope => roleHolds(candidate, scope)));
  if (role === undefined) throw new Problem('forbidden', { detail: 'No role holds all of these scopes.' });
  return role;
}
