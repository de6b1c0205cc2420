import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestHost, percentile, report, testActor } from '@stratalab/tooling';
import { appendEvent } from '../src/events/append-event.ts';
import { createInternalToken } from '../src/identity/internal-token.ts';

/** From the commit of a fact to the last of many open streams, against a bare server that writes to every socket at once. */
const clients = 300;
const events = 20;
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

async function follow(port: number, path: string, headers: Record<string, string>, onText: (text: string) => void): Promise<IncomingMessage> {
  const request = httpRequest({ agent, host: '127.0.0.1', port, path, headers });
  request.end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.on('data', (chunk: Buffer) => onText(chunk.toString())).on('error', () => undefined);
  return answer;
}

/** Times from `say(n)` until each client has seen `n`, for all clients and events, in ms. */
async function latencies(port: number, path: string, headers: Record<string, string>, say: (label: string) => Promise<void>): Promise<number[]> {
  const seen: ((text: string) => void)[] = [];
  const answers = await Promise.all(Array.from({ length: clients }, (_unused, client) => follow(port, path, headers, text => seen[client]?.(text))));
  const times: number[] = [];
  for (let event = 0; event < events; event++) {
    const label = `label-${event}-`;
    const started = performance.now();
    const all = Promise.all(
      answers.map(
        (_answer, client) =>
          new Promise<void>(resolve => {
            seen[client] = text => {
              if (!text.includes(label)) return;
              times.push(performance.now() - started);
              resolve();
            };
          })
      )
    );
    await say(label);
    await all;
  }
  for (const answer of answers) answer.destroy();
  return times;
}

const host = await createTestHost({ services: [] });
await host.host.app.listen({ host: '127.0.0.1', port: 0 });
const ann = testActor({ subject: 'ann', tenants: { demo: 'viewer' } });
const headers = { authorization: `Bearer ${createInternalToken(ann, host.internalKey, new Date())}` };
const ours = await latencies((host.host.app.server.address() as AddressInfo).port, '/api/events/v1/tenants/demo/stream', headers, label =>
  host.database.inTenant({ tenant: 'demo' }, tx => appendEvent(tx, { name: 'job.changed.v1', tenant: 'demo', urn: 'urn:strata:demo:job:x', data: { label } }))
);

const open = new Set<ServerResponse>();
const bare = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(':\n\n');
  open.add(response);
});
bare.listen(0, '127.0.0.1');
await once(bare, 'listening');
const baseline = await latencies((bare.address() as AddressInfo).port, '/', {}, async label => {
  for (const response of open) response.write(`data: ${label}\n\n`);
});

report({
  name: `event to the 99th percentile of ${clients} streams`,
  unit: 'ms',
  value: percentile(ours, 0.99),
  baseline: { name: 'bare broadcast from memory', value: percentile(baseline, 0.99) },
  ratio: percentile(ours, 0.99) / percentile(baseline, 0.99),
  limit: 10
});
bare.closeAllConnections();
bare.close();
agent.destroy();
await host.close();
