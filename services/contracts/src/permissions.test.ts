import { describe, expect, test } from '@jest/globals';
import { administratorPermissions, isPermission, isRole, permissions, permissionTable, roles } from './permissions.ts';

describe('the permission table', () => {
  test('every permission is written resource:verb and names a role or the platform', () => {
    for (const permission of permissions) {
      expect(permission).toMatch(/^[a-z-]+:[a-z-]+$/);
      expect([...roles, 'platform']).toContain(permissionTable[permission]);
    }
  });

  test('a viewer changes and deletes nothing (T22)', () => {
    const held = permissions.filter(permission => permissionTable[permission] === 'viewer');
    expect(held.filter(permission => /:(write|delete|administer|reserve)$/.test(permission))).toEqual([]);
  });

  test('an administrator of the installation reaches no object of a tenant by that alone', () => {
    const kinds = new Set(administratorPermissions.map(permission => permission.split(':')[0]));
    expect([...kinds].sort()).toEqual(['access-key', 'audit', 'member', 'quota', 'tenant', 'usage']);
    expect(administratorPermissions.filter(permission => permissionTable[permission] === 'platform')).toEqual([]);
  });

  test('only known names are accepted', () => {
    expect(isPermission('job:read')).toBe(true);
    expect(isPermission('constructor')).toBe(false);
    expect(isRole('admin')).toBe(true);
    expect(isRole('owner')).toBe(false);
  });
});
