import type { Database, Tx } from '@stratalab/kernel';
import { sql } from 'kysely';

export interface LocalTenant {
  readonly name: string;
  readonly displayName: string;
}

/** What is going on in a tenant while it is about to move. */
export interface Unfinished {
  readonly kind: string;
  readonly count: number;
  readonly examples: readonly string[];
  /** Processes of this machine cannot move; what only waits goes on at the target. */
  readonly isInTheWay: boolean;
  readonly becomes: string;
}

/** The tenants of this installation; a tenant that is being deleted is none any more. */
export async function readLocalTenants(database: Database): Promise<readonly LocalTenant[]> {
  return database.asSystem('list tenants to promote', async tx => {
    const { rows } = await sql<{ name: string; display_name: string }>`select name, display_name from control.tenant where state = 'active' order by name`.execute(tx);
    return rows.map(row => ({ name: row.name, displayName: row.display_name }));
  });
}

/** Work that is not finished, most important first. */
export async function readUnfinished(database: Database, tenant: string): Promise<readonly Unfinished[]> {
  return database.inTenant({ tenant, isReadOnly: true }, async tx => {
    const found = [
      {
        ...(await named(tx, sql`select name from compute.job where state in ('starting', 'running')`)),
        kind: 'running jobs',
        isInTheWay: true,
        becomes: 'finish or cancel them first'
      },
      { ...(await named(tx, sql`select name from compute.job where state = 'queued'`)), kind: 'queued jobs', isInTheWay: false, becomes: 'start at the target' },
      {
        ...(await named(tx, sql`select pipeline_name as name from pipelines.run where state in ('queued', 'running')`)),
        kind: 'unfinished pipeline runs',
        isInTheWay: false,
        becomes: 'go on at the target'
      },
      {
        ...(await named(tx, sql`select name from serving.deployment where not is_stopped and not is_deleted and wanted_replicas > 0`)),
        kind: 'deployments',
        isInTheWay: false,
        becomes: 'start again at the target, under the same names'
      },
      {
        ...(await named(tx, sql`select dataset as name from catalog.upload where state = 'open'`)),
        kind: 'open uploads',
        isInTheWay: false,
        becomes: 'can be continued at the target'
      }
    ];
    return found.filter(({ count }) => count > 0);
  });
}

const shownExamples = 3;

async function named(tx: Tx, query: ReturnType<typeof sql>): Promise<{ count: number; examples: readonly string[] }> {
  const { rows } = await sql<{ name: string }>`${query}`.execute(tx);
  return { count: rows.length, examples: rows.slice(0, shownExamples).map(({ name }) => name) };
}

/** Links of a tenant to try at the target: the newest objects of each kind, with their versions. */
export async function sampleLinks(database: Database, tenant: string): Promise<readonly string[]> {
  return database.inTenant({ tenant, isReadOnly: true }, async tx => {
    const { rows } = await sql<{ name: string }>`
      (select 'dataset:' || name as name from catalog.dataset where state = 'active' order by updated_at desc limit 20)
      union all (select 'dataset:' || dataset || '@' || version from catalog.version where state = 'ready' and is_published order by created_at desc limit 20)
      union all (select 'job:' || id from compute.job order by id desc limit 20)
      union all (select 'model:' || name from models.model order by updated_at desc limit 20)
      union all (select 'model:' || model || '@' || version from models.model_version order by created_at desc limit 20)
      union all (select 'experiment:' || id from models.experiment where not is_deleted order by updated_at desc limit 20)
      union all (select 'run:' || id from models.run where not is_deleted order by started_ms desc limit 20)
      union all (select 'pipeline:' || name from pipelines.pipeline order by updated_at desc limit 15)
      union all (select 'pipeline-run:' || id from pipelines.run order by id desc limit 15)
      union all (select 'deployment:' || name from serving.deployment where not is_deleted order by created_at desc limit 15)
      union all (select 'collection:' || name from agents.collection order by updated_at desc limit 15)`.execute(tx);
    return rows.map(({ name }) => `urn:strata:${tenant}:${name}`);
  });
}
