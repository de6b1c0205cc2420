import type { Amount, QueueEntry, RunningEntry, SmallerAsk } from '@stratalab/contracts/compute';
import type { JobAsk } from '@stratalab/kernel';
import type { QueueRow } from './queue-row.ts';
import { nothing, plus, times, type Amounts } from './amounts.ts';
import { jobUrn } from './job-view.ts';
import { compare, type PlannedJob } from './queue.ts';

/** Bound of every list of a queue. */
export const mostShown = 200;
const mostNamed = 5;

/** It was handed to the cluster, whose own queue holds it back: it holds nothing there. */
export function isHeld(row: Pick<QueueRow, 'state' | 'wait_reason'>): boolean {
  return row.state === 'starting' && row.wait_reason !== null;
}

/** It waits in no queue: what it asked for is taken. */
export function holdsSlots(row: Pick<QueueRow, 'state' | 'wait_reason'>): boolean {
  return row.state !== 'queued' && !isHeld(row);
}

/** Jobs of a tenant that the cluster holds back, in the order of its queue: priority, then since when it has the attempt. */
export function heldInOrder(rows: readonly QueueRow[], tenant: string): readonly QueueRow[] {
  const held = rows.filter(row => row.tenant === tenant && isHeld(row));
  return held.sort((one, other) => other.priority - one.priority || compare(heldSince(one), heldSince(other)) || compare(one.id, other.id));
}

const heldSince = (row: QueueRow): string => row.handed_at ?? row.created_at;

interface Before {
  readonly own: number;
  readonly firstOwn: readonly string[];
  readonly others: number;
  readonly needs: Amounts;
}

/**
 * The waiting jobs of one tenant in their order, each with who is before it. What is told of other tenants is how many jobs and how much, never a name or an id.
 * @param plan the queue of all tenants, in its order
 */
export function waitingEntries(tenant: string, rows: readonly QueueRow[], plan: readonly PlannedJob[]): readonly QueueEntry[] {
  const byId = new Map(rows.map(row => [row.id, row]));
  const entries: QueueEntry[] = [];
  let before: Before = { own: 0, firstOwn: [], others: 0, needs: nothing };
  const pass = (name: string | undefined, needs: Amounts): void => {
    const isOwn = name !== undefined;
    const firstOwn = isOwn && before.firstOwn.length < mostNamed ? [...before.firstOwn, name] : before.firstOwn;
    before = { own: before.own + (isOwn ? 1 : 0), firstOwn, others: before.others + (isOwn ? 0 : 1), needs: plus(before.needs, needs) };
  };
  const held = heldInOrder(rows, tenant);
  held.forEach((row, index) => {
    const waits = { place: index + 1, isOnCluster: true, waitReason: row.wait_reason ?? '', wouldStartIf: null, smallerAsk: row.smaller_ask };
    entries.push({ ...common(row, before), ...waits });
    pass(row.name, needsOf(row));
  });
  for (const { job, place, reason, wouldStartIf, smallerAsk, needs } of plan) {
    const row = byId.get(job.id);
    const isOwn = row?.tenant === tenant;
    if (isOwn) {
      const waits = { place: place + held.length, isOnCluster: false, waitReason: reason === '' ? 'Starting now.' : reason, wouldStartIf, smallerAsk: askOf(smallerAsk) };
      entries.push({ ...common(row, before), ...waits });
    }
    pass(isOwn ? row.name : undefined, needs);
  }
  return entries;
}

export function runningEntries(tenant: string, rows: readonly QueueRow[]): readonly RunningEntry[] {
  const own = rows.filter(row => row.tenant === tenant && holdsSlots(row));
  return own.reverse().map(row => ({
    ...{ id: row.id, urn: jobUrn(row), name: row.name, createdBy: row.created_by, state: row.state, startedAt: row.started_at },
    ...{ processes: row.spec.processes, holds: holdsOf(row) }
  }));
}

export function askOf(ask: JobAsk | null): SmallerAsk | null {
  return ask === null ? null : { processes: ask.processes, resourcesPerProcess: { ...ask.perProcess } };
}

/** What a job takes in all while it starts and runs. */
export function holdsOf(row: { readonly cpu: number; readonly memory_mib: number; readonly gpu: number }): Amount {
  return { cpu: row.cpu, memoryMiB: row.memory_mib, gpu: row.gpu };
}

const needsOf = (row: QueueRow): Amounts => times(row.spec.resourcesPerProcess, row.spec.processes);

function common(row: QueueRow, ahead: Before) {
  return {
    ...{ id: row.id, urn: jobUrn(row), name: row.name, createdBy: row.created_by, createdAt: row.created_at, priority: row.priority },
    ...{ processes: row.spec.processes, resourcesPerProcess: { ...row.spec.resourcesPerProcess }, needs: needsOf(row) },
    ahead: { ...ahead, firstOwn: [...ahead.firstOwn], needs: { ...ahead.needs } }
  };
}
