import { Problem } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { serviceActor, type ServiceContext } from '@stratalab/kernel';
import type { PipelinesConfig } from '../config.ts';
import type { PlannedInput, PlannedStep } from '../domain/plan.ts';
import type { PipelinesPorts } from '../ports.ts';
import { runUrnOf, type RunRow } from '../store/run-store.ts';
import type { StepRow } from '../store/step-store.ts';
import { readDatasetTables, type DatasetTable } from './dataset-tables.ts';

export interface StepWork {
  readonly run: RunRow;
  readonly step: StepRow;
  readonly planned: PlannedStep;
  /** Versions made by the steps of this run that succeeded, by the name of the dataset. */
  readonly produced: ReadonlyMap<string, string>;
  readonly config: PipelinesConfig;
  readonly signal: AbortSignal;
  /** Called with what is read before the query starts. */
  readonly onInputs: (urns: readonly string[]) => Promise<void>;
  /** Called between the query and the publication. @throws when the step was taken over or its run cancelled meanwhile: then nothing is published */
  readonly demandClaim: () => Promise<void>;
}

export interface StepResult {
  readonly version: string;
  readonly urn: string;
  readonly rowCount: number;
  readonly durationMs: number;
}

const fileName = 'part-0.parquet';

/**
 * Runs the query of one step into a staging folder of this attempt and publishes that folder as a version of the output. May be begun again
 * after any interruption: an attempt writes only into its own folder, and the catalog publishes one version per run and step.
 */
export async function executeStep(context: ServiceContext<PipelinesPorts>, work: StepWork): Promise<StepResult> {
  const { run, step, planned, signal } = work;
  const { queryEngine, staging } = context.ports;
  if (step.staging_id === null) throw new Error('A claimed step has a staging folder.');
  const startedAt = context.clock.now().getTime();
  const tables = await readInputs(context, work);
  await work.onInputs(tables.map(({ urn }) => urn));
  const seconds = planned.timeoutSeconds ?? work.config.STRATALAB_STEP_SECONDS;
  const { rowCount } = await queryEngine.run({
    sql: planned.sql,
    tables: tables.map(({ table }) => table),
    limits: { memoryMiB: planned.memoryMiB ?? work.config.STRATALAB_QUERY_MEMORY_MIB, timeoutMs: seconds * 1000, rowLimit: 0, byteLimit: 0 },
    output: { folder: staging.folderOf(run.tenant, step.staging_id), fileName, format: 'parquet' },
    signal
  });
  await work.demandClaim();
  const catalog = context.clientFor(catalogRoutes, serviceActor('pipelines', run.tenant, run.created_by));
  const published = await catalog.publishOutput(
    {
      params: { tenant: run.tenant },
      body: {
        dataset: planned.output,
        producerUrn: runUrnOf(run),
        output: step.name,
        stagingId: step.staging_id,
        inputs: tables.map(({ urn }) => urn),
        ...(planned.description === undefined ? {} : { description: planned.description })
      }
    },
    { signal }
  );
  return { version: published.version, urn: published.urn, rowCount, durationMs: context.clock.now().getTime() - startedAt };
}

async function readInputs(context: ServiceContext<PipelinesPorts>, { run, planned, produced, signal }: StepWork): Promise<readonly DatasetTable[]> {
  const wanted = planned.inputs.map((input: PlannedInput) => {
    const version = input.isProduced ? produced.get(input.name) : input.version;
    if (version === undefined) throw new Problem('invalid-state', { detail: `The step that makes '${input.name}' has not succeeded in this run.` });
    return { name: input.name, as: input.as, version };
  });
  return readDatasetTables(context, { tenant: run.tenant, subject: run.created_by, signal }, wanted);
}
