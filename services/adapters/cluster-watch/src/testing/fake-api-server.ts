import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterObject } from '../watched-kind.ts';
import { createFakeObjects, type FakeEvent, type FakeObjects, type NewObject } from './fake-objects.ts';

export interface FakeKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
}

export interface FakeRequest {
  readonly verb: 'list' | 'watch' | 'get' | 'create' | 'update' | 'delete' | 'discover';
  readonly plural: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

/** What happens instead of the right answer. `after`: the work is done, and only the answer is bad. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: string; readonly reason?: string; readonly after?: boolean }
  | { readonly text: string }
  | { readonly cut: true; readonly after?: boolean }
  /** Accepts the watch and never says anything. */
  | { readonly mute: true };

export interface FakeApiServer {
  readonly kubeConfig: KubeConfig;
  readonly objects: FakeObjects;
  readonly requests: readonly FakeRequest[];
  put(plural: string, object: NewObject): ClusterObject;
  /** Answers of the rule replace the right one; `undefined` lets the request pass. @returns takes the rule away */
  breakBy(rule: (request: FakeRequest) => Fault | undefined): () => void;
  /** Writes a line to every open watch. */
  say(line: string): void;
  bookmark(): void;
  /** Ends every open watch, cleanly. */
  endWatches(): void;
  readonly openWatches: number;
  /** Nobody listens on the port until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/**
 * Just enough of an API server to break it on purpose: lists with pages, watches with versions and history, create, read, replace, delete, discovery.
 * For faults only; how Kubernetes behaves is tested on a real one.
 */
export async function startFakeApiServer(kinds: readonly FakeKind[]): Promise<FakeApiServer> {
  const objects = createFakeObjects();
  const requests: FakeRequest[] = [];
  const rules = new Set<(request: FakeRequest) => Fault | undefined>();
  const watches = new Set<ServerResponse>();
  const work = createWork({ objects, kinds, watches });

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const asked = work.understand(incoming);
    requests.push(asked.request);
    let fault: Fault | undefined;
    for (const rule of rules) fault ??= rule(asked.request);
    if (fault === undefined) return work.answer(asked, body, response);
    if ('after' in fault && fault.after === true) await work.answer(asked, body, undefined);
    breakAnswer(fault, response, watches);
  };
  const server = createServer((incoming, response) => void answer(incoming, response).catch(() => response.destroy()));
  // Only a fault ends a connection: an idle one that ends by itself may be in use again by then.
  server.keepAliveTimeout = 0;
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const kubeConfig = new KubeConfig();
  // The client speaks plain http only to a server whose certificate it would not check either.
  kubeConfig.loadFromClusterAndUser({ name: 'fake', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }, { name: 'fake', token: 'first' });
  return {
    kubeConfig,
    objects,
    requests,
    put: objects.put,
    breakBy(rule) {
      rules.add(rule);
      return () => rules.delete(rule);
    },
    say: line => watches.forEach(watch => watch.write(`${line}\n`)),
    bookmark: () => watches.forEach(watch => watch.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(objects.version) } } })}\n`)),
    endWatches() {
      watches.forEach(watch => watch.end());
      watches.clear();
    },
    get openWatches() {
      return watches.size;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
    start: () => listen(port)
  };
}

function breakAnswer(fault: Fault, response: ServerResponse, watches: Set<ServerResponse>): void {
  if ('cut' in fault) return void response.destroy();
  if ('text' in fault) return void response.end(fault.text);
  if ('mute' in fault) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    return;
  }
  response.writeHead(fault.status, { 'content-type': 'application/json', ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }) });
  response.end(statusText(fault.status, fault.reason));
  watches.delete(response);
}

const statusText = (code: number, message = `refused on purpose (${code})`): string => JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message });

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of incoming) text += String(piece);
  return text;
}

interface Asked {
  readonly request: FakeRequest;
  readonly kind: FakeKind | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly path: string;
}

interface WorkParts {
  readonly objects: FakeObjects;
  readonly kinds: readonly FakeKind[];
  readonly watches: Set<ServerResponse>;
}

const verbs: Readonly<Record<string, FakeRequest['verb']>> = { POST: 'create', PUT: 'update', PATCH: 'update', DELETE: 'delete', GET: 'get' };

function createWork({ objects, kinds, watches }: WorkParts) {
  const understand = (incoming: IncomingMessage): Asked => {
    const url = new URL(incoming.url ?? '', 'http://fake');
    const match = /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?/.exec(url.pathname);
    const [, apiVersion, namespace, plural = '', name] = match ?? [];
    const kind = kinds.find(candidate => candidate.apiVersion === apiVersion && candidate.plural === plural);
    const isWatch = url.searchParams.get('watch') === 'true';
    const verb = kind === undefined ? 'discover' : incoming.method === 'GET' && name === undefined ? (isWatch ? 'watch' : 'list') : (verbs[incoming.method ?? ''] ?? 'get');
    return { request: { verb, plural, query: url.searchParams, authorization: incoming.headers.authorization }, kind, namespace, name, path: url.pathname };
  };
  const matches = (asked: Asked, object: ClusterObject): boolean => {
    const selector = asked.request.query.get('labelSelector');
    const isLabelled = selector === null || selector.split(',').every(part => object.metadata.labels?.[part.split('=')[0] ?? ''] === part.split('=')[1]);
    return isLabelled && (asked.namespace === undefined || object.metadata.namespace === asked.namespace);
  };
  const send = (response: ServerResponse | undefined, code: number, value: unknown): void => {
    response?.writeHead(code, { 'content-type': 'application/json' });
    response?.end(typeof value === 'string' ? value : JSON.stringify(value));
  };

  const list = (asked: Asked, response: ServerResponse | undefined): void => {
    const { query, plural } = asked.request;
    const [version, from] = (query.get('continue') ?? `${objects.version}:0`).split(':').map(Number);
    if (version === undefined || from === undefined || version < objects.oldest) return send(response, 410, statusText(410, 'The provided continue parameter is too old.'));
    const all = objects.list(plural).filter(object => matches(asked, object));
    const limit = Number(query.get('limit') ?? all.length);
    const rest = all.length > from + limit ? `${version}:${from + limit}` : undefined;
    send(response, 200, { kind: 'List', metadata: { resourceVersion: String(version), ...(rest === undefined ? {} : { continue: rest }) }, items: all.slice(from, from + limit) });
  };
  const watch = (asked: Asked, response: ServerResponse | undefined): void => {
    if (response === undefined) return;
    const from = Number(asked.request.query.get('resourceVersion') ?? 0);
    if (from < objects.oldest) return send(response, 410, statusText(410, 'too old resource version'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    watches.add(response);
    const tell = ({ type, object, plural }: FakeEvent): void => {
      if (!response.writableEnded && plural === asked.request.plural && matches(asked, object)) response.write(`${JSON.stringify({ type, object })}\n`);
    };
    for (const event of objects.after(from)) tell(event);
    const stop = objects.onEvent(tell);
    response.on('close', () => {
      stop();
      watches.delete(response);
    });
  };
  const change = (asked: Asked, body: string, response: ServerResponse | undefined): void => {
    const { plural, verb } = asked.request;
    const { namespace, name = '' } = asked;
    const found = objects.get(plural, namespace, name);
    if (verb === 'create') {
      const object = JSON.parse(body) as NewObject;
      if (objects.get(plural, namespace, object.metadata.name) !== undefined) return send(response, 409, statusText(409, 'already exists'));
      return send(response, 201, objects.put(plural, object));
    }
    if (found === undefined) return send(response, 404, statusText(404, 'not found'));
    if (verb === 'get') return send(response, 200, found);
    if (verb === 'delete') return send(response, 200, objects.remove(plural, namespace, name));
    const merged = JSON.parse(body) as NewObject;
    send(response, 200, objects.put(plural, { ...found, ...merged, metadata: { ...found.metadata, ...merged.metadata } }));
  };
  return {
    understand,
    async answer(asked: Asked, body: string, response: ServerResponse | undefined): Promise<void> {
      const { verb } = asked.request;
      if (verb === 'list') list(asked, response);
      else if (verb === 'watch') watch(asked, response);
      else if (verb === 'discover') {
        const version = /^\/(?:api|apis)\/(.+)$/.exec(asked.path)?.[1];
        const resources = kinds.flatMap(({ apiVersion, kind, plural, isNamespaced }) =>
          apiVersion === version ? [{ name: plural, singularName: '', namespaced: isNamespaced, kind, verbs: [] }] : []
        );
        send(response, 200, { kind: 'APIResourceList', groupVersion: version, resources });
      } else change(asked, body, response);
    }
  };
}
