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

interface Kind {
  readonly kind: string;
  readonly table: string;
  /** SQL condition, and the column with a name for people. */
  readonly where: string;
  readonly shown: string;
  readonly isInTheWay: boolean;
  readonly becomes: string;
}

const kinds: readonly Kind[] = [
  { kind: 'running jobs', table: 'compute.job', where: "state in ('starting', 'running')", shown: 'name', isInTheWay: true, becomes: 'finish or cancel them first' },
  { kind: 'queued jobs', table: 'compute.job', where: "state = 'queued'", shown: 'name', isInTheWay: false, becomes: 'start at the target' },
  { kind: 'unfinished pipeline runs', table: 'pipelines.run', where: "state in ('queued', 'running')", shown: 'pipeline_name', isInTheWay: false, becomes: 'go on at the target' },
  {
    kind: 'deployments',
    table: 'serving.deployment',
    where: 'not is_stopped and not is_deleted and wanted_replicas > 0',
    shown: 'name',
    isInTheWay: false,
    becomes: 'start again at the target, under the same names'
  },
  { kind: 'open uploads', table: 'catalog.upload', where: "state = 'open'", shown: 'dataset', isInTheWay: false, becomes: 'can be continued at the target' }
];
const shownExamples = 3;

/** Work that is not finished, most important first. */
export async function readUnfinished(database: Database, tenant: string): Promise<readonly Unfinished[]> {
  return database.inTenant({ tenant, isReadOnly: true }, async tx => {
    const found: Unfinished[] = [];
    for (const { table, where, shown, ...about } of kinds) {
      const names = await readNames(tx, { table, shown, rest: `where ${where}` });
      if (names.length > 0) found.push({ ...about, count: names.length, examples: names.slice(0, shownExamples) });
    }
    return found;
  });
}

interface Linked {
  readonly table: string;
  /** SQL for what follows the tenant in a URN. */
  readonly shown: string;
  readonly rest: string;
}

const linked: readonly Linked[] = [
  { table: 'catalog.dataset', shown: "'dataset:' || name", rest: "where state = 'active' order by updated_at desc limit 20" },
  { table: 'catalog.version', shown: "'dataset:' || dataset || '@' || version", rest: "where state = 'ready' and is_published order by created_at desc limit 20" },
  { table: 'compute.job', shown: "'job:' || id", rest: 'order by id desc limit 20' },
  { table: 'models.model', shown: "'model:' || name", rest: 'order by updated_at desc limit 20' },
  { table: 'models.model_version', shown: "'model:' || model || '@' || version", rest: 'order by created_at desc limit 20' },
  { table: 'models.experiment', shown: "'experiment:' || id", rest: 'where not is_deleted order by updated_at desc limit 20' },
  { table: 'models.run', shown: "'run:' || id", rest: 'where not is_deleted order by started_ms desc limit 20' },
  { table: 'pipelines.pipeline', shown: "'pipeline:' || name", rest: 'order by updated_at desc limit 15' },
  { table: 'pipelines.run', shown: "'pipeline-run:' || id", rest: 'order by id desc limit 15' },
  { table: 'serving.deployment', shown: "'deployment:' || name", rest: 'where not is_deleted order by created_at desc limit 15' },
  { table: 'agents.collection', shown: "'collection:' || name", rest: 'order by updated_at desc limit 15' }
];

/** Links of a tenant to try at the target: the newest objects of each kind, with their versions. */
export async function sampleLinks(database: Database, tenant: string): Promise<readonly string[]> {
  return database.inTenant({ tenant, isReadOnly: true }, async tx => {
    const links: string[] = [];
    for (const kind of linked) links.push(...(await readNames(tx, kind)).map(name => `urn:strata:${tenant}:${name}`));
    return links;
  });
}

/** Every part of these statements is written above. None where the installation runs without that service. */
async function readNames(tx: Tx, { table, shown, rest }: Pick<Linked, 'table' | 'shown' | 'rest'>): Promise<readonly string[]> {
  const there = await sql<{ is_there: boolean }>`select to_regclass(${table}) is not null as is_there`.execute(tx);
  if (there.rows[0]?.is_there !== true) return [];
  const { rows } = await sql<{ name: string }>`select ${sql.raw(shown)} as name from ${sql.table(table)} ${sql.raw(rest)}`.execute(tx);
  return rows.map(({ name }) => name);
}
