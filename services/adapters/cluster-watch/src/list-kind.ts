import type { Readable } from 'node:stream';
import type { ClusterHttp } from './http/cluster-http.ts';
import { isExpired, type Failure } from './http/failure.ts';
import { keyOf } from './objects/object-store.ts';
import { isRecord, readObject } from './objects/read-object.ts';
import type { KindMetrics } from './watch-metrics.ts';
import { pathOf, type ClusterObject, type WatchedKind } from './watched-kind.ts';

export interface ListParts {
  readonly kind: WatchedKind;
  readonly http: ClusterHttp;
  readonly metrics: KindMetrics;
}

/** A complete list: the version it shows, and the keys of everything in it. */
export interface Listed {
  readonly version: string;
  readonly keys: ReadonlySet<string>;
}

const pageSize = 500;
const pageTimeoutMs = 60_000;

/**
 * Lists everything of a kind, page by page, and gives each object to `visit` as it comes. All pages show one version. When the place in the list grew too old
 * meanwhile (410), everything is read again in one piece, which cannot expire. Objects that make no sense are counted and left out.
 */
export async function listKind(parts: ListParts, signal: AbortSignal, visit: (object: ClusterObject) => void): Promise<Listed | Failure> {
  const paged = await readPages(parts, signal, visit, pageSize);
  return 'status' in paged && isExpired(paged) ? readPages(parts, signal, visit, undefined) : paged;
}

async function readPages(parts: ListParts, signal: AbortSignal, visit: (object: ClusterObject) => void, limit: number | undefined): Promise<Listed | Failure> {
  const keys = new Set<string>();
  let place = '';
  for (;;) {
    const page = await readPage(parts, signal, { ...(limit === undefined ? {} : { limit: String(limit) }), ...(place === '' ? {} : { continue: place }) });
    if ('status' in page) return page;
    for (const item of page.items) {
      const object = readObject(parts.kind, item);
      if (object === undefined) {
        parts.metrics.malformed();
        continue;
      }
      keys.add(keyOf(object));
      visit(object);
    }
    place = page.place;
    if (place === '') return { version: page.version, keys };
  }
}

interface Page {
  readonly items: readonly unknown[];
  readonly version: string;
  readonly place: string;
}

async function readPage({ kind, http, metrics }: ListParts, signal: AbortSignal, query: Readonly<Record<string, string>>): Promise<Page | Failure> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(pageTimeoutMs)]);
  const answer = await http.open(pathOf(kind), { ...query, ...(kind.labelSelector === undefined ? {} : { labelSelector: kind.labelSelector }) }, within);
  metrics.requested('list', 'status' in answer ? answer.status : 200);
  if ('status' in answer) return answer;
  try {
    const text = await textOf(answer.body, bytes => metrics.received(bytes));
    const list: unknown = JSON.parse(text);
    if (!isRecord(list) || !isRecord(list['metadata'])) return { status: 0, reason: 'The answer is no list.' };
    const { resourceVersion, continue: place } = list['metadata'];
    if (typeof resourceVersion !== 'string' || resourceVersion === '') return { status: 0, reason: 'The list has no version.' };
    // An empty list may come as null.
    return { items: Array.isArray(list['items']) ? list['items'] : [], version: resourceVersion, place: typeof place === 'string' ? place : '' };
  } catch (error) {
    return { status: 0, reason: `The list broke off: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function textOf(body: Readable, onBytes: (bytes: number) => void): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body) {
    const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    onBytes(bytes.length);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}
