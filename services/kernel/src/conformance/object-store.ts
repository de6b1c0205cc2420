import { readFile } from 'node:fs/promises';
import type { ObjectStore } from '../ports/object-store.ts';

/** What a test framework gives; passed in, so that the kernel depends on none. */
export interface ConformanceTools {
  readonly test: (name: string, run: () => Promise<void>) => void;
  readonly equal: (actual: unknown, expected: unknown) => void;
  readonly rejects: (work: Promise<unknown>, code: string) => Promise<void>;
}

const signal = new AbortController().signal;
const stagingId = (letter: string): string => letter.repeat(26);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

async function* cutAfter(text: string): AsyncGenerator<Uint8Array> {
  yield bytes(text);
  throw new Error('the line was cut');
}

/** What every object store must hold. `store` answers a store with nothing in it. */
export function describeObjectStore(store: () => ObjectStore, { test, equal, rejects }: ConformanceTools): void {
  const tenant = 'alpha';
  const append = (letter: string, name: string, offset: number, body: AsyncIterable<Uint8Array>): Promise<{ readonly sizeBytes: number }> =>
    store().append({ tenant, stagingId: stagingId(letter), name, offset, limitBytes: 40, body, signal });

  test('bytes go on where a cut left them, and nowhere else', async () => {
    equal(await append('a', 'rows.csv', 0, chunks('x,', 'y\n')), { sizeBytes: 4 });
    await append('a', 'rows.csv', 4, cutAfter('1,2\n')).catch(() => undefined);
    equal(await store().listStaged({ tenant, stagingId: stagingId('a') }), [{ name: 'rows.csv', sizeBytes: 8 }]);
    await rejects(append('a', 'rows.csv', 4, chunks('again')), 'conflict');
    equal(await append('a', 'rows.csv', 8, chunks('3,4\n')), { sizeBytes: 12 });
    equal(textOf(await store().readStaged({ tenant, stagingId: stagingId('a'), name: 'rows.csv', offset: 4, length: 100 })), '1,2\n3,4\n');
  });

  test('of two writers at the same offset one is refused', async () => {
    const results = await Promise.allSettled([append('b', 'one', 0, chunks('first')), append('b', 'one', 0, chunks('other'))]);
    equal(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    equal((await store().listStaged({ tenant, stagingId: stagingId('b') }))?.[0]?.sizeBytes, 5);
  });

  test('more bytes than announced are refused', async () => {
    await rejects(append('c', 'big', 0, chunks('1'.repeat(30), '2'.repeat(11))), 'payload-too-large');
  });

  test('publishing is whole, once, and the same for everyone who asks', async () => {
    await append('d', 'a.csv', 0, chunks('a\n1\n'));
    await append('d', 'deep/b.csv', 0, chunks('b\n'));
    const place = { tenant, stagingId: stagingId('d'), key: 'datasets/d' };
    const expected = [
      { name: 'a.csv', sizeBytes: 4 },
      { name: 'deep/b.csv', sizeBytes: 2 }
    ];
    equal(await Promise.all([store().publish(place), store().publish(place), store().publish(place)]), [expected, expected, expected]);
    equal(await store().list({ tenant, key: 'datasets/d' }), expected);
    equal(await store().listStaged({ tenant, stagingId: stagingId('d') }), undefined);
    await append('d', 'a.csv', 0, chunks('changed'));
    equal(await store().publish(place), expected);
    equal(textOf(await store().read({ tenant, key: 'datasets/d/a.csv', offset: 2, length: 1 })), '1');
    equal(textOf(await store().read({ tenant, key: 'datasets/d/a.csv', offset: 400, length: 1 })), '');
    equal(await store().sha256({ tenant, key: 'datasets/d/a.csv' }, signal), '309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc');
  });

  test('F07 who looks while it is published sees all of it in one place or nothing there', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `${100 + index}`);
    for (const name of names) await append('r', name, 0, chunks('1'));
    const place = { tenant, stagingId: stagingId('r'), key: 'datasets/r' };
    let isPublished = false;
    const seen: (number | undefined)[] = [];
    const lookOn = async (list: () => Promise<readonly unknown[] | undefined>): Promise<void> => {
      while (!isPublished) seen.push((await list())?.length);
    };
    const publish = async (): Promise<void> => {
      await store().publish(place);
      isPublished = true;
    };
    await Promise.all([lookOn(() => store().listStaged(place)), lookOn(() => store().list(place)), publish()]);
    equal([...new Set([...seen, names.length, undefined])].length, 2);
  });

  test('what is not there is not found; removing it twice is fine', async () => {
    await rejects(store().publish({ tenant, stagingId: stagingId('e'), key: 'datasets/e' }), 'not-found');
    await rejects(store().read({ tenant, key: 'datasets/none/a', offset: 0, length: 1 }), 'not-found');
    await append('f', 'a', 0, chunks('1'));
    await store().publish({ tenant, stagingId: stagingId('f'), key: 'datasets/f' });
    await store().remove({ tenant, key: 'datasets/f' });
    await store().remove({ tenant, key: 'datasets/f' });
    equal(await store().list({ tenant, key: 'datasets/f' }), undefined);
  });

  test('what programs read lies at one path, with every byte; what is nowhere is not found', async () => {
    await append('i', 'deep/b.csv', 0, chunks('b\n'));
    await store().publish({ tenant, stagingId: stagingId('i'), key: 'datasets/i' });
    const path = await store().materialize({ tenant, key: 'datasets/i' });
    equal(path, store().localPath({ tenant, key: 'datasets/i' }));
    equal(await readFile(`${path}/deep/b.csv`, 'utf8'), 'b\n');
    await rejects(store().materialize({ tenant, key: 'datasets/none' }), 'not-found');
  });

  test('T15 no name leads out of the tenant', async () => {
    for (const name of ['../x', '/etc/passwd', 'a/../../x', 'a//b', '.', '..', '', 'a\\b', 'a\u0000b']) {
      await rejects(append('g', name, 0, chunks('x')), 'invalid-request');
      await rejects(store().read({ tenant, key: name, offset: 0, length: 1 }), 'invalid-request');
      await rejects(store().materialize({ tenant, key: name }), 'invalid-request');
    }
    await rejects(store().list({ tenant: '..', key: 'a' }), 'invalid-request');
    await rejects(store().stage({ tenant, stagingId: '../../objects' }), 'invalid-request');
  });

  test('T16 one tenant does not see the objects of another', async () => {
    await append('h', 'a', 0, chunks('1'));
    await store().publish({ tenant, stagingId: stagingId('h'), key: 'datasets/h' });
    for (const other of ['beta', 'alpha-2', 'alph']) equal(await store().list({ tenant: other, key: 'datasets/h' }), undefined);
    equal(await store().listStaged({ tenant: 'beta', stagingId: stagingId('h') }), undefined);
  });
}
