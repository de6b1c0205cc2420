/** What an observer beside the platform saw: one entry for each change of an object of the cluster, in the order in which it was told. */
export interface Sighting {
  readonly kind: 'gang' | 'pod';
  readonly type: 'added' | 'modified' | 'deleted';
  readonly jobId: string;
  readonly uid: string;
  readonly name: string;
  /** Of the cluster, when the object became so. */
  readonly version: number;
  /** Phase of the pod or the gang. */
  readonly phase: string;
  /** Cores a pod asks for. */
  readonly cpu: number;
}

/** A job as the platform shows it when all is over. */
export interface EndedJob {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
}

/** P1: ids that were acknowledged and are not known any more, or never came to their end. */
export function lostJobs(acknowledged: readonly string[], jobs: readonly EndedJob[]): readonly string[] {
  const ended = new Set(jobs.flatMap(({ id, state }) => (state === 'succeeded' || state === 'failed' || state === 'cancelled' ? [id] : [])));
  return acknowledged.filter(id => !ended.has(id));
}

/** P2: jobs of which more than one gang, or a pod of one gang more than once, ever existed within `attempts` attempts. */
export function doubledJobs(sightings: readonly Sighting[], jobs: readonly EndedJob[]): readonly string[] {
  const attempts = new Map(jobs.map(({ id, attempt }) => [id, attempt]));
  const uids = new Map<string, Map<string, Set<string>>>();
  for (const { jobId, kind, name, uid } of sightings) {
    const names = uids.get(jobId) ?? new Map<string, Set<string>>();
    uids.set(jobId, names.set(`${kind} ${name}`, (names.get(`${kind} ${name}`) ?? new Set()).add(uid)));
  }
  return [...uids].flatMap(([jobId, names]) => {
    const gangs = [...names.keys()].filter(name => name.startsWith('gang ')).length;
    return gangs > (attempts.get(jobId) ?? 1) || [...names.values()].some(found => found.size > 1) ? [jobId] : [];
  });
}

/** P5: the most cores that pods held at one time, from the moment a pod ran to the moment it was over. */
export function mostCores(sightings: readonly Sighting[]): number {
  const running = new Map<string, number>();
  let most = 0;
  for (const { type, uid, phase, cpu } of asTheyHappened(sightings.filter(({ kind }) => kind === 'pod'))) {
    if (type !== 'deleted' && phase === 'Running') running.set(uid, cpu);
    else running.delete(uid);
    most = Math.max(
      most,
      [...running.values()].reduce((sum, cores) => sum + cores, 0)
    );
  }
  return most;
}

/**
 * What an observer that was cut off hears from a list comes in the order of names, not in that of what happened. A deletion is told with the state before it, so it
 * stays after all that was told before.
 */
function asTheyHappened(sightings: readonly Sighting[]): readonly Sighting[] {
  let newest = 0;
  const placed = sightings.map(sighting => {
    newest = Math.max(newest, sighting.version);
    return sighting.type === 'deleted' ? { ...sighting, version: newest } : sighting;
  });
  return placed.sort((one, other) => one.version - other.version);
}

/** P8: what is left of things that were only needed while a job ran. */
export function leftovers(found: {
  readonly secrets: readonly string[];
  readonly commands: readonly string[];
  readonly activePods: readonly string[];
  readonly reserved: number;
  readonly leases: readonly string[];
}): readonly string[] {
  return [
    ...found.secrets.map(name => `secret ${name}`),
    ...found.commands.map(name => `command ${name}`),
    ...found.activePods.map(name => `pod ${name}`),
    ...(found.reserved === 0 ? [] : [`${found.reserved} cores reserved`]),
    ...found.leases.map(name => `lease ${name}`)
  ];
}
