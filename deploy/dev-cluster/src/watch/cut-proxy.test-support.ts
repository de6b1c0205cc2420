import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CutProxy {
  readonly port: number;
  /** Ends every connection; new ones are refused until `heal`. */
  cut(): void;
  heal(): void;
  /** Ends every connection; whoever comes again is let through. */
  cutOnce(): void;
  close(): Promise<void>;
}

/** A cable to a port of this machine that can be pulled. */
export async function createCutProxy(target: { readonly host: string; readonly port: number }): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer(client => {
    if (isCut) return void client.destroy();
    const upstream = connect(target.port, target.host);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutOnce = (): void => sockets.forEach(socket => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    cutOnce,
    cut() {
      isCut = true;
      cutOnce();
    },
    heal: () => void (isCut = false),
    async close() {
      cutOnce();
      server.close();
      await once(server, 'close');
    }
  };
}
