import { isDeepStrictEqual } from 'node:util';
import { KubeConfig } from '@kubernetes/client-node';

type Authentication = Parameters<KubeConfig['applySecurityAuthentication']>[0];
type Dispatcher = Parameters<Authentication['setDispatcher']>[0];
type Options = ReturnType<KubeConfig['createDispatcherOptions']>;

/**
 * A configuration whose calls share their connections. The library makes a dispatcher, and with it a TLS connection, for each call; here one serves until a
 * certificate, an authority or the proxy changes. Credentials are read anew for every call, as before.
 */
export class SharedConnections extends KubeConfig {
  #options: Options | undefined;
  #shared: { readonly options: Options | undefined; readonly dispatcher: Dispatcher } | undefined;

  override createDispatcherOptions(...how: Parameters<KubeConfig['createDispatcherOptions']>): Options {
    this.#options = super.createDispatcherOptions(...how);
    return this.#options;
  }

  override async applySecurityAuthentication(context: Authentication): Promise<void> {
    const setDispatcher = context.setDispatcher.bind(context);
    // Called right after the options of this call were made, before any other call can make its own.
    context.setDispatcher = made => {
      setDispatcher(this.#share(made));
    };
    await super.applySecurityAuthentication(context);
  }

  #share(made: Dispatcher): Dispatcher {
    const options = this.#options;
    if (this.#shared !== undefined && isDeepStrictEqual(this.#shared.options, options)) return this.#shared.dispatcher;
    // The old one is left alone: calls that were given it end there, and its idle connections close by themselves.
    this.#shared = { options, dispatcher: made };
    return made;
  }
}
