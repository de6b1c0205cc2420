/** A place on the administration page; what is missing means the first. */
export interface Place {
  readonly tenant?: string;
  readonly tab?: string;
}

/** Reads a place from command arguments or a query string; whatever is not text is left out. */
export function placeOf(given: Readonly<Record<string, unknown>>): Place {
  const { tenant, tab } = given;
  return { ...(typeof tenant === 'string' && tenant !== '' ? { tenant } : {}), ...(typeof tab === 'string' && tab !== '' ? { tab } : {}) };
}
