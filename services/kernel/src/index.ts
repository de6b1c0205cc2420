export { can, demand, roleHolds, serviceActor, type Actor } from './actor.ts';
export { loadConfig } from './config.ts';
export type { Database, TenantScope, Tx } from './database/database.ts';
export type { JsonColumn, KernelTables, NullableTimestampColumn, TimestampColumn } from './database/tables.ts';
export { appendEvent, type NewEvent } from './events/append-event.ts';
export { createEventLog, type EventLog } from './events/event-log.ts';
export type { Subscription } from './events/subscription.ts';
export { createHost, type Host, type HostOptions } from './host.ts';
export { auditHash, firstAuditHash, recordAudit, type AuditFact } from './http/audit.ts';
export type { Call, Handler, HandlerInput, Handlers, RawExchange } from './http/call.ts';
export type { HttpOptions, HttpParts } from './http/server.ts';
export { mountService, type MountedService } from './mounted-service.ts';
export { newId } from './id.ts';
export { createAccessKeyIdentity, type KeyFacts } from './identity/access-key-identity.ts';
export { createInternalIdentity, createInternalToken } from './identity/internal-token.ts';
export { decodeCursor, encodeCursor, pageOf } from './paging.ts';
export { systemClock, type Clock } from './ports/clock.ts';
export type { DocumentBlock, DocumentParser, ParsableFormat, ParsedDocument, ParseRequest } from './ports/document-parser.ts';
export type { Embedder, EmbeddingKind, EmbedRequest, EmbedResult } from './ports/embedder.ts';
export type { LogPiece, ModelFacts, ModelFiles, ModelRuntime, ReplicaAddress, ReplicaObservation, ReplicaOrder, ReplicaRuntimePhase } from './ports/model-runtime.ts';
export { largestGang, processesIn, smallerAsk, type GangSpace, type JobAsk, type Room } from './jobs/gang-fit.ts';
export { joinRuntimes } from './jobs/join-runtimes.ts';
export type { JobPool, PoolDevice, PoolNode, PoolTenant } from './ports/job-pool.ts';
export {
  plainLaunchers,
  type JobAttempt,
  type JobCapacity,
  type JobEnd,
  type JobLauncher,
  type JobLogSlice,
  type JobObservation,
  type JobRuntime,
  type JobStart
} from './ports/job-runtime.ts';
export { firstOf, type IdentityProvider } from './ports/identity.ts';
export type { ObjectPlace, ObjectStore, StagingPlace, StoredFile } from './ports/object-store.ts';
export type { QueryEngine, QueryLimits, QueryRequest, QueryResult, QueryTable } from './ports/query-engine.ts';
export type { PlaceDrift, TenantLimits, TenantPlaces } from './ports/tenant-places.ts';
export { quotaResources, type QuotaAmounts, type QuotaResource } from './quota.ts';
export { lead, type Leader, type LeaderParts, type Term } from './reconcile/lead.ts';
export { StaleLease, type ReconcileContext, type Reconciler, type ReconcileResult } from './reconcile/reconciler.ts';
export { aheadOfOthersMs, wake, wakeAll } from './reconcile/wake.ts';
export { defineService, type Service, type ServiceContext, type ServiceParts } from './service.ts';
export { announcedBytes, createStorageQuota, type StorageQuota } from './storage-quota.ts';
export { createLogger, redactText, type Logger } from './telemetry/log.ts';
export { createMetrics, listenForMetrics, type Metrics } from './telemetry/metrics.ts';
export { askedOnce, endsWell } from './trials.ts';
