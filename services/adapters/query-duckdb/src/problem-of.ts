import { Problem } from '@stratalab/contracts';
import type { ChildFailure } from './protocol.ts';

const hints: Readonly<Record<string, string>> = {
  'Out of Memory Error': 'Read fewer columns or rows, aggregate earlier, or raise the memory limit.',
  'Permission Error': 'A query reads only the datasets it names.',
  'Catalog Error': 'Check the names of tables and functions.',
  'Binder Error': 'Check the names and types of columns.',
  'Parser Error': 'Check the SQL at the place named.',
  'Conversion Error': 'Use try_cast to turn values that do not fit into null.'
};

/** What the author of the query is told: DuckDB's message, its place in the text, and what to do. */
export function problemOf(failure: ChildFailure): Problem {
  const { kind, message, position } = failure;
  if (message.includes('No space left on device')) return new Problem('storage-full', { detail: message, hint: 'Free some space, then try again.', retryAfterSeconds: 30 });
  if (kind === 'INTERNAL Error' || kind === 'FATAL Error') return new Problem('unavailable', { detail: `The query engine failed: ${message.split('\n')[0] ?? ''}` });
  const where = position === undefined ? '' : ` (line ${position.line}, column ${position.column})`;
  const hint = hints[kind];
  return new Problem('invalid-input', {
    detail: `${kind === 'Refused' || kind === 'Error' ? '' : `${kind}: `}${message}${where}`,
    ...(hint === undefined ? {} : { hint }),
    errors: [{ path: position === undefined ? 'sql' : `sql:${position.line}:${position.column}`, message }]
  });
}
