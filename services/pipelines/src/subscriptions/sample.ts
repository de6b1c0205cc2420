import { newId, type Subscription, type Tx } from '@stratalab/kernel';
import { parsePipelineDocument } from '../domain/document.ts';
import { planSteps } from '../domain/plan.ts';
import { deleteTenantRows, findUntouchedSamples, insertPipeline } from '../store/pipeline-store.ts';
import { findRunRow, insertRun } from '../store/run-store.ts';
import { notePipelineChange, noteRunChange, wakeRun } from '../usecases/note-change.ts';

const author = 'service:pipelines';

const document = `# Every step is one SELECT over datasets by their names.
# What it answers becomes a new version of its output, at once.
name: flights-per-carrier
description: Flights, delays and distance of each carrier from New York in 2013
schedule:
  cron: 0 6 * * MON
  timeZone: America/New_York
retries: { count: 2, backOffSeconds: 10 }
steps:
  - name: count-flights
    kind: sql
    description: One row per carrier, the busiest first
    sql: |
      select
        carrier,
        count(*) as flights,
        round(avg(dep_delay), 1) as mean_departure_delay_minutes,
        round(avg(arr_delay), 1) as mean_arrival_delay_minutes,
        sum(distance) as distance_miles
      from flights
      group by carrier
      order by flights desc
    output: flights_by_carrier
`;

/** Tables the sample reads; the parser of SQL is on the other side of a port and not called inside a transaction. */
const readTables = new Map([['count-flights', ['flights']]]);

/** Gives a sample tenant its pipeline and runs it once when its dataset is there; takes the rows of a deleted tenant away. */
export function createTenantSubscription(now: () => Date): Subscription {
  return {
    consumer: 'pipelines/tenants',
    events: ['tenant.created.v1', 'tenant.deleted.v1', 'dataset.version-ready.v1'],
    async handle(tx, event) {
      if (event.name === 'tenant.deleted.v1') return deleteTenantRows(tx, event.tenant);
      if (event.name === 'tenant.created.v1') return event.data['isSample'] === true ? addSample(tx, event.tenant, now()) : undefined;
      return runSamples(tx, event.tenant, String(event.data['dataset']));
    }
  };
}

async function addSample(tx: Tx, tenant: string, now: Date): Promise<void> {
  const { definition, placeOf } = parsePipelineDocument(document);
  if (definition === undefined) throw new Error('The sample document is not valid.');
  const { plan } = planSteps(definition, readTables, placeOf);
  if (plan === undefined) throw new Error('The sample document has no plan.');
  const row = await insertPipeline(tx, { id: newId(), tenant, isSample: true, document, definition, plan, note: 'Sample', createdBy: author, now });
  if (row !== undefined) await notePipelineChange(tx, row, { change: 'created' });
}

async function runSamples(tx: Tx, tenant: string, dataset: string): Promise<void> {
  for (const pipeline of await findUntouchedSamples(tx, tenant)) {
    if (!pipeline.plan.steps.some(step => step.inputs.some(input => input.name === dataset && !input.isProduced))) continue;
    const run = {
      id: newId(),
      tenant,
      pipelineId: pipeline.id,
      pipelineName: pipeline.name,
      version: pipeline.version,
      plan: pipeline.plan,
      trigger: 'sample' as const,
      createdBy: author
    };
    await insertRun(tx, run);
    const row = await findRunRow(tx, run.id);
    if (row !== undefined) await noteRunChange(tx, row);
    await wakeRun(tx, run);
  }
}
