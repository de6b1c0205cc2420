import { Problem, type BodyOf, type ParamsOf, type QueryOf, type ResponseOf, type Route, type RouteTable } from '@stratalab/contracts';
import { problemFromAnswer } from './problem-error.ts';
import type { Transport } from './transport.ts';

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : Record<string, never> extends Value
    ? { readonly [K in Name]?: Value }
    : { readonly [K in Name]: Value };

export type CallInput<R> = Part<'params', ParamsOf<R>> & Part<'query', QueryOf<R>> & Part<'body', BodyOf<R>>;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Makes a retry of the same POST safe: the service answers the stored result (24 h). */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Client<Table extends RouteTable> = {
  readonly [Name in keyof Table]: (input: CallInput<Table[Name]>, options?: CallOptions) => Promise<ResponseOf<Table[Name]>>;
};

interface UntypedInput {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Fills the path template and the query string; every value is percent-encoded. */
export function urlOf(declared: Route, input: UntypedInput): string {
  const path = declared.path.replace(/\{([^}]+)\}/g, (_match, name: string) => {
    const value = input.params?.[name];
    if (value === undefined || value === '') throw new Problem('invalid-request', { detail: `The path needs '${name}'.` });
    return encodeURIComponent(String(value));
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value === undefined || value === null) continue;
    for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** A typed function per route of the table. Failed answers are thrown as `Problem`. */
export function createClient<Table extends RouteTable>(table: Table, transport: Transport): Client<Table> {
  const functions = Object.entries(table).map(([name, declared]) => {
    const call = async (input: UntypedInput = {}, options: CallOptions = {}): Promise<unknown> => {
      const answer = await transport({
        method: declared.method,
        path: urlOf(declared, input),
        headers: {
          accept: 'application/json',
          ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
          ...options.headers
        },
        ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal })
      });
      if (answer.status >= 400) throw problemFromAnswer(answer.status, answer.body);
      return answer.body;
    };
    return [name, call] as const;
  });
  return unsafeClient<Table>(Object.fromEntries(functions));
}

/** The one place where the mapped type is asserted: names and shapes come from the same table. */
function unsafeClient<Table extends RouteTable>(functions: unknown): Client<Table> {
  return functions as Client<Table>;
}
