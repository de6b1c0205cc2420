import { createInternalToken } from '@stratalab/kernel';
import { testActor, type TestHost } from '@stratalab/tooling';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

export interface FollowedStream {
  /** When the stream told that a job is over, by its id, in `performance.now()`. */
  readonly endedAt: ReadonlyMap<string, number>;
  close(): void;
}

/** Opens the stream of events of a tenant as a browser does, over HTTP. */
export async function followStream(host: TestHost, tenant: string): Promise<FollowedStream> {
  const address = await host.host.app.listen({ host: '127.0.0.1', port: 0 });
  const viewer = testActor({ subject: 'vic', tenants: { [tenant]: 'viewer' } });
  const authorization = `Bearer ${createInternalToken(viewer, host.internalKey, new Date())}`;
  const sent = httpRequest(`${address}/api/events/v1/tenants/${tenant}/stream`, { headers: { authorization } });
  sent.end();
  const answer = unsafeAnswer(await once(sent, 'response'));
  if (answer.statusCode !== 200) throw new Error(`The stream answered ${answer.statusCode ?? 0}.`);
  const endedAt = new Map<string, number>();
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const id = line.includes('"succeeded"') ? /"job":"([0-9a-z]{26})"/.exec(line)?.[1] : undefined;
      if (id !== undefined && !endedAt.has(id)) endedAt.set(id, performance.now());
    }
  });
  answer.on('error', () => undefined);
  return { endedAt, close: () => void answer.destroy() };
}

/** Node gives the answer as the only argument of the event. */
function unsafeAnswer(values: readonly unknown[]): IncomingMessage {
  return values[0] as IncomingMessage;
}
