import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatUrn, objectKinds, parseUrn, type Urn } from './urn.ts';

const text = (alphabet: string, maxLength: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength });
const lower = 'abcdefghijklmnopqrstuvwxyz0123456789-';
const wide = 'ABCXYZabcxyz0189._~-';
const urns: fc.Arbitrary<Urn> = fc.record(
  { tenant: text(lower, 63), kind: fc.constantFrom(...objectKinds), name: text(wide, 200), version: text(wide, 64) },
  { requiredKeys: ['tenant', 'kind', 'name'] }
);

describe('URNs', () => {
  test('every URN reads back as what was written', () => {
    fc.assert(fc.property(urns, urn => expect(parseUrn(formatUrn(urn))).toEqual(urn)));
  });

  test('whatever reads as a URN is written the same way again', () => {
    fc.assert(
      fc.property(fc.oneof(urns.map(formatUrn), fc.string()), candidate => {
        const urn = parseUrn(candidate);
        if (urn !== undefined) expect(formatUrn(urn)).toBe(candidate);
      })
    );
  });

  test('two different objects never share a URN', () => {
    fc.assert(
      fc.property(urns, urns, (one, other) =>
        expect(formatUrn(one) === formatUrn(other)).toBe(JSON.stringify(parseUrn(formatUrn(one))) === JSON.stringify(parseUrn(formatUrn(other))))
      )
    );
  });

  test.each([
    ['another scheme', 'urn:other:demo:job:1'],
    ['an unknown kind', 'urn:strata:demo:spaceship:1'],
    ['a path in the name', 'urn:strata:demo:dataset:../secrets'],
    ['an upper-case tenant', 'urn:strata:Demo:job:1'],
    ['no name', 'urn:strata:demo:job:'],
    ['an empty version', 'urn:strata:demo:model:m@'],
    ['two versions', 'urn:strata:demo:model:m@1@2'],
    ['a second line', 'urn:strata:demo:job:1\n'],
    ['a name that is too long', `urn:strata:demo:job:${'x'.repeat(201)}`]
  ])('%s is not one of ours', (_what, candidate) => {
    expect(parseUrn(candidate)).toBeUndefined();
  });
});
