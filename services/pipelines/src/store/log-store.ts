import type { RunLogLine } from '@stratalab/contracts/pipelines';
import type { Tx } from '@stratalab/kernel';
import { tables } from './tables.ts';

export interface NewLogLine {
  readonly tenant: string;
  readonly runId: string;
  readonly step?: string;
  readonly attempt?: number;
  readonly level?: 'info' | 'error';
  readonly text: string;
}

const longestText = 8_000;

export async function addLogLine(tx: Tx, line: NewLogLine): Promise<void> {
  await tables(tx)
    .insertInto('pipelines.run_log')
    .values({ tenant: line.tenant, run_id: line.runId, step: line.step ?? null, attempt: line.attempt ?? null, level: line.level ?? 'info', text: line.text.slice(0, longestText) })
    .execute();
}

export async function readLog(
  tx: Tx,
  runId: string,
  request: { readonly after: number; readonly step?: string | undefined; readonly limit: number }
): Promise<{ items: RunLogLine[] }> {
  let query = tables(tx).selectFrom('pipelines.run_log').selectAll().where('run_id', '=', runId).where('position', '>', request.after).orderBy('position').limit(request.limit);
  if (request.step !== undefined) query = query.where('step', '=', request.step);
  const rows = await query.execute();
  return { items: rows.map(row => ({ position: row.position, time: row.time, step: row.step, attempt: row.attempt, level: row.level, text: row.text })) };
}
