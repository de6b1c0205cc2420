import { Problem, route, type Permission, type ProblemCode } from '@stratalab/contracts';
import { demand, recordAudit, type Actor, type Database, type HttpParts, type Logger, type StorageQuota } from '@stratalab/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MlflowError, mlflowStatuses, type MlflowCode } from '../domain/mlflow-error.ts';
import type { RunChange } from '../announce-run.ts';
import type { ModelsPorts } from '../ports.ts';
import { ensureDefaultExperiment } from '../store/experiment-store.ts';
import type { FindJob } from '../usecases/origin.ts';
import { artifactOperations, mountArtifactRoutes } from './artifact-routes.ts';
import { experimentOperations } from './experiments.ts';
import { inputOf } from './input.ts';
import { loggedModelOperations } from './logged-models.ts';
import { modelVersionOperations } from './model-versions.ts';
import type { Operation, SurfaceCall } from './operation.ts';
import { registeredModelOperations } from './registered-models.ts';
import { runDataOperations } from './run-data.ts';
import { runOperations } from './runs.ts';

export interface SurfaceParts {
  readonly database: Database;
  readonly ports: ModelsPorts;
  readonly storage: StorageQuota;
  readonly logger: Logger;
  readonly findJob: FindJob;
  readonly announce: (change: RunChange) => void;
}

/** Version of the stock client this surface is tested with. */
const speaks = '3.17.2';
const config = { protocolSurface: 'mlflow' };
const bodyLimitBytes = 2 * 1024 * 1024;
const operations: readonly Operation[] = [
  ...experimentOperations,
  ...runOperations,
  ...runDataOperations,
  ...artifactOperations,
  ...loggedModelOperations,
  ...registeredModelOperations,
  ...modelVersionOperations
];

/** The MLflow REST surface of a tenant below `/mlflow/{tenant}`: a stock client with that tracking URI works unchanged. */
export function createMlflowSurface(parts: SurfaceParts): (app: FastifyInstance, http: HttpParts) => void {
  return (app, http) => {
    void app.register(async tenant => mount(tenant, http, parts), { prefix: '/mlflow/:tenant' });
  };
}

function mount(app: FastifyInstance, http: HttpParts, parts: SurfaceParts): void {
  const ensureDefault = createDefaults(parts.database);
  installErrors(app, parts.logger);
  const guard =
    (permission: Permission, audit?: string) =>
    async (request: FastifyRequest): Promise<void> => {
      const actor = await http.authenticate(request);
      request.actor = actor;
      const tenant = tenantOf(request);
      try {
        demand(actor, permission, tenant);
      } catch (error) {
        await http.auditDenial(request, declare(permission, audit), error);
        throw error;
      }
      await ensureDefault(tenant);
    };
  app.get('/version', { config, onRequest: guard('run:read') }, async (_request, reply) => reply.type('text/plain').send(speaks));
  app.get('/health', { config, onRequest: guard('run:read') }, async (_request, reply) => reply.type('text/plain').send('OK'));
  app.get('/api/3.0/mlflow/server-info', { config, onRequest: guard('run:read') }, async () => ({
    store_type: 'SqlStore',
    workspaces_enabled: false,
    trace_archival_enabled: false,
    multipart_uploads_enabled: false,
    multipart_downloads_enabled: false
  }));
  for (const operation of operations) {
    app.route({
      config,
      method: operation.method,
      url: `/api/2.0/mlflow/${operation.path}`,
      bodyLimit: operation.bodyLimitBytes ?? bodyLimitBytes,
      onRequest: guard(operation.permission, operation.audit),
      handler: async (request, reply) =>
        operation.run(createCall(request, reply, { http, parts, operation }), { ...inputOf(request.query), ...inputOf(request.body), ...inputOf(request.params) })
    });
  }
  void app.register(async files => mountArtifactRoutes(files, guard, request => createCall(request, undefined, { http, parts })));
}

function tenantOf(request: FastifyRequest): string {
  const { tenant } = inputOf(request.params);
  return typeof tenant === 'string' ? tenant : '';
}

/** The contract that the audit log names for a denied request of the surface. */
function declare(permission: Permission, audit: string | undefined) {
  return route({ operationId: 'mlflow', method: 'POST', path: '/mlflow/{tenant}', summary: 'MLflow client', permission, audit: audit ?? false });
}

interface CallParts {
  readonly http: HttpParts;
  readonly parts: SurfaceParts;
  readonly operation?: Operation;
}

function createCall(request: FastifyRequest, reply: FastifyReply | undefined, { http, parts, operation }: CallParts): SurfaceCall {
  const tenant = tenantOf(request);
  const actor = actorOf(request);
  const gone = new AbortController();
  (reply?.raw ?? request.raw).on('close', () => {
    if (!request.raw.complete) gone.abort();
  });
  return {
    actor,
    tenant,
    signal: AbortSignal.any([gone.signal, http.stop]),
    nowMs: http.clock.now().getTime(),
    database: parts.database,
    objects: parts.ports.objects,
    storage: parts.storage,
    findJob: parts.findJob,
    announce: parts.announce,
    read: work => parts.database.inTenant({ tenant, isReadOnly: true }, work),
    write: (work, target) =>
      parts.database.inTenant({ tenant }, async tx => {
        const result = await work(tx);
        const action = operation?.audit;
        if (action !== undefined) {
          const fact = { tenant, actor, action, operation: `mlflow:${operation?.path ?? ''}`, target: target?.(result) ?? '', decision: 'allowed' as const, requestId: request.id };
          await recordAudit(tx, fact, http.clock.now());
        }
        return result;
      })
  };
}

function actorOf(request: FastifyRequest): Actor {
  if (request.actor === undefined) throw new Error('A request of the MLflow surface was not authenticated.');
  return request.actor;
}

/** The experiment `0` is there before a client can ask for it; one look per tenant and process. */
function createDefaults(database: Database): (tenant: string) => Promise<void> {
  const seen = new Map<string, Promise<void>>();
  return tenant => {
    const known = seen.get(tenant);
    if (known !== undefined) return known;
    const made = database.inTenant({ tenant }, tx => ensureDefaultExperiment(tx, tenant));
    seen.set(tenant, made);
    made.catch(() => seen.delete(tenant));
    return made;
  };
}

const codes: Readonly<Partial<Record<ProblemCode, MlflowCode>>> = {
  'invalid-request': 'INVALID_PARAMETER_VALUE',
  'invalid-input': 'INVALID_PARAMETER_VALUE',
  'unsupported-format': 'INVALID_PARAMETER_VALUE',
  'payload-too-large': 'INVALID_PARAMETER_VALUE',
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'PERMISSION_DENIED',
  'not-found': 'RESOURCE_DOES_NOT_EXIST',
  'already-exists': 'RESOURCE_ALREADY_EXISTS',
  conflict: 'INVALID_STATE',
  'in-use': 'INVALID_STATE',
  'invalid-state': 'INVALID_STATE',
  'quota-exceeded': 'INVALID_STATE',
  'too-many-requests': 'RESOURCE_EXHAUSTED',
  unavailable: 'TEMPORARILY_UNAVAILABLE',
  'storage-full': 'TEMPORARILY_UNAVAILABLE',
  'timed-out': 'DEADLINE_EXCEEDED'
};

/** Every failure leaves in MLflow's shape; unexpected ones say nothing but the request id. */
function installErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const known = translate(error);
    if (known.code === 'INTERNAL_ERROR') logger.error({ event: 'mlflow.failed', requestId: request.id, error }, 'a request of an MLflow client failed unexpectedly');
    return reply
      .code(mlflowStatuses[known.code])
      .send({ error_code: known.code, message: known.code === 'INTERNAL_ERROR' ? `Something went wrong on our side (request ${request.id}).` : known.message });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error_code: 'ENDPOINT_NOT_FOUND', message: `There is no ${request.method} ${(request.url.split('?')[0] ?? '').slice(0, 200)} on this server.` })
  );
}

function translate(error: unknown): MlflowError {
  if (error instanceof MlflowError) return error;
  if (error instanceof Problem) {
    const text = [error.details.detail ?? error.message, error.details.hint].filter(part => part !== undefined).join(' ');
    return new MlflowError(codes[error.code] ?? 'INTERNAL_ERROR', text);
  }
  if (typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500) {
    return new MlflowError('INVALID_PARAMETER_VALUE', error instanceof Error ? error.message : 'The request is not valid.');
  }
  return new MlflowError('INTERNAL_ERROR', '');
}
