const name = '[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?';
const domain = '[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?';

/** How things of a cluster are named in a profile, as regular expressions; a form checks the same ones before it asks. */
export const profilePatterns = {
  labelKey: `^(${domain}/)?${name}$`,
  labelValue: `^(${name})?$`,
  resource: `^${domain}/${name}$`,
  image: '^[a-z0-9][a-z0-9._:/-]{0,254}@sha256:[0-9a-f]{64}$'
} as const;
