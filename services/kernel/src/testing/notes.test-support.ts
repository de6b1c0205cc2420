import { closed, Id, page, PageQuery, Problem, route, TenantParams } from '@stratalab/contracts';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { appendEvent } from '../events/append-event.ts';
import type { Call } from '../http/call.ts';
import { newId } from '../id.ts';
import { mountService, type MountedService } from '../mounted-service.ts';
import { pageOf, decodeCursor } from '../paging.ts';
import { defineService, type Service } from '../service.ts';

const notes = '/api/notes/v1/tenants/{tenant}/notes' as const;
const Note = closed({ id: Id, text: Type.String({ maxLength: 50 }), pinned: Type.Optional(closed({ by: Type.String() })) });

/** A service as small as one can be: what tests of the kernel mount. */
export const notesRoutes = {
  createNote: route({
    operationId: 'createNote',
    method: 'POST',
    path: notes,
    summary: 'Write a note',
    permission: 'dataset:write',
    audit: 'note.create',
    params: TenantParams,
    body: closed({ text: Type.String({ maxLength: 50 }), isLucky: Type.Optional(Type.Boolean()) }),
    response: Note,
    status: 201
  }),
  listNotes: route({
    operationId: 'listNotes',
    method: 'GET',
    path: notes,
    summary: 'Read notes',
    permission: 'dataset:read',
    audit: false,
    params: TenantParams,
    query: PageQuery,
    response: page(Note)
  }),
  writeInRead: route({
    operationId: 'writeInRead',
    method: 'GET',
    path: '/api/notes/v1/tenants/{tenant}/sneaky',
    summary: 'A read that tries to write',
    permission: 'dataset:read',
    audit: false,
    params: TenantParams,
    response: closed({})
  }),
  forgetToCommit: route({
    operationId: 'forgetToCommit',
    method: 'POST',
    path: '/api/notes/v1/tenants/{tenant}/forgetful',
    summary: 'A change that leaves no trace',
    permission: 'dataset:write',
    audit: 'note.forget',
    params: TenantParams,
    response: closed({})
  }),
  commitTwice: route({
    operationId: 'commitTwice',
    method: 'POST',
    path: '/api/notes/v1/tenants/{tenant}/twice',
    summary: 'Two changes in one call',
    permission: 'dataset:write',
    audit: 'note.twice',
    params: TenantParams,
    response: closed({})
  })
};

interface NoteRow {
  readonly id: string;
  readonly text: string;
}

async function insertNote(call: Call, text: string): Promise<NoteRow & Readonly<Record<string, unknown>>> {
  return call.commit(
    async tx => {
      const id = newId();
      await sql`insert into notes.note (id, tenant, text) values (${id}, ${call.tenant}, ${text})`.execute(tx);
      await appendEvent(tx, { name: 'dataset.changed.v1', tenant: call.tenant, urn: `urn:strata:${call.tenant}:dataset:${id}`, data: { id } });
      if (text === 'too much') throw new Problem('quota-exceeded', { limit: 1, used: 1, requested: 1 });
      if (text === 'broken') throw new Error('password=hunter2 was in the message');
      // The row as the database has it: more than the contract declares.
      return { id, text, secret: 'for nobody', pinned: { by: 'ann', at: 'night' } };
    },
    note => `urn:strata:${call.tenant}:dataset:${note.id}`
  );
}

/** The service as a value; its routes do on purpose what a service must not. */
export const notesService: Service<unknown, typeof notesRoutes> = defineService<unknown, typeof notesRoutes>({
  name: 'notes',
  routes: notesRoutes,
  migrations: new URL('./migrations/', import.meta.url),
  config: Type.Object({}),
  create: () => ({
    handlers: {
      createNote: (call, { body }) => insertNote(call, body.text),
      async listNotes(call, { query }) {
        const limit = query.limit ?? 50;
        const after = decodeCursor(query.cursor, 1);
        const { rows } = await call.read(tx => sql<NoteRow>`select * from notes.note where id > ${after?.[0] ?? ''} order by id limit ${limit + 1}`.execute(tx));
        return pageOf(rows, limit, { item: row => row, key: row => [row.id] });
      },
      async writeInRead(call) {
        await call.read(tx => sql`insert into notes.note (id, tenant, text) values (${newId()}, ${call.tenant}, 'sneaked in')`.execute(tx));
        return {};
      },
      forgetToCommit: async () => ({}),
      async commitTwice(call) {
        await insertNote(call, 'one');
        await insertNote(call, 'two');
        return {};
      }
    }
  })
});

export const mountedNotes: MountedService = mountService(notesService, {});
