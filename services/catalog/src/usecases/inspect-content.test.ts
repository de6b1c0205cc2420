import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { newId, type ObjectStore } from '@stratalab/kernel';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { contentKey } from '../domain/dataset.ts';
import { inspectContent, type Content } from './inspect-content.ts';

const tenant = 'demo';
const looks: readonly (keyof ObjectStore)[] = ['list', 'listStaged', 'read', 'readStaged'];

describe('looking at content that another call publishes meanwhile', () => {
  let dataFolder: string;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'strata-inspect-'));
  });
  afterAll(() => rm(dataFolder, { recursive: true, force: true }));

  /** Content of one staged file. */
  async function stage(store: ObjectStore): Promise<Content> {
    const id = newId();
    const body = Readable.from([Buffer.from('a,b\n1,2\n')]);
    await store.append({ tenant, stagingId: id, name: 'a.csv', offset: 0, limitBytes: 8, body, signal: new AbortController().signal });
    return { tenant, contentId: id, stagingId: id };
  }

  test.each(looks.flatMap(look => [1, 2].map(nth => ({ look, nth }))))('F07 after look $nth of $look', async ({ look, nth }) => {
    const store = createFolderObjectStore({ dataFolder });
    const content = await stage(store);
    let seen = 0;
    const moving: ObjectStore = Object.assign(Object.create(store), {
      [look]: async (place: unknown) => {
        const answer = await Reflect.apply(store[look], store, [place]).catch((error: unknown) => ({ error }));
        seen += 1;
        if (seen === nth) await store.publish({ tenant, stagingId: content.stagingId, key: contentKey(content.contentId) });
        if (typeof answer === 'object' && answer !== null && 'error' in answer) throw answer.error;
        return answer;
      }
    });
    expect(await inspectContent(moving, content)).toEqual({ format: 'csv', files: [{ name: 'a.csv', sizeBytes: 8 }], sizeBytes: 8 });
  });

  test('content that is in neither place is told so', async () => {
    const store = createFolderObjectStore({ dataFolder });
    await expect(inspectContent(store, { tenant, contentId: newId(), stagingId: newId() })).rejects.toMatchObject({ code: 'not-found' });
  });
});
