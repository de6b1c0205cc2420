import { Problem } from '@stratalab/contracts';
import { loadConfig, type ObjectPlace } from '@stratalab/kernel';
import { listPublished } from '@stratalab/object-store-folder';
import { composeBucketObjects } from '../compose/objects.ts';
import type { Environment } from '../config.ts';
import { s3Config } from '../s3-config.ts';
import type { Layout } from '../supervisor/layout.ts';

export interface ObjectsOptions {
  /** `push` or `pull`. */
  readonly direction: string | undefined;
  readonly tenant: string | undefined;
}

/**
 * Makes the data volume and the bucket of an installation hold the same: `push` sends what was published before there was a bucket, `pull` fills an empty data volume again.
 * Repeated, it goes on where it was cut; one object that fails holds no other back. @returns 1 when some failed
 * @throws invalid-request without a direction or a bucket
 */
export async function objects(layout: Layout, options: ObjectsOptions, environment: Environment): Promise<number> {
  const { direction, tenant } = options;
  if (direction !== 'push' && direction !== 'pull')
    throw new Problem('invalid-request', { detail: 'Say which way objects go.', hint: 'npx stratalab objects push, or: npx stratalab objects pull' });
  const store = await composeBucketObjects({ ...loadConfig(s3Config, environment), STRATALAB_DATA: layout.data });
  if (store === undefined) throw new Problem('invalid-request', { detail: 'No bucket is named.', hint: 'Set STRATALAB_S3_BUCKET, as for the platform.' });
  const move = (place: ObjectPlace): Promise<boolean> => (direction === 'push' ? store.push(place) : store.pull(place));
  const counts = { moved: 0, there: 0, failed: 0 };
  for await (const place of direction === 'push' ? listPublished(layout.data, tenant) : store.inBucket(tenant)) {
    const name = `${place.tenant}/${place.key}`;
    try {
      if (await move(place)) {
        counts.moved += 1;
        process.stdout.write(`${name}\n`);
      } else counts.there += 1;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      counts.failed += 1;
      process.stderr.write(`${name}: ${error.message}\n`);
    }
  }
  process.stdout.write(`${counts.moved} ${direction === 'push' ? 'sent' : 'fetched'}, ${counts.there} there already, ${counts.failed} failed.\n`);
  return counts.failed === 0 ? 0 : 1;
}
