import { describe, expect, test } from '@jest/globals';
import { isPermission, isRole, permissions, permissionTable, roles } from './permissions.ts';

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

  test('only known names are accepted', () => {
    expect(isPermission('job:read')).toBe(true);
    expect(isPermission('constructor')).toBe(false);
    expect(isRole('admin')).toBe(true);
    expect(isRole('owner')).toBe(false);
  });
});
