import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { administratorPermissions, permissionTable, roles, type Role, type Route } from '@stratalab/contracts';
import { loadConfig, type Actor } from '@stratalab/kernel';
import { administrator, createTenant, createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import { composeObjects } from './compose/objects.ts';
import { composeServices } from './compose/services.ts';
import { processConfig } from './config.ts';
import { writePlatformSettings } from './testing/platform-settings.test-support.ts';
import { allRoutes, bodyOf, urlOf } from './testing/routes.test-support.ts';

const tenant = 'acme';
const member = (role: Role): Actor => testActor({ subject: `${role}-of-acme`, tenants: { [tenant]: role } });
const stranger = testActor({ subject: 'eve', tenants: { 'acme-2': 'admin' } });
const keyWithoutScopes = { ...member('admin'), via: 'access-key' as const, scopes: [] };

/** What the permission table says, spelled out apart from the kernel's own decision. */
function denialOf(actor: Actor | undefined, declared: Route): 401 | 403 | 404 | undefined {
  const access = declared.permission;
  if (access === 'anonymous') return undefined;
  if (actor === undefined) return 401;
  if (access === 'signed-in') return undefined;
  const weakest = permissionTable[access];
  const isScoped = actor.scopes !== undefined && !actor.scopes.includes(access);
  if (weakest === 'platform') return actor.isAdministrator && !isScoped ? undefined : 403;
  if (actor.isAdministrator && administratorPermissions.includes(access) && !isScoped) return undefined;
  const role = actor.tenants[tenant];
  if (role === undefined) return 404;
  return !isScoped && roles.indexOf(role) >= roles.indexOf(weakest) ? undefined : 403;
}

const callers: readonly [string, Actor | undefined][] = [
  ['nobody', undefined],
  ['a member of another tenant', stranger],
  ['a viewer', member('viewer')],
  ['an editor', member('editor')],
  ['an admin of the tenant', member('admin')],
  ['an administrator who is no member', administrator],
  ['a key without scopes', keyWithoutScopes]
];
const cases = allRoutes.map(({ service, declared }) => [`${service} ${declared.operationId}`, declared] as const);
/** What an answer says, whatever name of a tenant the caller put into the question. */
const saidBy = ({ body }: { readonly body: unknown }): string => JSON.stringify({ ...Object(body), instance: '' }).replaceAll(/'(acme|nowhere)'|\/(acme|nowhere)\//g, '<tenant>');

describe('every route of every service', () => {
  let host: TestHost;
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'stratalab-matrix-'));
    const { environment } = await writePlatformSettings(data);
    const settings = { ...environment, DATABASE_URL: 'unused', JUPYTERHUB_API_URL: 'http://127.0.0.1:1/hub/api' };
    const config = loadConfig(processConfig, settings);
    const services = composeServices({ config, objects: await composeObjects(config), people: fakeControlPorts().people });
    host = await createTestHost({ services, environment: settings });
    await createTenant(host, tenant);
    await createTenant(host, 'acme-2');
  });
  afterAll(async () => {
    await host.close();
    await rm(data, { recursive: true, force: true });
  });

  test.each(cases)('T01 T04 T22 %s is denied exactly as the permission table says', async (_name, declared) => {
    for (const [who, actor] of callers) {
      const expected = denialOf(actor, declared);
      if (expected === undefined) continue;
      const answer = await host.request(actor, declared.method, urlOf(declared, tenant));
      expect({ who, status: answer.status }).toEqual({ who, status: expected });
    }
  });

  test.each(cases.filter(([, declared]) => declared.path.includes('{tenant}')))(
    'T01 %s tells a stranger nothing: the tenant answers like one that does not exist',
    async (_name, declared) => {
      const there = await host.request(stranger, declared.method, urlOf(declared, tenant));
      const nowhere = await host.request(stranger, declared.method, urlOf(declared, 'nowhere'));
      expect(there.status).toBe(nowhere.status);
      expect(saidBy(there)).toBe(saidBy(nowhere));
    }
  );

  test.each(cases.filter(([, { method, kind }]) => method === 'GET' && kind === 'json'))(
    '%s answers whoever may call it, and an id that does not exist is no crash',
    async (_name, declared) => {
      const actor = { ...member('admin'), isAdministrator: true };
      const answer = await host.request(actor, 'GET', urlOf(declared, tenant));
      expect([200, 204, 400, 404, 409]).toContain(answer.status);
    }
  );

  test.each(cases.filter(([, { body, kind }]) => body !== undefined && kind === 'json'))('T03 %s refuses server-owned and unknown fields', async (_name, declared) => {
    const actor = { ...member('admin'), isAdministrator: true };
    for (const extra of ['tenantId', 'ownerId', 'createdBy', 'state', '__proto__x']) {
      const answer = await host.request(actor, declared.method, urlOf(declared, tenant), { ...Object(bodyOf(declared)), [extra]: 'acme-2' });
      expect({ extra, status: answer.status }).toEqual({ extra, status: 400 });
    }
  });
});
