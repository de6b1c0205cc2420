const highestLength = 63;

/** A name an endpoint may have, made from the name of a model: lower-case letters, digits and inner dashes. */
export function nameOfEndpoint(model: string, taken: readonly string[] = []): string {
  const slug = model
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, highestLength - 3)
    .replace(/^-+|-+$/g, '');
  const base = slug === '' ? 'model' : slug;
  if (!taken.includes(base)) return base;
  for (let count = 2; ; count++) if (!taken.includes(`${base}-${count}`)) return `${base}-${count}`;
}

export const endpointNamePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
