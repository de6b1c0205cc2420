import type { DocumentProblem, PipelineDocument, PipelineStep, ValidatedStep } from '@stratalab/contracts/pipelines';
import { problem, type PlaceOf } from './document.ts';

/** A table a step reads. */
export interface PlannedInput {
  /** Name of the dataset. */
  readonly name: string;
  /** Table name in SQL. */
  readonly as: string;
  readonly version: string | null;
  /** The version that a step of the same run makes. */
  readonly isProduced: boolean;
}

/** A step with everything a run needs; kept with the version of the document. */
export interface PlannedStep {
  readonly name: string;
  readonly sql: string;
  readonly deps: readonly string[];
  readonly inputs: readonly PlannedInput[];
  readonly output: string;
  readonly description?: string;
  readonly maxAttempts: number;
  readonly backOffSeconds: number;
  readonly timeoutSeconds?: number;
  readonly memoryMiB?: number;
}

export interface Plan {
  /** In the order they run. */
  readonly steps: readonly PlannedStep[];
}

const defaultBackOffSeconds = 10;

/**
 * Orders the steps of a document. `tableNames` holds what the SQL of each step reads, by the name of the step.
 * Answers no plan when there is a problem: doubled names, unknown steps, steps that wait for each other.
 */
export function planSteps(
  definition: PipelineDocument,
  tableNames: ReadonlyMap<string, readonly string[]>,
  placeOf: PlaceOf
): { readonly plan: Plan | undefined; readonly problems: readonly DocumentProblem[] } {
  const problems: DocumentProblem[] = [];
  const report = (index: number, field: string, message: string): void => {
    problems.push(problem({ path: `steps/${index}/${field}`, message, step: definition.steps[index]?.name, place: placeOf(['steps', index, field]) }));
  };
  const producers = new Map<string, string>();
  const names = new Set<string>();
  definition.steps.forEach((step, index) => {
    if (names.has(step.name)) report(index, 'name', `Another step is called '${step.name}'.`);
    names.add(step.name);
    const other = producers.get(step.output);
    if (other !== undefined) report(index, 'output', `The step '${other}' already makes the dataset '${step.output}'.`);
    producers.set(step.output, step.name);
  });
  const steps = definition.steps.map((step, index) => {
    for (const dep of step.deps ?? []) if (!names.has(dep)) report(index, 'deps', `There is no step '${dep}'.`);
    const tables = new Set<string>();
    for (const input of step.inputs ?? []) {
      const table = (input.as ?? input.name).toLowerCase();
      if (tables.has(table)) report(index, 'inputs', `Two inputs are called '${input.as ?? input.name}' in SQL; give one another name with 'as'.`);
      tables.add(table);
    }
    return planStep(step, { tableNames: tableNames.get(step.name) ?? [], producers, definition });
  });
  if (problems.length > 0) return { plan: undefined, problems };
  const { ordered, cycle } = order(steps);
  if (cycle.length === 0) return { plan: { steps: ordered }, problems };
  const index = definition.steps.findIndex(({ name }) => name === cycle[0]);
  report(index, 'deps', `These steps wait for each other: ${[...cycle, cycle[0] ?? ''].join(' → ')}.`);
  return { plan: undefined, problems };
}

/** What a caller may see of a planned step. */
export function validatedStepOf(step: PlannedStep): ValidatedStep {
  return { name: step.name, deps: [...step.deps], inputs: step.inputs.map(input => ({ ...input })), output: step.output };
}

function planStep(
  step: PipelineStep,
  given: { readonly tableNames: readonly string[]; readonly producers: ReadonlyMap<string, string>; readonly definition: PipelineDocument }
): PlannedStep {
  const { producers, definition } = given;
  const isProduced = (name: string): boolean => {
    const producer = producers.get(name);
    return producer !== undefined && producer !== step.name;
  };
  const declared = (step.inputs ?? []).map(input => ({
    name: input.name,
    as: input.as ?? input.name,
    version: input.version ?? null,
    isProduced: input.version === undefined && isProduced(input.name)
  }));
  const known = new Set(declared.map(({ as }) => as.toLowerCase()));
  const found = given.tableNames.filter(name => !known.has(name.toLowerCase())).map(name => ({ name, as: name, version: null, isProduced: isProduced(name) }));
  const inputs = [...declared, ...found];
  const needed = inputs.flatMap(input => (input.isProduced ? [producers.get(input.name) ?? ''] : []));
  const retries = step.retries ?? definition.retries;
  const timeoutSeconds = step.timeoutSeconds ?? definition.timeoutSeconds;
  return {
    name: step.name,
    sql: step.sql,
    deps: [...new Set([...(step.deps ?? []), ...needed])],
    inputs,
    output: step.output,
    maxAttempts: (retries?.count ?? 0) + 1,
    backOffSeconds: retries?.backOffSeconds ?? defaultBackOffSeconds,
    ...(step.description === undefined ? {} : { description: step.description }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(step.memoryMiB === undefined ? {} : { memoryMiB: step.memoryMiB })
  };
}

/** Steps after what they depend on, otherwise as they were written; or one cycle. */
function order(steps: readonly PlannedStep[]): { readonly ordered: readonly PlannedStep[]; readonly cycle: readonly string[] } {
  const ordered: PlannedStep[] = [];
  const done = new Set<string>();
  for (;;) {
    const next = steps.find(step => !done.has(step.name) && step.deps.every(dep => done.has(dep)));
    if (next === undefined) break;
    ordered.push(next);
    done.add(next.name);
  }
  return { ordered, cycle: ordered.length === steps.length ? [] : findCycle(steps.filter(step => !done.has(step.name))) };
}

/** Every step left depends on another one that is left, so walking along dependencies comes round. */
function findCycle(left: readonly PlannedStep[]): readonly string[] {
  const byName = new Map(left.map(step => [step.name, step]));
  const path: string[] = [];
  let current = left[0];
  while (current !== undefined) {
    const at = path.indexOf(current.name);
    if (at >= 0) return path.slice(at);
    path.push(current.name);
    const next: string | undefined = current.deps.find(dep => byName.has(dep));
    current = next === undefined ? undefined : byName.get(next);
  }
  return path;
}
