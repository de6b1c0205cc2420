import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeHub {
  readonly apiUrl: string;
  stop(): Promise<void>;
}

/** The far side of the network: a Hub with groups in memory that knows no user's token but, where one is given, that of an administrator. @param address where it listens; loopback unless pods must reach it */
export async function startFakeHub(address = '127.0.0.1', administratorToken?: string): Promise<FakeHub> {
  const groups = new Map<string, Set<string>>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (administratorToken !== undefined && request.headers.authorization === `token ${administratorToken}`) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(administrator));
        return;
      }
      const { status, body } = answer(groups, { method: request.method ?? 'GET', path: decodeURIComponent(request.url ?? ''), body: text === '' ? undefined : JSON.parse(text) });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>(resolve => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://${address}:${port}/hub/api`,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}

const administrator = { kind: 'user', name: 'root', admin: true, groups: [], scopes: ['access:services', 'custom:stratalab:admin'] };

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

function answer(groups: Map<string, Set<string>>, { method, path, body }: Question): { status: number; body?: unknown } {
  const [, group, isUsers] = /\/groups\/([^/]+)(\/users)?$/.exec(path) ?? [];
  if (group === undefined) return path.endsWith('/user') ? { status: 403, body: { message: 'no such token' } } : { status: 201, body: {} };
  const users = groups.get(group);
  if (method === 'POST' && isUsers === undefined) {
    if (users !== undefined) return { status: 409, body: {} };
    groups.set(group, new Set());
    return { status: 201, body: {} };
  }
  if (users === undefined) return { status: 404, body: {} };
  const named: readonly string[] = typeof body === 'object' && body !== null && 'users' in body && Array.isArray(body.users) ? body.users.map(String) : [];
  for (const user of named) {
    if (method === 'POST') users.add(user);
    else users.delete(user);
  }
  return { status: 200, body: { name: group, users: [...users] } };
}
