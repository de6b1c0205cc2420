import type { ServerConnection } from '@jupyterlab/services';
import { createClient, createHttpTransport, type Client, type Transport } from '@stratalab/client';
import { Problem, type RouteTable } from '@stratalab/contracts';
import type { WhoAmI } from '@stratalab/contracts/control';
import { Token } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import { serviceUrl } from './service-url';

/** The way every panel reaches the platform: as the signed-in user, in the tenant that was chosen for this tab. */
export interface IStratalab {
  /** Base URL of the platform, for copyable snippets. */
  readonly url: string;
  /** Typed functions for the routes of one service; they give up after 30 s unless `timeoutMs` says otherwise (models may think longer). */
  clientFor<Table extends RouteTable>(table: Table, options?: { readonly timeoutMs: number }): Client<Table>;
  /** Headers that authenticate a request of this page, for streams and uploads. */
  authorization(): Readonly<Record<string, string>>;
  /** Who is signed in; asked once, again after `refresh`. */
  whoAmI(): Promise<WhoAmI>;
  refresh(): void;
  /** Name of the chosen tenant; the first one by name until somebody chooses. @throws Problem forbidden when the user has none */
  tenant(): Promise<string>;
  chooseTenant(name: string): void;
  readonly tenantChanged: ISignal<IStratalab, string>;
}

export const IStratalab = new Token<IStratalab>('@stratalab/lab-kit:IStratalab', 'Access to the Stratalab platform as the signed-in user.');

const storageKey = 'stratalab:tenant';

/** Builds the platform access from the page's own connection settings; sends nothing. */
export function createStratalab(settings: Pick<ServerConnection.ISettings, 'token'>, storage: Pick<Storage, 'getItem' | 'setItem'>): IStratalab {
  const url = serviceUrl();
  const authorization = (): Readonly<Record<string, string>> => ({ authorization: `token ${settings.token}` });
  const transport = createHttpTransport({ baseUrl: url, headers: authorization });
  let known: Promise<WhoAmI> | undefined;
  const stratalab: IStratalab = {
    url,
    authorization,
    clientFor: (table, options) => createClient(table, options === undefined ? transport : createHttpTransport({ baseUrl: url, headers: authorization, ...options })),
    whoAmI() {
      known ??= askWhoAmI(transport).catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    refresh: () => {
      known = undefined;
    },
    async tenant() {
      const { tenants } = await stratalab.whoAmI();
      const chosen = storage.getItem(storageKey);
      const tenant = tenants.find(candidate => candidate.name === chosen) ?? tenants[0];
      if (tenant === undefined) throw new Problem('forbidden', { detail: 'You are not a member of any tenant.', hint: 'Ask an administrator to add you to a tenant.' });
      return tenant.name;
    },
    chooseTenant(name) {
      storage.setItem(storageKey, name);
      changed.emit(name);
    },
    get tenantChanged() {
      return changed;
    }
  };
  const changed = new Signal<IStratalab, string>(stratalab);
  return stratalab;
}

/** Contracts bring the schema library with them, so they are fetched when something is asked and not when Lab starts. */
async function askWhoAmI(transport: Transport): Promise<WhoAmI> {
  const { controlRoutes } = await import('@stratalab/contracts/control');
  return createClient(controlRoutes, transport).whoAmI({});
}
