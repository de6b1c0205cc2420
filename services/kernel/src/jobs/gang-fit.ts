import type { JobCapacity } from '../ports/job-runtime.ts';

/** Room in one place: on a node, or below a limit. `processes`: how many it takes whatever they ask for; null is no such limit. */
export interface Room extends JobCapacity {
  readonly processes: number | null;
}

/** A gang: equal processes that start together. */
export interface JobAsk {
  readonly processes: number;
  readonly perProcess: JobCapacity;
}

export interface GangSpace {
  /** What is free on each node that takes jobs. */
  readonly nodes: readonly Room[];
  /** What the limits of the tenant leave; amounts may be infinite. */
  readonly limit: Room;
  /** Memory a process takes beside what it asks for. */
  readonly overheadMiB: number;
}

const smallestCpu = 0.1;
const smallestMemoryMiB = 64;
const memoryStepMiB = 64;
const mostProcesses = 100_000;
const thousandths = (value: number): number => Math.round(value * 1000);

/** How many processes of this size a place takes; whole ones, exact in thousandths of a core. */
export function processesIn(each: JobCapacity, room: Room): number {
  const share = (free: number, wanted: number): number => (wanted <= 0 ? mostProcesses : Math.floor(free / wanted));
  const most = Math.min(
    share(thousandths(room.cpu), thousandths(each.cpu)),
    share(room.memoryMiB, each.memoryMiB),
    share(room.gpu, each.gpu),
    room.processes ?? mostProcesses,
    mostProcesses
  );
  return Math.max(0, most);
}

/** The largest gang of such processes that starts now: each process whole on one node, all of them within the limit. */
export function largestGang(each: JobCapacity, space: GangSpace): number {
  const real = { ...each, memoryMiB: each.memoryMiB + space.overheadMiB };
  const onNodes = space.nodes.reduce((sum, room) => sum + processesIn(real, room), 0);
  return Math.min(onNodes, processesIn(real, space.limit));
}

/**
 * The nearest smaller ask that starts now: fewer processes of the same size; where not even one fits, processes cut to what one node has. The ask itself when it
 * fits; undefined when nothing would start. Never more of anything than was asked for.
 */
export function smallerAsk(ask: JobAsk, space: GangSpace): JobAsk | undefined {
  const most = largestGang(ask.perProcess, space);
  if (most > 0) return { processes: Math.min(ask.processes, most), perProcess: ask.perProcess };
  const [best] = space.nodes
    .flatMap(node => cutTo(ask.perProcess, { node, space }))
    .sort((one, other) => other.gpu - one.gpu || shareOf(other, ask.perProcess) - shareOf(one, ask.perProcess));
  return best === undefined ? undefined : { processes: Math.min(ask.processes, largestGang(best, space)), perProcess: best };
}

/** One process cut to what is left on a node; nothing when even the smallest would not fit. */
function cutTo(each: JobCapacity, { node, space }: { readonly node: Room; readonly space: GangSpace }): readonly JobCapacity[] {
  const { limit, overheadMiB } = space;
  const cpu = Math.min(thousandths(each.cpu), ...[node, limit].map(room => Math.floor(thousandths(room.cpu) / 100) * 100)) / 1000;
  const memoryMiB = Math.min(each.memoryMiB, ...[node, limit].map(room => Math.floor((room.memoryMiB - overheadMiB) / memoryStepMiB) * memoryStepMiB));
  const gpu = Math.max(0, Math.min(each.gpu, Math.floor(node.gpu), Math.floor(limit.gpu)));
  const cut = { cpu, memoryMiB, gpu };
  if (cpu < smallestCpu || memoryMiB < smallestMemoryMiB) return [];
  return largestGang(cut, { ...space, nodes: [node] }) > 0 ? [cut] : [];
}

/** How much of the ask is left where it was cut most. */
function shareOf(cut: JobCapacity, each: JobCapacity): number {
  return Math.min(cut.cpu / each.cpu, cut.memoryMiB / each.memoryMiB);
}
