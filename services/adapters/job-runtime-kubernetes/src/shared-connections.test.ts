import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { createClusterClient } from './cluster-client.ts';
import { SharedConnections } from './shared-connections.ts';

describe('connections to the API server', () => {
  let server: Server;
  let connections = 0;
  let address: string;

  beforeEach(async () => {
    connections = 0;
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiVersion: 'v1', kind: 'NodeList', metadata: {}, items: [] }));
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const at = server.address();
    if (at === null || typeof at === 'string') throw new Error('The server has no port.');
    address = `http://127.0.0.1:${at.port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  function configuration(): SharedConnections {
    const config = new SharedConnections();
    config.loadFromOptions({
      clusters: [{ name: 'c', server: address, skipTLSVerify: true }],
      users: [{ name: 'u', certData: Buffer.from('one').toString('base64'), keyData: Buffer.from('key').toString('base64') }],
      contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
      currentContext: 'x'
    });
    return config;
  }

  test('calls one after the other share their connection', async () => {
    const client = createClusterClient(configuration());
    for (let call = 0; call < 10; call += 1) expect(await client.nodes()).toEqual([]);
    // A second one where an answer was not quite over when the next call began.
    expect(connections).toBeLessThanOrEqual(2);
  });

  test('a certificate that was replaced is used from the next call on, and no call is lost', async () => {
    const config = configuration();
    const client = createClusterClient(config);
    await client.nodes();
    const underWay = [client.nodes(), client.nodes()];
    config.users = [{ name: 'u', certData: Buffer.from('two').toString('base64'), keyData: Buffer.from('key').toString('base64') }];
    expect(await Promise.all([...underWay, client.nodes(), client.nodes()])).toEqual([[], [], [], []]);
    const before = connections;
    await client.nodes();
    expect(connections).toBe(before);
    expect(connections).toBeGreaterThan(1);
  });
});
