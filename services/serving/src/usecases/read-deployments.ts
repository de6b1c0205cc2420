import { Problem } from '@stratalab/contracts';
import type { Deployment, Endpoint } from '@stratalab/contracts/serving';
import { decodeCursor, pageOf, type Call, type LogPiece } from '@stratalab/kernel';
import { findDeployment, listDeploymentRows, listDeploymentsByName, type DeploymentFilter, type DeploymentRow } from '../store/deployment-store.ts';
import { replicaId } from '../store/replica-store.ts';
import { endpointUrn, servedModelOf, viewDeployments } from './deployment-view.ts';
import type { ServingParts } from './parts.ts';

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Deployments, newest first. */
export async function listDeployments(parts: ServingParts, call: Call, filter: DeploymentFilter): Promise<Page<Deployment>> {
  return call.read(async tx => {
    const rows = await listDeploymentRows(tx, call.tenant, filter);
    const page = pageOf(rows, filter.limit, { item: row => row, key: row => [row.created_at, row.id] });
    return { items: await viewDeployments(tx, call.tenant, page.items, { now: parts.now(), active: parts.router.active }), nextCursor: page.nextCursor };
  });
}

/** @throws not-found */
export async function getDeployment(parts: ServingParts, call: Call, name: string): Promise<Deployment> {
  return call.read(async tx => {
    const row = await findDeployment(tx, call.tenant, name);
    const [view] = row === undefined ? [] : await viewDeployments(tx, call.tenant, [row], { now: parts.now(), active: parts.router.active });
    if (view === undefined) throw noDeployment(name);
    return view;
  });
}

/** @throws not-found */
export async function getDeploymentLog(
  parts: ServingParts,
  call: Call,
  request: { readonly name: string; readonly replica: number; readonly offset: number; readonly limitBytes: number }
): Promise<LogPiece> {
  const row = await call.read(tx => findDeployment(tx, call.tenant, request.name));
  if (row === undefined) throw noDeployment(request.name);
  return parts.runtime.readLog(replicaId(row.id, request.replica), { offset: request.offset, limitBytes: request.limitBytes });
}

/** What can be called, by name; the embedding model of the platform comes first. */
export async function listEndpoints(
  parts: ServingParts,
  call: Call,
  query: { readonly cursor?: string | undefined; readonly limit: number; readonly kind?: 'chat' | 'predict' | 'embeddings' | undefined }
): Promise<Page<Endpoint>> {
  const after = decodeCursor(query.cursor, 1)?.[0];
  const embedding = after === undefined && (query.kind ?? 'embeddings') === 'embeddings' ? [embeddingEndpoint(parts, call.tenant)] : [];
  if (query.kind === 'embeddings') return { items: embedding, nextCursor: null };
  const limit = Math.max(1, query.limit - embedding.length);
  const rows = await call.read(tx => listDeploymentsByName(tx, call.tenant, { after: after === undefined ? undefined : String(after), limit, kind: query.kind }));
  const page = pageOf(rows, limit, { item: endpointOf, key: row => [row.name] });
  return { items: [...embedding, ...page.items], nextCursor: page.nextCursor };
}

export function noDeployment(name: string): Problem {
  return new Problem('not-found', { detail: `There is no deployment '${name}'.` });
}

function endpointOf(row: DeploymentRow): Endpoint {
  return {
    name: row.name,
    urn: endpointUrn(row.tenant, row.name),
    kind: row.kind,
    isReady: row.state === 'ready' || row.state === 'degraded',
    deployment: row.name,
    model: servedModelOf(row),
    message: row.message
  };
}

function embeddingEndpoint(parts: ServingParts, tenant: string): Endpoint {
  return {
    name: parts.embedder.model,
    urn: endpointUrn(tenant, parts.embedder.model),
    kind: 'embeddings',
    isReady: true,
    deployment: null,
    model: null,
    message: `Ready: comes with the platform, ${parts.embedder.dimensions} dimensions, many languages.`
  };
}
