import { usageMeters, type UsageRow } from '@stratalab/contracts/control';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql } from 'kysely';
import { tables } from './tables.ts';

export interface UsageEntryInput {
  readonly intervalId: string;
  readonly meter: string;
  readonly subject: string;
  readonly objectUrn: string;
  readonly amount: number;
  readonly from: string;
  readonly to: string;
}

/** Adds intervals; one that is known already is left as it is. */
export async function insertUsage(tx: Tx, tenant: string, entries: readonly UsageEntryInput[]): Promise<void> {
  await tables(tx)
    .insertInto('control.usage')
    .values(
      entries.map(entry => ({
        tenant,
        interval_id: entry.intervalId,
        meter: entry.meter,
        subject: entry.subject,
        object_urn: entry.objectUrn,
        amount: entry.amount,
        from_time: entry.from,
        to_time: entry.to
      }))
    )
    .onConflict(conflict => conflict.doNothing())
    .execute();
}

interface DayRow {
  readonly day: string;
  readonly meter: string;
  readonly subject: string;
  readonly object_urn: string;
  readonly amount: number;
}

/** Sums per day, meter, person and object, newest day first. */
export async function listUsagePage(
  tx: Tx,
  tenant: string,
  query: { cursor?: string | undefined; limit: number; from?: string | undefined; to?: string | undefined }
): Promise<{ items: UsageRow[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor, 4);
  const range = sql`from_time >= ${query.from ?? '1970-01-01'}::timestamptz and from_time < coalesce(${query.to ?? null}::date + 1, 'infinity')::timestamptz`;
  const rest =
    after === undefined
      ? sql`true`
      : sql`(-(extract(epoch from day::date)), meter, subject, object_urn) > (-(extract(epoch from ${String(after[0])}::date)), ${String(after[1])}, ${String(after[2])}, ${String(after[3])})`;
  const result = await sql<DayRow>`
    select * from (
      select to_char(from_time at time zone 'utc', 'YYYY-MM-DD') as day, meter, subject, object_urn, sum(amount) as amount
      from control.usage where tenant = ${tenant} and ${range} group by 1, 2, 3, 4) days
    where ${rest} order by day desc, meter, subject, object_urn limit ${query.limit + 1}`.execute(tx);
  return pageOf(result.rows, query.limit, {
    item: row => ({ day: row.day, meter: usageMeters.find(meter => meter === row.meter) ?? 'cpu-seconds', subject: row.subject, objectUrn: row.object_urn, amount: row.amount }),
    key: row => [row.day, row.meter, row.subject, row.object_urn]
  });
}
