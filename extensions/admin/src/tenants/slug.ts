const pattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const longest = 63;

/** Can this be the name of a tenant (a DNS-1123 label)? */
export function isSlug(name: string): boolean {
  return pattern.test(name);
}

/** A name made of what people call the tenant; empty when nothing of it can stand in a name. */
export function slugOf(displayName: string): string {
  return displayName
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
}
