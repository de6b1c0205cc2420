import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Host } from '@stratalab/kernel';

/**
 * Answers the same routes at a second address, for pods that cannot reach loopback. They authenticate as everywhere: this opens a way, no right.
 * @param address `10.0.0.5:8010`
 */
export async function listenForPods({ app }: Host, address: string): Promise<Server> {
  const at = address.lastIndexOf(':');
  const server = createServer((request, answer) => app.routing(request, answer));
  server.requestTimeout = app.server.requestTimeout;
  server.listen({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
  await once(server, 'listening');
  return server;
}
