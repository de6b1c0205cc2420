import { Problem } from '@stratalab/contracts';
import type { Promotion } from '@stratalab/contracts/control';
import { appendEvent, wake, type Call, type Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import type { PromotionFolder } from '../../ports.ts';
import { insertRows, prepareNumbers, recountQuotas } from '../../promotion/insert-rows.ts';
import { parseManifestLine, type FileEntry, type FolderEntry, type RowsEntry } from '../../promotion/manifest.ts';
import { movedTables, type MovedTable } from '../../promotion/moved-tables.ts';
import { countRows, prepareForRows } from '../../promotion/row-text.ts';
import { readTableFacts } from '../../promotion/table-facts.ts';
import { lockPromotion, markPromoted, promotionOf } from '../../store/promotion-store.ts';
import { wakePlace } from '../wake-place.ts';
import { promotionTarget, type PromotionParts } from './receive-promotion.ts';

const batchRows = 500;
const batchCharacters = 4 * 1024 * 1024;

interface Finish {
  readonly folder: PromotionFolder;
  readonly tenant: string;
  readonly manifest: string;
}

/**
 * Makes what arrived the tenant, in one transaction: rows, their check, and as the last thing before it commits the move of the folder.
 * A crash at any point leaves either nothing that anybody can see, or the whole tenant. Idempotent.
 * @throws invalid-state when something has not arrived; invalid-input when it is not what was announced; conflict for ids that exist here
 */
export async function finishPromotion({ folder, ports }: PromotionParts, call: Call, name: string): Promise<Promotion> {
  const done = await call.commit(
    async tx => {
      await prepareForRows(tx);
      const row = await lockPromotion(tx, name);
      if (row === undefined) throw new Problem('not-found', { detail: `Nobody promotes a tenant '${name}' to here.` });
      if (row.state === 'promoted') return promotionOf(row);
      const finish: Finish = { folder, tenant: name, manifest: row.manifest_sha256 };
      await folder.assemble(name, finish.manifest, filesOf(finish));
      const counted = await insideTenant(tx, name, () => writeRows(tx, finish));
      await announce(tx, call, name);
      await wakePlace(tx, ports, name);
      const promoted = promotionOf(await markPromoted(tx, name, counted));
      await folder.install(name, finish.manifest);
      return promoted;
    },
    () => promotionTarget(name)
  );
  await folder.drop(name);
  return done;
}

/** Runs `work` with the eyes of the tenant, so that row-level security refuses rows of any other. */
async function insideTenant<T>(tx: Tx, tenant: string, work: () => Promise<T>): Promise<T> {
  await sql`select set_config('app.tenant', ${tenant}, true)`.execute(tx);
  const result = await work();
  await sql`select set_config('app.tenant', '*', true)`.execute(tx);
  return result;
}

async function writeRows(tx: Tx, finish: Finish): Promise<readonly { name: string; rows: number }[]> {
  const tables = movedTables(await readTableFacts(tx));
  const announced = await announcedRows(finish, tables);
  await prepareNumbers(tx, tables);
  const counted: { name: string; rows: number }[] = [];
  for (const table of tables) {
    const entry = announced.get(table.name);
    if (entry === undefined) throw new Problem('invalid-input', { detail: `The manifest says nothing about ${table.name}.`, hint: 'Nothing was moved.' });
    await writeTable(tx, finish, table, entry);
    counted.push({ name: table.name, rows: entry.rows });
  }
  await recountQuotas(tx, finish.tenant);
  return counted;
}

async function writeTable(tx: Tx, { folder, tenant }: Finish, table: MovedTable, entry: RowsEntry): Promise<void> {
  const target = { tenant, folder: folder.tenantFolder(tenant) };
  if (entry.sizeBytes > 0) {
    let batch: string[] = [];
    let characters = 0;
    for await (const line of folder.lines(tenant, entry.sha256)) {
      batch.push(line);
      characters += line.length;
      if (batch.length < batchRows && characters < batchCharacters) continue;
      await insertRows(tx, table, target, batch);
      [batch, characters] = [[], 0];
    }
    await insertRows(tx, table, target, batch);
  }
  if (table.isKeptWhenThere) return;
  const found = await countRows(tx, table, tenant);
  if (found.rows !== entry.rows || found.digest !== entry.digest)
    throw new Problem('invalid-input', {
      detail: `${table.name} has ${found.rows} rows here and ${entry.rows} were announced, or their content differs.`,
      hint: 'Nothing was moved.'
    });
}

async function announcedRows({ folder, tenant, manifest }: Finish, tables: readonly MovedTable[]): Promise<ReadonlyMap<string, RowsEntry>> {
  const known = new Set(tables.map(({ name }) => name));
  const announced = new Map<string, RowsEntry>();
  for await (const line of folder.lines(tenant, manifest)) {
    const entry = parseManifestLine(line);
    if (entry.kind !== 'rows') continue;
    if (!known.has(entry.table) || announced.has(entry.table))
      throw new Problem('invalid-input', { detail: `The manifest names the table '${entry.table}'.`, hint: 'Nothing was moved.' });
    announced.set(entry.table, entry);
  }
  return announced;
}

async function* filesOf({ folder, tenant, manifest }: Finish): AsyncGenerator<FileEntry | FolderEntry> {
  for await (const line of folder.lines(tenant, manifest)) {
    const entry = parseManifestLine(line);
    if (entry.kind !== 'rows') yield entry;
  }
}

/** Services hear of a tenant that is no fresh sample: it brings what it has. */
async function announce(tx: Tx, call: Call, tenant: string): Promise<void> {
  await appendEvent(tx, { name: 'tenant.created.v1', tenant, subject: call.actor.subject, urn: promotionTarget(tenant), data: { isPromoted: true } });
  await wake(tx, { kind: 'tenant', objectId: tenant, tenant });
}
