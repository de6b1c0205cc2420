import pg from 'pg';

const { builtins } = pg.types;

/** Timestamps as RFC 3339 text in UTC; bigint as number while it is exact (positions, sizes), refusing silently wrong values. */
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.TIMESTAMPTZ, text => (text === 'infinity' || text === '-infinity' ? text : new Date(text).toISOString())],
  [builtins.DATE, text => text],
  [builtins.INT8, exactInteger]
]);

function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for an exact number.`);
  return value;
}

export const parseTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format)
};
