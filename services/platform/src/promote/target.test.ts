import { describe, expect, test } from '@jest/globals';
import { createProgress, describeProgress } from './progress.ts';
import { createTarget } from './target.ts';

const mebibyte = 1024 * 1024;

describe('the target of a promotion', () => {
  const open = (to: string | undefined, more: { readonly credential?: string; readonly isHttpAllowed?: boolean } = {}) =>
    createTarget({ to, credential: 'a-token', isHttpAllowed: false, ...more });

  test.each(['https://hub.example.org', 'https://hub.example.org/base/', 'http://127.0.0.1:8000', 'http://localhost:8000'])('%s is one', to => {
    expect(open(to).url).toBe(to.replace(/\/$/, ''));
  });

  test.each([undefined, 'hub.example.org', 'ftp://hub.example.org', 'https://user:secret@hub.example.org', 'https://hub.example.org/?x=1', 'http://hub.example.org'])(
    '%s is none',
    to => {
      expect(() => open(to)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    }
  );

  test('T71 an address that is not encrypted is refused before the token leaves, unless somebody says so', () => {
    expect(() => open('http://10.0.0.5')).toThrow(/not encrypted/);
    expect(open('http://10.0.0.5', { isHttpAllowed: true }).url).toBe('http://10.0.0.5');
    expect(() => open('https://hub.example.org', { credential: '' })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ hint: expect.stringContaining('STRATALAB_PROMOTE_TOKEN') }) })
    );
  });
});

describe('progress', () => {
  test('says how much is there, how fast it goes and how long it takes; what arrived before counts as there and not as fast', () => {
    const state = { label: 'demo', totalBytes: 100 * mebibyte, alreadyBytes: 40 * mebibyte };
    expect(describeProgress({ ...state, sentBytes: 0, elapsedMs: 0 })).toBe('demo: 40.0 of 100.0 MiB (40 %)');
    expect(describeProgress({ ...state, sentBytes: 20 * mebibyte, elapsedMs: 4_000 })).toBe('demo: 60.0 of 100.0 MiB (60 %), 5.0 MiB/s, 8 s left');
    expect(describeProgress({ label: 'empty', totalBytes: 0, alreadyBytes: 0, sentBytes: 0, elapsedMs: 0 })).toBe('empty: 0.0 of 0.0 MiB (100 %)');
  });

  test('is said once a second at most, and at the end', () => {
    const said: string[] = [];
    let now = 0;
    const progress = createProgress({ label: 'demo', totalBytes: 10 * mebibyte, alreadyBytes: 0, say: line => said.push(line), now: () => now });
    for (now = 1_000; now < 3_000; now += 100) progress.add(mebibyte / 2);
    progress.done();
    expect(said).toHaveLength(3);
    expect(said.at(-1)).toContain('(100 %)');
  });
});
