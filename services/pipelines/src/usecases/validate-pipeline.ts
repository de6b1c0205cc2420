import { Problem } from '@stratalab/contracts';
import type { DocumentProblem, Validation } from '@stratalab/contracts/pipelines';
import type { Call, ServiceContext } from '@stratalab/kernel';
import type { PipelinesConfig } from '../config.ts';
import { problem } from '../domain/document.ts';
import { validatedStepOf, type Plan } from '../domain/plan.ts';
import { previewQuery } from '../domain/preview-sql.ts';
import { nextSlots } from '../domain/schedule.ts';
import type { PipelinesPorts } from '../ports.ts';
import { findDatasetTable, type DatasetTable } from './dataset-tables.ts';
import { examineDocument, sqlProblem } from './examine-document.ts';

const shownSlots = 5;

/** Says everything that is wrong with a document, down to the columns its SQL names in the datasets as they are now. Changes nothing. */
export async function validatePipeline(
  context: ServiceContext<PipelinesPorts>,
  call: Call,
  input: { readonly document: string; readonly config: PipelinesConfig }
): Promise<Validation> {
  const now = context.clock.now();
  const { definition, plan, problems } = await examineDocument(context.ports.queryEngine, input.document, { now, signal: call.signal });
  const schedule = definition?.schedule;
  const found =
    plan === undefined || definition === undefined
      ? []
      : await checkAgainstData(context, call, { plan, config: input.config, indexOf: name => definition.steps.findIndex(step => step.name === name) });
  const all = [...problems, ...found];
  const hasGoodSchedule = schedule !== undefined && !problems.some(({ path }) => path.startsWith('schedule'));
  return {
    isValid: all.every(({ severity }) => severity !== 'error'),
    problems: all,
    definition: definition ?? null,
    steps: plan?.steps.map(validatedStepOf) ?? [],
    nextRuns: hasGoodSchedule ? [...nextSlots({ cron: schedule.cron, timeZone: schedule.timeZone ?? 'UTC' }, now, shownSlots)] : []
  };
}

interface Checked {
  readonly plan: Plan;
  readonly config: PipelinesConfig;
  readonly indexOf: (step: string) => number;
}

/** Steps behind a broken one are not checked: they could only repeat its problem. */
async function checkAgainstData(context: ServiceContext<PipelinesPorts>, call: Call, checked: Checked): Promise<DocumentProblem[]> {
  const problems: DocumentProblem[] = [];
  const broken = new Set<string>();
  const known = new Map<string, Promise<DatasetTable | Problem>>();
  const lookUp = (wanted: { name: string; as: string; version: string | null }): Promise<DatasetTable | Problem> => {
    const key = JSON.stringify([wanted.name, wanted.version, wanted.as]);
    const asked = known.get(key) ?? findDatasetTable(context, { tenant: call.tenant, subject: call.actor.subject, signal: call.signal }, wanted);
    known.set(key, asked);
    return asked;
  };
  for (const step of checked.plan.steps) {
    const path = `steps/${checked.indexOf(step.name)}/sql`;
    const query = previewQuery(checked.plan, step);
    const answers = await Promise.all(query.inputs.map(lookUp));
    const missing = answers.flatMap(answer => (answer instanceof Problem ? [answer] : []));
    const own = new Set(step.inputs.map(({ name }) => `dataset:${name}`));
    for (const item of missing) {
      if (own.has(item.details.errors?.[0]?.path ?? '')) problems.push(problem({ path, step: step.name, severity: 'warning', message: `${item.message} A run would fail now.` }));
    }
    if (missing.length > 0 || query.conflict !== undefined || step.deps.some(dep => broken.has(dep))) {
      broken.add(step.name);
      continue;
    }
    try {
      const { STRATALAB_QUERY_MEMORY_MIB: memoryMiB, STRATALAB_QUERY_SECONDS: seconds } = checked.config;
      const tables = answers.flatMap(answer => (answer instanceof Problem ? [] : [answer.table]));
      await context.ports.queryEngine.run({ sql: query.sql, tables, limits: { memoryMiB, timeoutMs: seconds * 1000, rowLimit: 0, byteLimit: 0 }, signal: call.signal });
    } catch (error) {
      broken.add(step.name);
      problems.push(sqlProblem(error, { path, step: step.name, linesBefore: query.linesBefore }));
    }
  }
  return problems;
}
