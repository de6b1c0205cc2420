import { randomBytes } from 'node:crypto';
import type { V1Secret } from '@kubernetes/client-node';
import type { JobStart } from '@stratalab/kernel';
import type { Site } from '../site.ts';
import { tokenSecret } from './token-secret.ts';

const tokenBytes = 32;

/** The credential of an attempt, and the one its Ray cluster asks everybody for; the operator reads the second to submit. */
export function raySecret(request: JobStart, site: Site): V1Secret {
  const secret = tokenSecret(request, site);
  return { ...secret, stringData: { ...secret.stringData, auth_token: randomBytes(tokenBytes).toString('base64url') } };
}
