import { subscribe, unsubscribe } from 'node:diagnostics_channel';

type Verb = 'get' | 'list' | 'watch' | 'discovery' | 'create' | 'change' | 'delete';
/** Requests by what they are: `list pods` → 3. */
export type ApiCalls = ReadonlyMap<string, number>;

/** What a request to the API server is: a name at the end of its path is an object, none is a collection. */
export function callOf(method: string, url: string): `${Verb} ${string}` {
  const { pathname, searchParams } = new URL(url, 'https://cluster');
  const parts = pathname.split('/').filter(part => part !== '');
  const below = parts.slice(parts[0] === 'api' ? 2 : 3);
  const inside = below[0] === 'namespaces' && below.length > 2 ? below.slice(2) : below;
  return `${verbOf(method, inside.length, searchParams.get('watch'))} ${inside[0] ?? 'kinds'}`;
}

function verbOf(method: string, parts: number, watch: string | null): Verb {
  if (method === 'POST') return 'create';
  if (method === 'DELETE') return 'delete';
  if (method !== 'GET') return 'change';
  if (parts === 0) return 'discovery';
  if (watch === 'true' || watch === '1') return 'watch';
  return parts === 1 ? 'list' : 'get';
}

/** Counts the requests this process sends to one API server, whichever client sends them. */
export function countApiCalls(server: string): { readonly take: () => ApiCalls; readonly stop: () => void } {
  const { host, origin } = new URL(server);
  let counts = new Map<string, number>();
  const note = (method: string, path: string): void => {
    const call = callOf(method, path);
    counts.set(call, (counts.get(call) ?? 0) + 1);
  };
  const fromUndici = (message: unknown): void => {
    const { request } = unsafeMessage<{ readonly origin: string | URL; readonly method: string; readonly path: string }>(message);
    if (String(request.origin).startsWith(origin)) note(request.method, request.path);
  };
  const fromNode = (message: unknown): void => {
    const { request } = unsafeMessage<{ readonly method: string; readonly path: string; getHeader(name: string): unknown }>(message);
    if (request.getHeader('host') === host) note(request.method, request.path);
  };
  subscribe('undici:request:create', fromUndici);
  subscribe('http.client.request.start', fromNode);
  return {
    /** What was counted since the last take. */
    take() {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    stop() {
      unsubscribe('undici:request:create', fromUndici);
      unsubscribe('http.client.request.start', fromNode);
    }
  };
}

/** @param verb only these; all of them when absent */
export function totalOf(calls: ApiCalls, verb?: Verb): number {
  return [...calls].reduce((sum, [call, count]) => sum + (verb === undefined || call.startsWith(`${verb} `) ? count : 0), 0);
}

/** Both clients publish their requests in this form. */
function unsafeMessage<T>(message: unknown): { readonly request: T } {
  return message as { readonly request: T };
}
