import { Type, type Static } from 'typebox';
import { closed, Id, nullable, Slug, Subject, Timestamp } from './fields.ts';
import { route } from './route.ts';

/**
 * Facts that leave a service. Names carry a version and are never renamed: consumers live in other processes.
 * `data` holds ids and small values, never documents.
 */
export const eventNames = [
  'tenant.created.v1',
  'tenant.changed.v1',
  'tenant.closed.v1',
  'tenant.deleted.v1',
  'tenant.place-repaired.v1',
  'member.changed.v1',
  'quota.changed.v1',
  'quota.exceeded.v1',
  'access-key.changed.v1',
  'dataset.changed.v1',
  'dataset.version-ready.v1',
  'dataset.version-failed.v1',
  'schema.changed.v1',
  'lineage.recorded.v1',
  'job.changed.v1',
  'job.progress.v1',
  'job.finished.v1',
  'run.changed.v1',
  'run.finished.v1',
  'model.version-registered.v1',
  'model.alias-changed.v1',
  'model.changed.v1',
  'experiment.changed.v1',
  'deployment.changed.v1',
  'deployment.ready.v1',
  'deployment.gone.v1',
  'collection.changed.v1',
  'collection.built.v1',
  'agent.published.v1',
  'answer.given.v1',
  'pipeline.changed.v1',
  'pipeline-run.changed.v1',
  'pipeline-run.finished.v1'
] as const;
export type EventName = (typeof eventNames)[number];

export const EventRecord = closed(
  {
    position: Type.Integer({ minimum: 1, description: 'Position in the log; send as Last-Event-ID to resume' }),
    id: Id,
    name: Type.String(),
    tenant: Slug,
    subject: nullable(Subject),
    urn: Type.String(),
    data: Type.Record(Type.String(), Type.Unknown()),
    time: Timestamp
  },
  { $id: 'Event' }
);
export type EventRecord = Static<typeof EventRecord>;

/** Stream of facts of one tenant; resumes without gap or duplicate from `Last-Event-ID`. */
export const streamEvents = route({
  operationId: 'streamEvents',
  method: 'GET',
  path: '/api/events/v1/tenants/{tenant}/stream',
  summary: 'Follow the events of a tenant as server-sent events',
  permission: 'event:read',
  audit: false,
  kind: 'stream',
  params: closed({ tenant: Slug }),
  query: closed({
    after: Type.Optional(Type.String({ pattern: '^[0-9]{1,19}$', description: 'Same as Last-Event-ID, for clients that cannot set headers' })),
    names: Type.Optional(Type.String({ maxLength: 500, description: 'Comma-separated event names or prefixes (`job.`)' }))
  })
});

/** Answers as long as the process can answer at all. */
export const live = route({
  operationId: 'live',
  method: 'GET',
  path: '/livez',
  summary: 'Is the process alive',
  permission: 'anonymous',
  audit: false,
  response: closed({ status: Type.Literal('ok') })
});

/** Routes every process has, whichever services it hosts. */
export const kernelRoutes = { streamEvents, live };
