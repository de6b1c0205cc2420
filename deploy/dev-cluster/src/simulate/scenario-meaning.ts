import type { ScenarioProblem } from './read-scenario.ts';
import type { ScenarioAmounts, ScenarioDocument, Spread } from './scenario-schema.ts';

const mostJobs = 20_000;

/** What a scenario of the right form says wrongly: names that nobody has, two ways at once, jobs that fit on no node. */
export function meaningProblems(scenario: ScenarioDocument): readonly ScenarioProblem[] {
  const tenants = new Set(scenario.tenants.map(({ name }) => name));
  const pools = new Map(scenario.pools.map(pool => [pool.name, pool]));
  const problems: ScenarioProblem[] = [];
  const say = (path: readonly (string | number)[], message: string): void => void problems.push({ path, message });
  const known = (path: readonly (string | number)[], kind: 'tenant' | 'pool', name: string): void => {
    const names = kind === 'tenant' ? [...tenants] : [...pools.keys()];
    if (!names.includes(name)) say(path, `is '${name}', but the scenario has no such ${kind}; it has ${names.join(', ')}`);
  };
  for (const kind of ['tenants', 'pools'] as const) {
    const names = scenario[kind].map(({ name }) => name);
    names.forEach((name, index) => names.indexOf(name) < index && say([kind, index, 'name'], `is '${name}' a second time`));
  }
  scenario.arrivals.forEach((arrivals, index) => {
    const at = ['arrivals', index];
    known([...at, 'tenant'], 'tenant', arrivals.tenant);
    if (arrivals.pool !== undefined) known([...at, 'pool'], 'pool', arrivals.pool);
    if ((arrivals.perHour === undefined) === (arrivals.burst === undefined)) say(at, 'must say either perHour or burst');
    if (arrivals.burst !== undefined && arrivals.burst.atMinute > scenario.durationMinutes) say([...at, 'burst', 'atMinute'], 'is after the end of the scenario');
    for (const field of ['processes', 'minutes'] as const)
      if (isUpsideDown(arrivals[field])) say([...at, field], "goes from a larger number to a smaller one: swap 'from' and 'to'");
    if (Object.keys(arrivals.perProcess.mig ?? {}).length > 1) say([...at, 'perProcess', 'mig'], 'names two profiles; one process asks for slices of one');
    if (Object.keys(arrivals.perProcess.mig ?? {}).length === 1 && (arrivals.perProcess.gpu ?? 0) > 0)
      say([...at, 'perProcess'], 'asks for whole GPUs and slices; take one of the two');
    const candidates = arrivals.pool === undefined ? scenario.pools : scenario.pools.filter(({ name }) => name === arrivals.pool);
    if (candidates.length > 0 && !candidates.some(pool => fits(arrivals.perProcess, pool.perNode)))
      say([...at, 'perProcess'], 'fits on no node of the pools, so these jobs would wait for ever');
  });
  (scenario.failures ?? []).forEach((failure, index) => {
    const at = ['failures', index];
    if ((failure.nodeLost === undefined) === (failure.podEvicted === undefined)) say(at, 'must say either nodeLost or podEvicted');
    if (failure.podEvicted !== undefined) known([...at, 'podEvicted', 'tenant'], 'tenant', failure.podEvicted.tenant);
    if (failure.nodeLost === undefined) return;
    known([...at, 'nodeLost', 'pool'], 'pool', failure.nodeLost.pool);
    const nodes = pools.get(failure.nodeLost.pool)?.nodes;
    if (nodes !== undefined && (failure.nodeLost.nodes ?? 1) > nodes) say([...at, 'nodeLost', 'nodes'], `is more than the ${nodes} the pool has`);
  });
  (scenario.whatIf ?? []).forEach((change, index) => {
    for (const tenant of Object.keys(change.tenants)) known(['whatIf', index, 'tenants', tenant], 'tenant', tenant);
  });
  const jobs = scenario.arrivals.reduce((total, { perHour = 0, burst }) => total + (perHour * scenario.durationMinutes) / 60 + (burst?.jobs ?? 0), 0);
  if (jobs > mostJobs) say(['arrivals'], `make about ${Math.round(jobs)} jobs; at most ${mostJobs} can be simulated`);
  return problems;
}

function isUpsideDown(spread: Spread): boolean {
  return typeof spread !== 'number' && 'from' in spread && spread.from > spread.to;
}

function fits(asked: ScenarioAmounts, node: ScenarioAmounts): boolean {
  const slices = Object.entries(asked.mig ?? {}).every(([profile, wanted]) => wanted <= (node.mig?.[profile] ?? 0));
  return asked.cpu <= node.cpu && asked.memoryGiB <= node.memoryGiB && (asked.gpu ?? 0) <= (node.gpu ?? 0) && slices;
}
