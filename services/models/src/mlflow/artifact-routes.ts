import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { announcedBytes, demand } from '@stratalab/kernel';
import { placeOf, runArtifactUri, type ArtifactPlace } from '../domain/artifact-place.ts';
import { invalidParameter } from '../domain/mlflow-error.ts';
import { partsOfPath } from '../domain/artifact-path.ts';
import { childrenOf, readArtifacts, type FolderEntry } from '../store/artifact-store.ts';
import { deleteArtifacts, listArtifacts, openArtifact, ownerOfRun, writeArtifact } from '../usecases/artifacts.ts';
import { inputOf, optionalText, type Input } from './input.ts';
import type { Operation, SurfaceCall } from './operation.ts';
import { requireRun, runIdOf } from './runs.ts';

type Guard = (permission: 'run:read' | 'run:write', audit?: string) => (request: FastifyRequest) => Promise<void>;
type CallOf = (request: FastifyRequest) => SurfaceCall;

const base = '/api/2.0/mlflow-artifacts/artifacts';
const config = { protocolSurface: 'mlflow' };

function fileMessage(entry: FolderEntry, root: string): object {
  const path = root === '' ? entry.path : entry.path.slice(root.length + 1);
  return {
    path: path === '' ? entry.path.slice(entry.path.lastIndexOf('/') + 1) : path,
    is_dir: entry.isFolder,
    ...(entry.sizeBytes === null ? {} : { file_size: entry.sizeBytes })
  };
}

async function list(call: SurfaceCall, input: Input): Promise<object> {
  const runId = runIdOf(input);
  const folder = optionalText(input, 'path') ?? '';
  if (folder !== '') partsOfPath(folder);
  return call.read(async tx => {
    const run = await requireRun(tx, call.tenant, runId);
    const entries = childrenOf(await readArtifacts(tx, call.tenant, ownerOfRun(runId), folder), folder);
    // A path that is a file has nothing below it.
    const below = entries.filter(entry => entry.path !== folder);
    return { root_uri: runArtifactUri(run.experiment_id, runId), files: below.map(entry => fileMessage(entry, '')) };
  });
}

export const artifactOperations: readonly Operation[] = [{ method: 'GET', path: 'artifacts/list', permission: 'run:read', run: list }];

/** Path of the artifact, as the router decoded it once; nothing decodes it again. */
function placeIn(request: FastifyRequest): ArtifactPlace {
  const path = inputOf(request.params)['*'];
  if (typeof path !== 'string' || path === '') throw invalidParameter('Invalid path: the artifact is missing.');
  return placeOf(path);
}

/** Mounts the artifact proxy: bytes flow through, whatever their number; no client names a place in the storage. */
export function mountArtifactRoutes(app: FastifyInstance, guard: Guard, callOf: CallOf): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.get(base, { config, onRequest: guard('run:read') }, async request => {
    const path = optionalText(inputOf(request.query), 'path') ?? '';
    const place = placeOf(path.replace(/\/$/, ''));
    return { files: (await listArtifacts(callOf(request), place)).map(entry => fileMessage(entry, place.path)) };
  });
  app.get(`${base}/*`, { config, onRequest: guard('run:read') }, async (request, reply) => {
    const call = callOf(request);
    const place = placeIn(request);
    if (place.kind === 'version') demand(call.actor, 'model:read', call.tenant);
    const file = await openArtifact(call, place);
    reply.header('content-type', 'application/octet-stream').header('content-length', String(file.sizeBytes)).header('etag', `"${file.sha256}"`);
    reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`);
    return reply.send(Readable.from(file.bytes, { objectMode: false }));
  });
  app.put(`${base}/*`, { config, onRequest: guard('run:write') }, async request => {
    const call = callOf(request);
    await writeArtifact(call, placeIn(request), { bytes: bytesOf(request), announcedBytes: announcedBytes(request.headers['content-length']), signal: call.signal });
    return {};
  });
  app.delete(`${base}/*`, { config, onRequest: guard('run:write', 'artifact.delete') }, async request => {
    const call = callOf(request);
    await deleteArtifacts(call, placeIn(request));
    return {};
  });
}

/** The body as a stream; an empty one when there is none. */
function bytesOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  const { body } = request;
  if (body === undefined || body === null) return Readable.from([]);
  if (body instanceof Readable) return body;
  throw new Error('The body of an artifact was parsed.');
}
