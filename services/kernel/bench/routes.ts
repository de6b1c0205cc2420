import { createTestHost, compare, cpuMicrosPerCall, testActor } from '@stratalab/tooling';
import Fastify from 'fastify';
import pg from 'pg';
import { createInternalToken } from '../src/identity/internal-token.ts';
import { mountedNotes } from '../src/testing/notes.test-support.ts';

/** What a contract route costs: identity, permission, validation, a transaction under row-level security and response filtering, against a bare route on a bare query. */
const calls = 400;
const host = await createTestHost({ services: [mountedNotes] });
const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
const path = '/api/notes/v1/tenants/demo/notes';
for (let index = 0; index < 20; index++) await host.request(ann, 'POST', path, { text: `note ${index}` });

const pool = new pg.Pool({ connectionString: host.databaseUrl, max: 8 });
const bare = Fastify();
bare.route({
  method: 'GET',
  url: '/notes',
  handler: async () => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query("select set_config('app.tenant', 'demo', true)");
      const { rows } = await client.query('select id, text from notes.note order by id limit 51');
      await client.query('commit');
      return { items: rows, nextCursor: null };
    } finally {
      client.release();
    }
  }
});
await bare.ready();
const authorization = `Bearer ${createInternalToken(ann, host.internalKey, new Date())}`;

await compare({
  name: 'list of 20 rows through a contract route',
  unit: 'µs CPU',
  baselineName: 'bare Fastify route, same query in a transaction',
  ours: () => cpuMicrosPerCall(calls, () => host.host.app.inject({ method: 'GET', url: path, headers: { authorization } })),
  baseline: () => cpuMicrosPerCall(calls, () => bare.inject({ method: 'GET', url: '/notes' })),
  limit: 5
});
await compare({
  name: 'refusal of an unknown caller',
  unit: 'µs CPU',
  baselineName: 'bare Fastify 404',
  ours: () => cpuMicrosPerCall(calls, () => host.host.app.inject({ method: 'GET', url: path })),
  baseline: () => cpuMicrosPerCall(calls, () => bare.inject({ method: 'GET', url: '/nowhere' })),
  limit: 8
});
await pool.end();
await bare.close();
await host.close();
