import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, createHttpTransport } from '@stratalab/client';
import { isPermission, Problem, type Permission } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import { createInternalToken } from '@stratalab/kernel';
import { runningLayout } from '../supervisor/claim.ts';
import { publicUrl, type Layout } from '../supervisor/layout.ts';

const defaultScopes: readonly Permission[] = [
  'tenant:read',
  'dataset:read',
  'job:read',
  'run:read',
  'model:read',
  'endpoint:read',
  'endpoint:invoke',
  'collection:read',
  'agent:ask'
];
const defaultExpirySeconds = 24 * 3600;

/** Prints an access key for scripts. Only who can read the data folder's secrets can make one: the call is signed with the internal key. */
export async function token(
  layout: Layout,
  options: { readonly tenant: string | undefined; readonly scopes: readonly string[]; readonly expires: string | undefined }
): Promise<number> {
  const { tenant } = options;
  if (tenant === undefined) throw new Problem('invalid-request', { detail: 'Say for which tenant.', hint: 'npx stratalab token --tenant demo' });
  const unknown = options.scopes.find(scope => !isPermission(scope));
  if (unknown !== undefined)
    throw new Problem('invalid-request', { detail: `There is no permission '${unknown}'.`, hint: 'The permissions are listed in docs/reference/permissions.md.' });
  const expiresInSeconds = options.expires === undefined ? defaultExpirySeconds : Number(options.expires);
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 60) throw new Problem('invalid-request', { detail: '--expires takes whole seconds, at least 60.' });
  const running = await runningLayout(layout);
  if (running === undefined) throw new Problem('unavailable', { detail: `Stratalab does not run on ${layout.data}.`, hint: 'Start it first: npx stratalab start' });
  const key = await readFile(join(layout.secrets, 'internal-key')).catch((cause: unknown) => {
    throw new Problem('forbidden', { detail: `The secrets of ${layout.data} cannot be read.`, hint: 'Run this as the owner of the data folder.', cause });
  });
  const internal = createInternalToken({ subject: layout.admin, kind: 'user', tenants: { [tenant]: 'admin' }, isAdministrator: false, via: 'internal' }, key, new Date());
  const client = createClient(
    controlRoutes,
    createHttpTransport({ baseUrl: `${publicUrl(running)}/services/stratalab`, headers: () => ({ authorization: `Bearer ${internal}` }) })
  );
  const scopes = options.scopes.length === 0 ? [...defaultScopes] : options.scopes.filter(isPermission);
  const created = await client.createAccessKey({ params: { tenant }, body: { name: 'command line', scopes, expiresInSeconds } });
  process.stdout.write(`${created.secret}\n`);
  return 0;
}
