import { callsPerSecond, compare, createTestHost } from '@stratalab/tooling';
import pg from 'pg';
import { appendEvent } from '../src/events/append-event.ts';
import { newId } from '../src/id.ts';

/** How many facts per second the log takes, each in a transaction of its own, against bare inserts of the same row. */
const host = await createTestHost({ services: [] });
const pool = new pg.Pool({ connectionString: host.databaseUrl, max: 8 });

for (const writers of [1, 8]) {
  const count = writers * 150;
  await compare({
    name: `events appended, ${writers} ${writers === 1 ? 'writer' : 'writers'}`,
    unit: 'per s',
    baselineName: 'bare insert and commit',
    ours: () =>
      callsPerSecond(count, writers, () =>
        host.database.inTenant({ tenant: 'demo' }, tx => appendEvent(tx, { name: 'job.changed.v1', tenant: 'demo', urn: 'urn:strata:demo:job:x', data: { state: 'running' } }))
      ),
    baseline: () =>
      callsPerSecond(count, writers, async () => {
        const client = await pool.connect();
        try {
          await client.query('begin');
          await client.query("select set_config('app.tenant', 'demo', true)");
          await client.query('insert into kernel.event (id, name, tenant, urn, data) values ($1, $2, $3, $4, $5)', [
            newId(),
            'job.changed.v1',
            'demo',
            'urn:strata:demo:job:x',
            '{"state":"running"}'
          ]);
          await client.query('commit');
        } finally {
          client.release();
        }
      }),
    limit: 0.4
  });
}
await pool.end();
await host.close();
