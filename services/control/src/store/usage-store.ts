import { usageMeters, type UsageGrouping, type UsageRow, type UsageSum } from '@stratalab/contracts/control';
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

const groupColumns = {
  day: sql`to_char(from_time at time zone 'utc', 'YYYY-MM-DD')`,
  subject: sql`subject`,
  object: sql`object_urn`
} as const satisfies Record<UsageGrouping, unknown>;
const mostSums = 500;

/** Sums per meter by day (newest first), or by person or object (the largest first). */
export async function sumUsage(tx: Tx, tenant: string, query: { by: UsageGrouping; from?: string | undefined; to?: string | undefined }): Promise<UsageSum[]> {
  const order = query.by === 'day' ? sql`key desc, meter` : sql`amount desc, key, meter`;
  const result = await sql<{ readonly key: string; readonly meter: string; readonly amount: number }>`
    select ${groupColumns[query.by]} as key, meter, sum(amount) as amount from control.usage
    where tenant = ${tenant} and from_time >= ${query.from ?? '1970-01-01'}::timestamptz
      and from_time < coalesce(${query.to ?? null}::date + 1, 'infinity')::timestamptz
    group by 1, 2 order by ${order} limit ${mostSums}`.execute(tx);
  return result.rows.flatMap(row => {
    const meter = usageMeters.find(known => known === row.meter);
    return meter === undefined ? [] : [{ key: row.key, meter, amount: row.amount }];
  });
}
