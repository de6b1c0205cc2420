import { Type, type Static, type TObject, type TSchema } from 'typebox';
import type { Permission } from './permissions.ts';
import type { ProblemCode } from './problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route.
 * A permission is checked against the caller's role in `{tenant}` of the path (or against the installation, for `platform:*`).
 * `signed-in` needs a verified caller and no role; `anonymous` must be spelled out and is reserved for liveness probes.
 */
export type RouteAccess = Permission | 'signed-in' | 'anonymous';

export interface RouteOptions<Params extends TObject, Query extends TObject, Body extends TSchema | undefined, Response extends TSchema | undefined> {
  readonly operationId: string;
  readonly method: Method;
  /** OpenAPI path template below the service prefix, for example `/api/control/v1/tenants/{tenant}`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly permission: RouteAccess;
  /** Name of the audited action (`tenant.create`), or `false` for routes that change nothing. */
  readonly audit: string | false;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Schema of the success body; absent means no body (204). Undeclared fields are dropped on the way out. */
  readonly response?: Response;
  /** Status of success; 200 unless given (204 when there is no response body). */
  readonly status?: 200 | 201 | 202 | 204;
  /** Expected failures beside the ones every route has (invalid-request, unauthenticated, forbidden, not-found). */
  readonly problems?: readonly ProblemCode[];
  /** `stream` routes answer bytes or server-sent events; their handler gets the raw reply. */
  readonly kind?: 'json' | 'stream' | 'upload';
  /** Largest accepted body in bytes; 1 MiB unless given. */
  readonly bodyLimitBytes?: number;
}

const empty = Type.Object({}, { additionalProperties: false });
export type EmptyObject = typeof empty;

export interface Route<
  Params extends TObject = TObject,
  Query extends TObject = TObject,
  Body extends TSchema | undefined = TSchema | undefined,
  Response extends TSchema | undefined = TSchema | undefined
> {
  readonly operationId: string;
  readonly method: Method;
  readonly path: `/${string}`;
  readonly summary: string;
  readonly permission: RouteAccess;
  readonly audit: string | false;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly response: Response;
  readonly status: 200 | 201 | 202 | 204;
  readonly problems: readonly ProblemCode[];
  readonly kind: 'json' | 'stream' | 'upload';
  readonly bodyLimitBytes: number;
}

export type RouteTable = Readonly<Record<string, Route>>;

type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined;
export type ParamsOf<R> = R extends Route<infer P, TObject, TSchema | undefined, TSchema | undefined> ? Static<P> : never;
export type QueryOf<R> = R extends Route<TObject, infer Q, TSchema | undefined, TSchema | undefined> ? Static<Q> : never;
export type BodyOf<R> = R extends { readonly body: infer B } ? StaticOf<B> : never;
export type ResponseOf<R> = R extends { readonly response: infer S } ? (S extends TSchema ? Static<S> : void) : never;

const defaultBodyLimitBytes = 1024 * 1024;

/**
 * Declares one route of a service. The value is all there is: server route, permission check, typed client and OpenAPI come from it.
 * Objects are closed: an undeclared field in a request is refused (invalid-request).
 */
export function route<
  Params extends TObject = EmptyObject,
  Query extends TObject = EmptyObject,
  Body extends TSchema | undefined = undefined,
  Response extends TSchema | undefined = undefined
>(options: RouteOptions<Params, Query, Body, Response>): Route<Params, Query, Body, Response> {
  const unsafeDefault = <T>(value: unknown): T => value as T;
  return {
    operationId: options.operationId,
    method: options.method,
    path: options.path,
    summary: options.summary,
    permission: options.permission,
    audit: options.audit,
    params: options.params ?? unsafeDefault<Params>(empty),
    query: options.query ?? unsafeDefault<Query>(empty),
    body: unsafeDefault<Body>(options.body),
    response: unsafeDefault<Response>(options.response),
    status: options.status ?? (options.response === undefined && options.kind === undefined ? 204 : 200),
    problems: options.problems ?? [],
    kind: options.kind ?? 'json',
    bodyLimitBytes: options.bodyLimitBytes ?? defaultBodyLimitBytes
  };
}
