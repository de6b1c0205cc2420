import { expect, test } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import type { Cluster } from '../cluster.ts';
import { up } from '../up.ts';
import { readObjectStoreAccess, type ObjectStoreAccess } from './object-store.ts';

/** The S3 beside a cluster: started on demand, kept by a later start without the word, closed to whoever has no key. */
export function describeObjectStore(cluster: () => Cluster): void {
  test('an object store beside the cluster keeps an object, and refuses a stranger', async () => {
    await expect(readObjectStoreAccess(cluster())).rejects.toThrow('up --s3');
    await up(cluster(), () => undefined, { hasObjectStore: true });
    const access = await readObjectStoreAccess(cluster());
    expect((await signed(access, 'PUT', '/models')).status).toBe(200);
    expect((await signed(access, 'PUT', '/models/a.txt', 'weights')).status).toBe(200);
    expect((await fetch(`${access.endpoint}/models/a.txt`)).status).toBe(403);
    expect((await signed({ ...access, secretAccessKey: 'guessed' }, 'GET', '/models/a.txt')).status).toBe(403);

    await up(cluster(), () => undefined);
    expect(await readObjectStoreAccess(cluster())).toEqual(access);
    const found = await signed(access, 'GET', '/models/a.txt');
    expect([found.status, await found.text()]).toEqual([200, 'weights']);
  });
}

/** One request signed as AWS describes it (Signature Version 4, path-style, no query). */
export function signed(access: ObjectStoreAccess, method: string, path: string, body = ''): Promise<Response> {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${access.region}/s3/aws4_request`;
  const hash = createHash('sha256').update(body).digest('hex');
  const headers = { host: new URL(access.endpoint).host, 'x-amz-content-sha256': hash, 'x-amz-date': time };
  const names = Object.keys(headers).join(';');
  const canonical = [method, path, '', ...Object.entries(headers).map(([name, value]) => `${name}:${value}`), '', names, hash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const key = scope.split('/').reduce<string | Buffer>(mac, `AWS4${access.secretAccessKey}`);
  const authorization = `AWS4-HMAC-SHA256 Credential=${access.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${mac(key, toSign).toString('hex')}`;
  return fetch(`${access.endpoint}${path}`, { method, headers: { ...headers, authorization }, ...(body === '' ? {} : { body }) });
}
