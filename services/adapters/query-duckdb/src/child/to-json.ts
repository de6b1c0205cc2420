import { DuckDBTypeId, JsonDuckDBValueConverter, type DuckDBValueConverter, type Json } from '@duckdb/node-api';

const timestampTypes = new Set([DuckDBTypeId.TIMESTAMP, DuckDBTypeId.TIMESTAMP_S, DuckDBTypeId.TIMESTAMP_MS, DuckDBTypeId.TIMESTAMP_NS, DuckDBTypeId.TIMESTAMP_TZ]);

/** JSON value of any DuckDB value: whole numbers stay numbers while JavaScript can hold them exactly, timestamps are RFC 3339. */
export const toJson: DuckDBValueConverter<Json> = (value, type, converter) => {
  if (typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return Number(value);
  const json = JsonDuckDBValueConverter(value, type, converter);
  if (typeof json !== 'string' || !timestampTypes.has(type.typeId)) return json;
  return json.replace(/^(\d{4,})-(\d\d)-(\d\d) /, '$1-$2-$3T').replace(/\+00$/, 'Z');
};
