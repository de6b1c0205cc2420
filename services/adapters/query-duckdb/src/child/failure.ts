import type { ChildFailure } from '../protocol.ts';

/** A query that cannot run, with what to tell its author. */
export class QueryFailure extends Error {
  readonly failure: ChildFailure;

  constructor(failure: ChildFailure) {
    super(failure.message);
    this.name = 'QueryFailure';
    this.failure = failure;
  }
}

const linePattern = /\n\nLINE (\d+): ([\s\S]*?)\n( *)\^\s*$/;

/**
 * Takes DuckDB's text apart: `Parser Error: syntax error at … LINE 3: … ^` becomes kind, message and place.
 * A long line is shortened by DuckDB to `...part`, so its column is only as good as `sql` lets us find that part again.
 */
export function failureOf(error: unknown, sql: string): ChildFailure {
  if (error instanceof QueryFailure) return error.failure;
  const text = error instanceof Error ? error.message : String(error);
  const colon = text.indexOf(': ');
  const kind = colon > 0 && colon < 40 ? text.slice(0, colon) : 'Error';
  const place = linePattern.exec(text);
  const said = (place === null ? text : text.slice(0, place.index)).slice(kind === 'Error' ? 0 : colon + 2);
  // DuckDB goes on with settings to change; here they are locked.
  const message = (said.split('\n\nPossible solutions:')[0] ?? said).trim();
  const position = place === null ? undefined : positionOf(place, sql);
  return { kind, message, ...(position === undefined ? {} : { position }) };
}

function positionOf([, lineText = '1', shown = '', spaces = '']: RegExpExecArray, sql: string): { line: number; column: number } {
  const line = Number(lineText);
  const caret = spaces.length - `LINE ${lineText}: `.length;
  if (!shown.startsWith('...')) return { line, column: Math.max(1, caret + 1) };
  const part = shown.slice(3).replace(/\.\.\.$/, '');
  const start = sql.split('\n')[line - 1]?.indexOf(part) ?? -1;
  return { line, column: Math.max(1, start < 0 ? 1 : start + caret - 3 + 1) };
}

/** Line and column (from 1) of a byte offset in UTF-8 text. */
export function placeOfByte(sql: string, offset: number): { line: number; column: number } {
  const before = Buffer.from(sql, 'utf8').subarray(0, offset).toString('utf8');
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
