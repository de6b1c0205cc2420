import type { ObjectStore } from '@stratalab/kernel';
import { createFolderObjectStore, dropStagings } from '@stratalab/object-store-folder';
import type { Bucket, BucketSettings, S3ObjectStore } from '@stratalab/object-store-s3';
import type { S3Config } from '../s3-config.ts';

/** What was not written to for so long is fetched by nobody any more. */
const abandonedMs = 24 * 3_600_000;

type ObjectsConfig = S3Config & { readonly STRATALAB_DATA: string };

/** Where objects are: on the data volume, and in a bucket where one is named. */
export async function composeObjects(config: ObjectsConfig): Promise<ObjectStore> {
  return (await composeBucketObjects(config)) ?? createFolderObjectStore({ dataFolder: config.STRATALAB_DATA });
}

/** The store with the bucket; `undefined` where none is named. The client of S3 is large: an installation without a bucket never loads it. */
export async function composeBucketObjects(config: ObjectsConfig): Promise<S3ObjectStore | undefined> {
  const bucket = await openBucket(config);
  if (bucket === undefined) return undefined;
  const { createS3ObjectStore, fetchedMark } = await import('@stratalab/object-store-s3');
  await dropStagings(config.STRATALAB_DATA, { mark: fetchedMark, restingMs: abandonedMs });
  return createS3ObjectStore({ local: createFolderObjectStore({ dataFolder: config.STRATALAB_DATA }), bucket, prefix: config.STRATALAB_S3_PREFIX });
}

/** The bucket itself; `undefined` where none is named. */
export async function openBucket(config: S3Config): Promise<Bucket | undefined> {
  if (config.STRATALAB_S3_BUCKET === '') return undefined;
  const { createBucket } = await import('@stratalab/object-store-s3');
  return createBucket(settingsOf(config));
}

function settingsOf(config: S3Config): BucketSettings {
  return {
    name: config.STRATALAB_S3_BUCKET,
    region: config.STRATALAB_S3_REGION,
    isPathStyle: config.STRATALAB_S3_PATH_STYLE,
    ...(config.STRATALAB_S3_ENDPOINT === '' ? {} : { endpoint: config.STRATALAB_S3_ENDPOINT }),
    ...(config.STRATALAB_S3_CREDENTIALS === '' ? {} : { credentials: config.STRATALAB_S3_CREDENTIALS })
  };
}
