import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBucketKeys } from './bucket-keys.ts';

const part = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);

test('a manifest leads back to its place, and the keys of one place are those of no other', () => {
  fc.assert(
    fc.property(fc.constantFrom('', 'stratalab/'), part, fc.array(part, { minLength: 1, maxLength: 4 }), part, (prefix, tenant, parts, other) => {
      const keys = createBucketKeys(prefix);
      const place = { tenant, key: parts.join('/') };
      expect(keys.placeOf(keys.manifest(place))).toEqual(place);
      expect(keys.manifest(place).startsWith(keys.manifests(tenant))).toBe(true);
      expect(keys.placeOf(keys.file(place, `${other}.json`))).toBeUndefined();
      expect(keys.files({ tenant, key: `${place.key}${other}` }).startsWith(keys.files(place))).toBe(false);
      if (other !== tenant) expect(keys.manifests(other).startsWith(keys.manifests(tenant))).toBe(false);
    })
  );
});

test('what is no manifest has no place', () => {
  const keys = createBucketKeys('');
  for (const key of ['manifests/', 'manifests/alpha', 'manifests/alpha.json', 'manifests/alpha/d', 'tenants/alpha/d.json', 'other']) expect(keys.placeOf(key)).toBeUndefined();
});
