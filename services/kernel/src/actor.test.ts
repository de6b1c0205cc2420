import { describe, expect, test } from '@jest/globals';
import { administratorPermissions, permissions, permissionTable, Problem, roles, type Permission, type Role } from '@stratalab/contracts';
import fc from 'fast-check';
import { can, demand, roleHolds, serviceActor, type Actor } from './actor.ts';

const permission = fc.constantFrom(...permissions);
const role = fc.constantFrom(...roles);
const tenant = fc.constantFrom('acme', 'acme-2', 'demo');
const user = (tenants: Readonly<Record<string, Role>>, more: Partial<Actor> = {}): Actor => ({
  subject: 'ann',
  kind: 'user',
  tenants,
  isAdministrator: false,
  via: 'hub',
  ...more
});

describe('who may do what', () => {
  test('a stronger role can everything a weaker one can', () => {
    fc.assert(
      fc.property(permission, role, role, (name, one, other) => {
        const [weak, strong] = roles.indexOf(one) <= roles.indexOf(other) ? [one, other] : [other, one];
        expect(roleHolds(weak, name) && !roleHolds(strong, name)).toBe(false);
      })
    );
  });

  test('a role in one tenant gives nothing in another, also when the names share a prefix (T16)', () => {
    fc.assert(
      fc.property(permission, role, tenant, tenant, (name, held, home, elsewhere) => {
        fc.pre(home !== elsewhere);
        expect(can(user({ [home]: held }), name, elsewhere)).toBe(false);
      })
    );
  });

  test('platform permissions never come from a tenant role; an administrator holds those and the ones for running tenants, but not their data', () => {
    fc.assert(
      fc.property(permission, role, (name, held) => {
        const isPlatform = permissionTable[name] === 'platform';
        if (isPlatform) expect(can(user({ demo: held }), name, 'demo')).toBe(false);
        expect(can(user({}, { isAdministrator: true }), name, 'demo')).toBe(isPlatform || administratorPermissions.includes(name));
      })
    );
  });

  test('an administrator who is no member sees no data, jobs, models or answers of the tenant', () => {
    const ofData = administratorPermissions.filter(name => /^(dataset|lineage|job|run|model|endpoint|collection|agent|pipeline|event):/.test(name));
    expect(ofData).toEqual([]);
  });

  test('scopes only take away (T07)', () => {
    fc.assert(
      fc.property(permission, role, fc.subarray([...permissions]), fc.boolean(), (name, held, scopes, isAdministrator) => {
        const free = user({ demo: held }, { isAdministrator });
        const scoped = { ...free, scopes };
        expect(can(scoped, name, 'demo')).toBe(can(free, name, 'demo') && scopes.includes(name));
      })
    );
  });

  test('without a tenant no tenant permission holds', () => {
    expect(can(user({ demo: 'admin' }), 'job:read', undefined)).toBe(false);
  });

  const code = (actor: Actor, name: Permission, where: string | undefined): string => {
    try {
      demand(actor, name, where);
      return 'allowed';
    } catch (error) {
      return error instanceof Problem ? error.code : 'bug';
    }
  };

  test('a stranger is told that there is no such object, a member what is missing', () => {
    expect(code(user({}), 'job:read', 'demo')).toBe('not-found');
    expect(code(user({ demo: 'viewer' }), 'job:write', 'demo')).toBe('forbidden');
    expect(code(user({ demo: 'editor' }), 'job:write', 'demo')).toBe('allowed');
    expect(code(user({ demo: 'admin' }), 'platform:administer', undefined)).toBe('forbidden');
    expect(code(user({}), 'platform:administer', 'demo')).toBe('forbidden');
  });

  test('the refusal names the permission and the role that holds it', () => {
    expect(() => demand(user({ demo: 'viewer' }), 'member:write', 'demo')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ detail: expect.stringContaining("'member:write'"), hint: expect.stringContaining("'admin'") }) })
    );
  });

  test('a service acts in the tenant it was given, for the user it names', () => {
    const actor = serviceActor('compute', 'demo', 'ann');
    expect(can(actor, 'job:write', 'demo')).toBe(true);
    expect(can(actor, 'job:write', 'other')).toBe(false);
    expect(actor).toMatchObject({ subject: 'service:compute', onBehalfOf: 'ann' });
  });
});
