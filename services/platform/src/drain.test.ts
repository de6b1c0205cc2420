import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@stratalab/tooling';
import { createDrain, type Drain } from './drain.ts';

describe('a process that is asked to end', () => {
  let server: Server;
  let drain: Drain;
  let streams = 0;
  const open: ServerResponse[] = [];
  const call = (): Promise<number> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`).then(async answer => {
      await answer.text();
      return answer.status;
    });

  beforeEach(async () => {
    open.length = 0;
    streams = 0;
    drain = createDrain(async () => streams);
    server = createServer((_request, response) => void open.push(response)).listen(0, '127.0.0.1');
    drain.watch(server);
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  test('lets an open request be answered first, and says at once that it takes no more', async () => {
    const answered = call();
    await waitFor(async () => open.length === 1, 10_000);
    let isDrained = false;
    const drained = drain.drain(60).then(() => (isDrained = true));
    expect([drain.isDraining, isDrained]).toEqual([true, false]);
    open[0]?.writeHead(200).end('late');
    expect(await answered).toBe(200);
    await drained;
  });

  test('does not wait for event streams, nor for a caller who never ends', async () => {
    const left = call().catch(() => 0);
    await waitFor(async () => open.length === 1, 10_000);
    streams = 1;
    await drain.drain(60);
    streams = 0;
    await drain.drain(0.1);
    expect(drain.isDraining).toBe(true);
    server.closeAllConnections();
    expect(await left).toBe(0);
  });
});
