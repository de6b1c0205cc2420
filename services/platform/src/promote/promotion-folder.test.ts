import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PromotedFile, PromotedFolder } from '@stratalab/control';
import { waitFor } from '@stratalab/tooling';
import { createPromotionFolder } from './promotion-folder.ts';
import { listTree } from './promotion.test-support.ts';

const tenant = 'lab';
const manifest = 'f'.repeat(64);
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const text = 'epoch 1\n';
const sha256 = digest(text);
const file = (name: string, content = text): PromotedFile => ({ kind: 'file', name, sizeBytes: content.length, sha256: digest(content), mode: 0o640 });

async function* entries(...all: (PromotedFile | PromotedFolder)[]): AsyncGenerator<PromotedFile | PromotedFolder> {
  yield* all;
}
async function* bytes(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}
/** Stops before the last part until it is told to go on. */
async function* slowBytes(first: string, goOn: Promise<unknown>, last: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(first);
  await goOn;
  yield Buffer.from(last);
}

describe('the folder where promoted tenants arrive', () => {
  let data = '';
  const folder = () => createPromotionFolder(data);
  const send = (content: string, offset = 0, sizeBytes = text.length, limitBytes = 100) =>
    folder().append({ tenant, sha256, offset, sizeBytes, limitBytes, body: bytes(content), signal: new AbortController().signal });
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'stratalab-arrivals-'));
  });
  afterEach(() => rm(data, { recursive: true, force: true }));

  test('F28 a file arrives in pieces, each exactly where the last one ended; a repeated piece is told where it stands', async () => {
    expect(await send(text.slice(0, 3))).toEqual({ receivedBytes: 3, isWhole: false });
    await expect(send(text.slice(0, 3))).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('3 bytes') });
    expect(await folder().received(tenant, [sha256])).toEqual([{ sha256, receivedBytes: 3, isWhole: false }]);
    expect(await send(text.slice(3), 3)).toEqual({ receivedBytes: text.length, isWhole: true });
    expect(await send('whatever', 3)).toEqual({ receivedBytes: text.length, isWhole: true });
  });

  test('F28 a request that was given up goes on late, after another one made the file whole: every byte is there once', async () => {
    const goOn = Promise.withResolvers<undefined>();
    const body = slowBytes(text.slice(0, 3), goOn.promise, text.slice(3));
    const late = folder().append({ tenant, sha256, offset: 0, sizeBytes: text.length, limitBytes: 100, body, signal: new AbortController().signal });
    await waitFor(async () => (await folder().received(tenant, [sha256]))[0]?.receivedBytes === 3);
    expect(await send(text.slice(3), 3)).toEqual({ receivedBytes: text.length, isWhole: true });
    goOn.resolve(undefined);
    expect(await late).toEqual({ receivedBytes: text.length, isWhole: true });
    expect(await readFile(join(data, 'promotions', tenant, 'whole', sha256), 'utf8')).toBe(text);
  });

  test('F28 two requests that end one file at once both say that it is whole', async () => {
    // Every byte is there, and nobody has looked at them yet.
    expect(await send(text, 0, text.length + 1)).toEqual({ receivedBytes: text.length, isWhole: false });
    const whole = { receivedBytes: text.length, isWhole: true };
    expect(await Promise.all([send('', text.length), send('', text.length)])).toEqual([whole, whole]);
  });

  test('a whole that is not what its name says is dropped; more than was announced is refused', async () => {
    await expect(send('epoch 2\n')).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await folder().received(tenant, [sha256])).toEqual([{ sha256, receivedBytes: 0, isWhole: false }]);
    await expect(send('too long', 0, 4, 4)).rejects.toMatchObject({ code: 'payload-too-large' });
  });

  test('a crash after the folder was installed is met again: nothing is done twice, and it can be withdrawn', async () => {
    await send(text);
    const all = () => entries({ kind: 'folder', name: 'objects/datasets/a', isSealed: true }, file('objects/datasets/a/rows.csv'), file('jobs/b/logs/0.log'));
    await folder().assemble(tenant, manifest, all());
    // Two files of one content are two files: a job may write to its own.
    const inode = async (name: string): Promise<number> => (await stat(join(data, 'promotions', tenant, `tree-${manifest}`, name))).ino;
    expect(await inode('objects/datasets/a/rows.csv')).not.toBe(await inode('jobs/b/logs/0.log'));
    await folder().install(tenant, manifest);
    await folder().assemble(tenant, manifest, all());
    await folder().install(tenant, manifest);
    expect(await readFile(join(data, 'tenants', tenant, 'jobs/b/logs/0.log'), 'utf8')).toBe(text);
    expect((await stat(join(data, 'tenants', tenant, 'objects/datasets/a'))).mode & 0o777).toBe(0o555);
    await folder().withdraw(tenant);
    expect(await folder().hasFiles(tenant)).toBe(false);
    await folder().drop(tenant);
    expect(await listTree(join(data, 'promotions'))).toEqual([]);
  });

  test('what was put together for an older manifest does not slip into a newer one', async () => {
    await send(text);
    await folder().assemble(tenant, 'a'.repeat(64), entries(file('jobs/old/logs/0.log')));
    await folder().assemble(tenant, manifest, entries(file('jobs/new/logs/0.log')));
    await folder().install(tenant, manifest);
    expect(await listTree(join(data, 'tenants', tenant))).toEqual(['jobs/', 'jobs/new/', 'jobs/new/logs/', 'jobs/new/logs/0.log']);
  });

  test.each(['../x', '/etc/x', 'objects/../../x', 'secrets/x', 'objects//x', 'objects/./x', 'objects/a\\b', 'objects/a\u0000', `objects/${'x'.repeat(256)}`])(
    'T15 T18 no name leads out of the tenant: %j',
    async name => {
      await send(text);
      await expect(folder().assemble(tenant, manifest, entries(file(name)))).rejects.toMatchObject({ code: 'invalid-input' });
    }
  );

  test('T15 a tenant or checksum that is none is refused', async () => {
    await expect(folder().received('../x', [sha256])).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(folder().received(tenant, ['../x'])).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('a file that has not arrived stops the assembly', async () => {
    await expect(folder().assemble(tenant, manifest, entries(file('jobs/b/logs/0.log')))).rejects.toMatchObject({ code: 'invalid-state' });
  });
});
