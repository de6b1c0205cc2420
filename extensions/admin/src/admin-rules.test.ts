import { describe, expect, test } from '@jest/globals';
import { keyState } from './access-keys/key-state';
import { grantableScopes } from './access-keys/scopes';
import { placeOf } from './page/place';
import { editUnit, parseLimit } from './quotas/quota-unit';
import { isSlug, slugOf } from './tenants/slug';
import { dailySeries, lastDays } from './usage/usage-data';

describe('rules of administration', () => {
  test('a name is made of what people call a tenant', () => {
    expect(slugOf('Équipe Vision & Co.')).toBe('equipe-vision-co');
    expect(slugOf('视觉')).toBe('');
    expect(isSlug('a-')).toBe(false);
    expect(isSlug('a1')).toBe(true);
  });

  test('limits are read as people write them and refused when they are none', () => {
    const storage = { resource: 'storage-mib', unit: 'MiB', limit: 20_480 } as const;
    const unit = editUnit(storage);
    expect(unit).toEqual({ unit: 'GiB', factor: 1024 });
    expect(parseLimit('0,5', storage, unit)).toBe(512);
    expect(parseLimit('-1', storage, unit)).toBeUndefined();
    const gpu = { resource: 'gpu', unit: 'GPUs', limit: 2 } as const;
    expect(parseLimit('1.5', gpu, editUnit(gpu))).toBeUndefined();
    expect(parseLimit('1.5', { resource: 'cpu' }, { unit: 'cores', factor: 1 })).toBe(1.5);
  });

  test('a key works until it expires or is revoked', () => {
    const at = Date.parse('2026-02-01T00:00:00Z');
    expect(keyState({ revokedAt: null, expiresAt: '2026-03-01T00:00:00Z' }, at)).toBe('active');
    expect(keyState({ revokedAt: null, expiresAt: '2026-02-01T00:00:00Z' }, at)).toBe('expired');
    expect(keyState({ revokedAt: '2026-01-01T00:00:00Z', expiresAt: null }, at)).toBe('revoked');
  });

  test('nobody is offered a scope they do not hold', () => {
    const viewer = grantableScopes({ subject: 'v', isAdministrator: false, tenants: [{ name: 'lab', displayName: 'Lab', role: 'viewer' }] }, 'lab');
    expect(viewer).toContain('endpoint:invoke');
    expect(viewer).not.toContain('job:write');
    const outsider = grantableScopes({ subject: 'root', isAdministrator: true, tenants: [] }, 'lab');
    expect(outsider).toContain('member:write');
    expect(outsider).not.toContain('dataset:read');
  });

  test('a day without use is zero in the chart', () => {
    const range = lastDays(3, Date.parse('2026-01-03T10:00:00Z'));
    expect(range).toEqual({ from: '2026-01-01', to: '2026-01-03' });
    const { points } = dailySeries([{ key: '2026-01-02', meter: 'cpu-seconds', amount: 5 }], 'cpu-seconds', range, 'CPU');
    expect(points.map(({ y }) => y)).toEqual([0, 5, 0]);
  });

  test('a place on the page takes text only', () => {
    expect(placeOf({ tenant: 'lab', tab: 3, cwd: '/' })).toEqual({ tenant: 'lab' });
  });
});
