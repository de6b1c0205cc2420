import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client, S3ServiceException, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Problem } from '@stratalab/contracts';

export interface BucketSettings {
  readonly name: string;
  /** Address of the S3; that of AWS in the region when absent. */
  readonly endpoint?: string;
  readonly region: string;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`. */
  readonly isPathStyle: boolean;
  /** Folder with the files `access-key-id` and `secret-access-key`; without it the usual ways of AWS programs, the role of a pod for example. */
  readonly credentials?: string;
}

/** What is needed of one bucket of an S3. A key is the whole name of an object. @throws unavailable with what the S3 said, when it does not answer or refuses us */
export interface Bucket {
  /** Sends a file, in parts when it is large; it is there whole or not at all. */
  putFile(key: string, path: string, sizeBytes: number): Promise<void>;
  putText(key: string, text: string): Promise<void>;
  getText(key: string): Promise<string | undefined>;
  /** At most `length` bytes (one or more) from `offset`, none at its end; `undefined` when there is no such object. */
  read(key: string, offset: number, length: number): Promise<Uint8Array | undefined>;
  /** All its bytes. @throws not-found */
  stream(key: string): AsyncIterable<Uint8Array>;
  /** Keys that begin with `prefix`, in their order. */
  list(prefix: string): AsyncIterable<string>;
  /** Idempotent. */
  remove(keys: readonly string[]): Promise<void>;
}

const missing = 404;
const pastEnd = 416;
const connectionTimeoutMs = 5_000;
const silenceMs = 30_000;
const partBytes = 16 * 2 ** 20;
/** What S3 takes for one object. */
const mostParts = 10_000;
const partsAtOnce = 2;
/** Keys that one request may remove. */
const removedAtOnce = 1_000;
/** After this the files of the credentials are read again: whoever rotates keys replaces them. */
const credentialsMs = 5 * 60_000;

/** A bucket of any S3. Checksums of S3's own are left out, since not every S3 knows them: requests are signed over their bytes. */
export function createBucket(settings: BucketSettings): Bucket {
  const { credentials } = settings;
  const client = new S3Client({
    region: settings.region,
    forcePathStyle: settings.isPathStyle,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: silenceMs },
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    ...(credentials === undefined
      ? {}
      : { credentials: () => readCredentials(credentials).catch(cause => Promise.reject(unavailable(settings, 'its keys cannot be read', cause))) })
  });
  const here = { Bucket: settings.name };
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw problemOf(error, settings);
    }
  };
  const get = (key: string, range?: string): Promise<GetObjectCommandOutput> =>
    client.send(new GetObjectCommand({ ...here, Key: key, ...(range === undefined ? {} : { Range: range }) }));
  return {
    putFile: (key, path, sizeBytes) =>
      asked(async () => {
        await new Upload({
          client,
          params: { ...here, Key: key, Body: createReadStream(path) },
          partSize: Math.max(partBytes, Math.ceil(sizeBytes / mostParts)),
          queueSize: partsAtOnce
        }).done();
      }),
    putText: (key, text) => asked(async () => void (await client.send(new PutObjectCommand({ ...here, Key: key, Body: text })))),
    getText: key => asked(() => get(key).then(async ({ Body }) => Body?.transformToString(), onlyWhere(missing, undefined))),
    read: (key, offset, length) =>
      asked(() =>
        get(key, `bytes=${offset}-${offset + length - 1}`)
          .then(async ({ Body }) => Body?.transformToByteArray())
          .catch(onlyWhere(pastEnd, new Uint8Array()))
          .catch(onlyWhere(missing, undefined))
      ),
    async *stream(key) {
      const { Body } = await asked(() => get(key).catch(onlyWhere(missing, { Body: undefined })));
      if (Body === undefined) throw new Problem('not-found', { detail: 'There is no such object.' });
      try {
        for await (const chunk of unsafeChunks(Body)) yield chunk;
      } catch (error) {
        throw problemOf(error, settings);
      }
    },
    async *list(prefix) {
      let token: string | undefined;
      do {
        const page = await asked(() => client.send(new ListObjectsV2Command({ ...here, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }) })));
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    async remove(keys) {
      for (let from = 0; from < keys.length; from += removedAtOnce) {
        const Objects = keys.slice(from, from + removedAtOnce).map(Key => ({ Key }));
        const { Errors } = await asked(() => client.send(new DeleteObjectsCommand({ ...here, Delete: { Objects, Quiet: true } })));
        const [first] = Errors ?? [];
        if (first !== undefined) throw unavailable(settings, first.Code ?? 'no reason', undefined);
      }
    }
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly expiration: Date;
}

async function readCredentials(folder: string): Promise<Credentials> {
  const [accessKeyId, secretAccessKey] = await Promise.all(['access-key-id', 'secret-access-key'].map(name => readFile(join(folder, name), 'utf8')));
  return { accessKeyId: (accessKeyId ?? '').trim(), secretAccessKey: (secretAccessKey ?? '').trim(), expiration: new Date(Date.now() + credentialsMs) };
}

/** Answers `value` for what failed with this status, and for nothing else. A missing bucket is no missing object. */
function onlyWhere<T>(status: number, value: T): (error: unknown) => T {
  return error => {
    if (error instanceof S3ServiceException && error.name !== 'NoSuchBucket' && error.$metadata.httpStatusCode === status) return value;
    throw error;
  };
}

function problemOf(error: unknown, settings: BucketSettings): Error {
  if (error instanceof Problem) return error;
  if (error instanceof S3ServiceException) return unavailable(settings, error.name, error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'it does not answer';
  return unavailable(settings, code, error);
}

/** What an S3 says may hold names of keys: only the name of its answer is told. */
function unavailable({ name }: BucketSettings, reason: string, cause: unknown): Problem {
  return new Problem('unavailable', {
    detail: `The bucket '${name}' cannot be used now: ${reason}.`,
    hint: 'Try again in a moment; if it stays so, an operator looks at the address, the keys and the rights of the bucket.',
    retryAfterSeconds: 5,
    cause
  });
}

/** In Node the body of an answer is a stream of bytes. */
function unsafeChunks(body: unknown): AsyncIterable<Uint8Array> {
  return body as AsyncIterable<Uint8Array>;
}
