import type { ColumnSchema, SchemaDrift } from '@stratalab/contracts/catalog';

type Kind = ColumnSchema['kind'];

const numbers = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|INT\d*|FLOAT|REAL|DOUBLE|DECIMAL|NUMERIC|BIGNUM|VARINT)\b/;
const times = /^(?:DATE|TIME|TIMESTAMP|INTERVAL)/;
const texts = /^(?:VARCHAR|TEXT|CHAR|STRING|UUID|ENUM)/;

/** What a SQL type is for people and charts. */
export function kindOf(type: string): Kind {
  const upper = type.toUpperCase();
  if (upper.endsWith(']') || /^(?:STRUCT|MAP|UNION|JSON|VARIANT|LIST)/.test(upper)) return 'nested';
  if (numbers.test(upper)) return 'number';
  if (upper.startsWith('BOOL')) return 'boolean';
  if (times.test(upper)) return 'time';
  return texts.test(upper) ? 'text' : 'other';
}

export function columnsOf(columns: readonly { readonly name: string; readonly type: string }[]): ColumnSchema[] {
  return columns.map(({ name, type }) => ({ name, type, kind: kindOf(type) }));
}

/** How columns changed since an older version; order does not matter. */
export function driftBetween(previous: { readonly version: number; readonly columns: readonly ColumnSchema[] }, columns: readonly ColumnSchema[]): SchemaDrift {
  const before = new Map(previous.columns.map(column => [column.name, column.type]));
  const after = new Map(columns.map(column => [column.name, column.type]));
  return {
    previousVersion: String(previous.version),
    added: columns.filter(({ name }) => !before.has(name)).map(({ name }) => name),
    removed: previous.columns.filter(({ name }) => !after.has(name)).map(({ name }) => name),
    retyped: columns.flatMap(({ name, type }) => {
      const from = before.get(name);
      return from === undefined || from === type ? [] : [{ name, from, to: type }];
    })
  };
}

/** A name as a SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
