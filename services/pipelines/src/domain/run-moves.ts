import type { RunState, StepState } from '@stratalab/contracts/pipelines';

/** What deciding about a step takes. */
export interface StepFacts {
  readonly name: string;
  readonly state: StepState;
  readonly deps: readonly string[];
  readonly retryAtMs: number | undefined;
  /** Running, but nobody has said so for too long: its process is gone. */
  readonly isAbandoned: boolean;
}

export interface RunMoves {
  /** Steps to begin (or begin again) now. */
  readonly start: readonly string[];
  /** Steps that will never run because one before them failed. */
  readonly skip: readonly string[];
  /** Set when nothing is left to do. */
  readonly end: Extract<RunState, 'succeeded' | 'failed'> | undefined;
  /** When to look again, if nobody wakes us before. */
  readonly nextMs: number | undefined;
}

/** Steps of one run at once. */
const parallelSteps = 2;

/** Decides what a running run does next, from the states of its steps alone. */
export function movesOf(steps: readonly StepFacts[], nowMs: number): RunMoves {
  const states = new Map<string, StepState>(steps.map(step => [step.name, step.state]));
  const skip: string[] = [];
  for (const step of steps) {
    const isBlocked = step.deps.some(dep => ['failed', 'skipped', 'cancelled'].includes(states.get(dep) ?? ''));
    if (step.state !== 'waiting' || !isBlocked) continue;
    skip.push(step.name);
    states.set(step.name, 'skipped');
  }
  const abandoned = steps.filter(step => step.state === 'running' && step.isAbandoned);
  const alive = steps.filter(step => step.state === 'running' && !step.isAbandoned);
  const ready = steps.filter(step => states.get(step.name) === 'waiting' && step.deps.every(dep => states.get(dep) === 'succeeded'));
  const due = ready.filter(step => step.retryAtMs === undefined || step.retryAtMs <= nowMs);
  const start = [...abandoned, ...due].slice(0, Math.max(0, parallelSteps - alive.length)).map(({ name }) => name);
  const isOver = [...states.values()].every(state => state !== 'waiting' && state !== 'running');
  const waits = ready.flatMap(step => (step.retryAtMs === undefined || step.retryAtMs <= nowMs ? [] : [step.retryAtMs - nowMs]));
  return {
    start,
    skip,
    end: isOver ? ([...states.values()].every(state => state === 'succeeded') ? 'succeeded' : 'failed') : undefined,
    nextMs: waits.length === 0 ? undefined : Math.min(...waits)
  };
}

/** Pause before the next attempt after `failures` failed ones, in ms: doubles each time, at most one hour. */
export function retryPauseMs(backOffSeconds: number, failures: number): number {
  return Math.min(backOffSeconds * 2 ** Math.max(0, failures - 1), 3600) * 1000;
}
