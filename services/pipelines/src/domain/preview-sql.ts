import type { Plan, PlannedInput, PlannedStep } from './plan.ts';

export interface PreviewQuery {
  readonly sql: string;
  /** Tables that must be given as files. */
  readonly inputs: readonly PlannedInput[];
  /** Lines before the step's own first line. */
  readonly linesBefore: number;
  /** A table name that two steps use for different versions, so that one query cannot hold both. */
  readonly conflict: string | undefined;
}

/**
 * One query that computes a step together with the steps it reads from, so that rows can be shown before anything was published:
 * `with "<output>" as (<sql of the step before>) select * from (<sql>)`.
 */
export function previewQuery(plan: Plan, step: PlannedStep): PreviewQuery {
  const before = stepsBefore(plan, step);
  const inputs = new Map<string, PlannedInput>();
  let conflict: string | undefined;
  for (const input of [...before, step].flatMap(({ inputs: all }) => all).filter(({ isProduced }) => !isProduced)) {
    const key = input.as.toLowerCase();
    const known = inputs.get(key);
    if (known !== undefined && (known.name !== input.name || known.version !== input.version)) conflict = input.as;
    inputs.set(key, input);
  }
  const renamed = [...before, step].flatMap(({ inputs: all }) => all).filter(input => input.isProduced && input.as !== input.name);
  const tables = before.flatMap(({ output, sql }) => [
    { name: output, sql: withoutEnd(sql) },
    ...new Map(renamed.filter(({ name }) => name === output).map(({ as }) => [as, { name: as, sql: `from ${quoted(output)}` }])).values()
  ]);
  if (tables.length === 0) return { sql: step.sql, inputs: [...inputs.values()], linesBefore: 0, conflict };
  const head = `with ${tables.map(({ name, sql }) => `${quoted(name)} as (\n${sql}\n)`).join(', ')}\nselect * from (\n`;
  return { sql: `${head}${withoutEnd(step.sql)}\n)`, inputs: [...inputs.values()], linesBefore: head.split('\n').length - 1, conflict };
}

/** In the order they run. */
function stepsBefore(plan: Plan, step: PlannedStep): readonly PlannedStep[] {
  const producers = new Map(plan.steps.map(candidate => [candidate.output, candidate]));
  const wanted = new Set<string>();
  const visit = (current: PlannedStep): void => {
    for (const input of current.inputs) {
      const producer = input.isProduced ? producers.get(input.name) : undefined;
      if (producer === undefined || wanted.has(producer.name)) continue;
      wanted.add(producer.name);
      visit(producer);
    }
  };
  visit(step);
  return plan.steps.filter(({ name }) => wanted.has(name));
}

function withoutEnd(sql: string): string {
  return sql.replace(/;\s*$/, '');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
