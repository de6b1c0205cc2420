import type { ObjectPlace } from '@stratalab/kernel';

/** Where things of an installation lie in a bucket that it may share with others: files under their own names, so that other programs find them, manifests beside them. */
export interface BucketKeys {
  file(place: ObjectPlace, name: string): string;
  /** Everything that was published at a place begins with this. */
  files(place: ObjectPlace): string;
  manifest(place: ObjectPlace): string;
  /** All manifests, of one tenant where it is named. */
  manifests(tenant?: string): string;
  /** The place whose manifest this is; `undefined` for other keys. */
  placeOf(manifestKey: string): ObjectPlace | undefined;
}

const suffix = '.json';

/** @param prefix of every key, with its slash: `stratalab/`, or nothing */
export function createBucketKeys(prefix: string): BucketKeys {
  const start = `${prefix}manifests/`;
  const files = ({ tenant, key }: ObjectPlace): string => `${prefix}tenants/${tenant}/${key}/`;
  return {
    files,
    file: (place, name) => `${files(place)}${name}`,
    manifest: ({ tenant, key }) => `${start}${tenant}/${key}${suffix}`,
    manifests: tenant => (tenant === undefined ? start : `${start}${tenant}/`),
    placeOf(manifestKey) {
      if (!manifestKey.startsWith(start) || !manifestKey.endsWith(suffix)) return undefined;
      const [tenant = '', ...parts] = manifestKey.slice(start.length, -suffix.length).split('/');
      return tenant === '' || parts.length === 0 ? undefined : { tenant, key: parts.join('/') };
    }
  };
}
