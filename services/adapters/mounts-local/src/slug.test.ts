import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { slug } from './index.ts';

/** Made by `stratalab_hub.slugs.slug`: the Hub names the folder, we must find the same one. */
const vectors: readonly (readonly [string, string])[] = [
  ['ann', 'ann'],
  ['jane.doe', 'janedoe--2sdsf7bol2unf5fvj6cqsmjlwzl7golggpxwbxcdg4fvgbvydouq'],
  ['jane-doe', 'jane-doe'],
  ['janedoe', 'janedoe'],
  ['Jane-Doe', 'janedoe--t3djmhrwccjgrqjwr62nydgudrocscag7n6p5zkdaq2swvfl2m3q'],
  ['jane--doe', 'janedoe--y7ngg4woxwe4h25jy7qmgehsgn3e3ywnfhrvqrhknzh6tnugjfiq'],
  ['jan\u00e9-doe', 'jandoe--bkm7fiqpam2tsj3oqx2tvudarpmpyzxdlcu3bppvinu3wpdzpdia'],
  ['jane_doe', 'janedoe--u6nyjwfjpb3qj2lwb24bfbthn33e5tuf5j4aub4t6ppi42mbqx4q'],
  ['jane-doe ', 'janedoe--rw27gojnnc4zx6skjced67mvb4gpqewrso5jlk4prwxiupvydgwq'],
  ['..', 'x--l3a7pzya6n6d2czjqhieqvp4gs4uvkqviv5qlssxdaluiljcr6aq'],
  ['.', 'x--zw2o4kxknhggvaztdo7jnxbmvkncthjbgkppwazw7qbkqlqyhgua'],
  ['', 'x--4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq'],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'aaaaaaaaa--77qfj7t24dfw3rs4hl43mhksbh2dtbi5wq6qxjmzom356fkgndvq'],
  ['janedoe--2sdsf7bol2unf5fvj6cqsmjlwzl7golggpxwbxcdg4fvgbvydouq', 'janedoe2s--5my54hyambbb77f2t6xyj64il2ugzw7lf3xnjpdrqp724vnrjbha'],
  ['\u738b\u4f1f', 'x--brxf72eaiznnacrjrglpfyvvmjacz5wrgn3kju2v25ebpwvxrdma'],
  ['a/b', 'ab--yfgn3qbt6zfz32ua5jtvz4uauak6m4srmcikkythqekt3rup5iiq'],
  ['admin', 'admin'],
  ['\u0130stanbul', 'istanbul--etwi64vv5lcfsthuiajdllywhekzdeqzjybfjfouuecvvmhw3snq'],
  ['K\u212a', 'kk--kazg7oeeyiceey2gyeiupfabouzy5u6wdjgxi3wckuwedgzbgy2q']
];

describe('T13 the folder name of a user', () => {
  test.each(vectors)('%j is %s, as the Hub says', (name, expected) => {
    expect(slug(name)).toBe(expected);
  });

  test('is a DNS label, and never the same for two names', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-z-]{1,4}$/)), name => {
        const made = slug(name);
        expect(made).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
        expect(seen.get(made) ?? name).toBe(name);
        seen.set(made, name);
      })
    );
  });
});
