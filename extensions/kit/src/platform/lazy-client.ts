import type { Client } from '@stratalab/client';
import type { RouteTable } from '@stratalab/contracts';
import type { IStratalab } from './platform';

/**
 * A typed client whose contract is fetched by the first call, for code that is loaded with Lab itself (commands): contracts bring the schema
 * library with them, and a start must not pay for it.
 * @param load `() => import('@stratalab/contracts/control').then(({ controlRoutes }) => controlRoutes)`
 */
export function lazyClient<Table extends RouteTable>(
  stratalab: Pick<IStratalab, 'clientFor'>,
  load: () => Promise<Table>,
  options?: { readonly timeoutMs: number }
): Client<Table> {
  let client: Promise<Client<Table>> | undefined;
  const loaded = (): Promise<Client<Table>> => (client ??= load().then(table => stratalab.clientFor(table, options)));
  return unsafeClient<Table>(
    new Proxy(
      {},
      {
        get(_target, name) {
          // Not a promise: awaiting the client itself must give the client.
          if (typeof name !== 'string' || name === 'then') return undefined;
          return async (...given: readonly unknown[]): Promise<unknown> => unsafeCalls(await loaded())[name]?.(...given);
        }
      }
    )
  );
}

/** Every operation of the table is answered by the proxy. */
function unsafeClient<Table extends RouteTable>(proxy: object): Client<Table> {
  return proxy as Client<Table>;
}

/** A client has one function per operation. */
function unsafeCalls(client: object): Readonly<Record<string, (...given: readonly unknown[]) => unknown>> {
  return client as Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;
}
