import { loadConfig, newId } from '@stratalab/kernel';
import { openBucket } from '../compose/objects.ts';
import { s3Config } from '../s3-config.ts';
import { fail, ok, type Check } from './finding.ts';

const name = 'Bucket';
const hint = 'Look at STRATALAB_S3_ENDPOINT, the keys, and the rights of the bucket: the platform reads, writes, lists and deletes.';

/** Tries what the platform does with its bucket, under a name of its own. */
export const checkBucket: Check = async ({ environment }) => {
  try {
    const config = loadConfig(s3Config, environment);
    const bucket = await openBucket(config);
    if (bucket === undefined) return ok(name, 'none is named: objects lie in the data folder only');
    const key = `${config.STRATALAB_S3_PREFIX}doctor-${newId()}`;
    await bucket.putText(key, key);
    const isKept = (await bucket.getText(key)) === key && (await Array.fromAsync(bucket.list(key))).length === 1;
    await bucket.remove([key]);
    const isGone = (await bucket.getText(key)) === undefined;
    return isKept && isGone
      ? ok(name, `${config.STRATALAB_S3_BUCKET} can be read, written, listed and cleared`)
      : fail(name, 'It does not keep, or not forget, what it is told.', hint);
  } catch (error) {
    return fail(name, error instanceof Error ? error.message : String(error), hint);
  }
};
