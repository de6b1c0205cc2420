import { Problem } from '@stratalab/contracts';
import type { DocumentProblem, PipelineDocument } from '@stratalab/contracts/pipelines';
import type { QueryEngine } from '@stratalab/kernel';
import { parsePipelineDocument, problem, type PlaceOf } from '../domain/document.ts';
import { planSteps, type Plan } from '../domain/plan.ts';
import { problemOfSchedule } from '../domain/schedule.ts';

export interface Examination {
  readonly definition: PipelineDocument | undefined;
  /** Undefined while there is an error. */
  readonly plan: Plan | undefined;
  readonly problems: readonly DocumentProblem[];
  readonly placeOf: PlaceOf;
}

/** Everything that can be said about a document without looking at data: form, schedule, SQL that parses, order of steps. */
export async function examineDocument(engine: QueryEngine, text: string, given: { readonly now: Date; readonly signal: AbortSignal }): Promise<Examination> {
  const { definition, problems: formProblems, placeOf } = parsePipelineDocument(text);
  if (definition === undefined) return { definition, plan: undefined, problems: formProblems, placeOf };
  const problems: DocumentProblem[] = [];
  const { schedule } = definition;
  const wrong = schedule === undefined ? undefined : problemOfSchedule({ cron: schedule.cron, timeZone: schedule.timeZone ?? 'UTC' }, given.now);
  if (wrong !== undefined) problems.push(problem({ path: 'schedule', message: wrong, place: placeOf(['schedule']) }));
  const tableNames = new Map<string, readonly string[]>();
  await Promise.all(
    definition.steps.map(async (step, index) => {
      try {
        tableNames.set(step.name, (await engine.inspect({ sql: step.sql, signal: given.signal })).tableNames);
      } catch (error) {
        problems.push(sqlProblem(error, { path: `steps/${index}/sql`, step: step.name, linesBefore: 0 }));
      }
    })
  );
  const { plan, problems: planProblems } = planSteps(definition, tableNames, placeOf);
  problems.push(...planProblems);
  return { definition, plan: problems.length === 0 ? plan : undefined, problems: problems.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true })), placeOf };
}

/**
 * The problem of a query as a finding about a step; its line is one of the step's SQL.
 * @throws the error again when it is not about the query
 */
export function sqlProblem(error: unknown, given: { readonly path: string; readonly step: string; readonly linesBefore: number }): DocumentProblem {
  if (!(error instanceof Problem) || error.code !== 'invalid-input') throw error;
  const [first] = error.details.errors ?? [];
  const match = /^sql:(\d+):(\d+)$/.exec(first?.path ?? '');
  const line = Number(match?.[1]) - given.linesBefore;
  const place = match === null || line < 1 ? undefined : { line, column: Number(match[2]) };
  return problem({ path: given.path, step: given.step, message: first?.message ?? error.message, place });
}

/**
 * The document of a request that will be kept or run.
 * @throws invalid-input with one row per problem
 */
export async function demandSound(
  engine: QueryEngine,
  text: string,
  given: { readonly now: Date; readonly signal: AbortSignal }
): Promise<{ readonly definition: PipelineDocument; readonly plan: Plan }> {
  const { definition, plan, problems } = await examineDocument(engine, text, given);
  if (definition !== undefined && plan !== undefined) return { definition, plan };
  const [first] = problems;
  throw new Problem('invalid-input', {
    detail: problems.length === 1 ? describe(first) : `The document has ${problems.length} problems; the first: ${describe(first)}`,
    hint: 'Validate the document to see every problem with its place.',
    errors: problems.map(item => ({ path: item.path, message: describe(item) }))
  });
}

function describe(item: DocumentProblem | undefined): string {
  if (item === undefined) return 'The document is not valid.';
  const where = item.line === null ? '' : ` (line ${item.line})`;
  return `${item.step === null ? '' : `Step '${item.step}': `}${item.message}${where}`;
}
