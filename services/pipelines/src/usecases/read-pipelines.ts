import { Problem } from '@stratalab/contracts';
import type { DiffLine, Pipeline, PipelineRun, PipelineVersion, PipelineVersionSummary, RunLogLine } from '@stratalab/contracts/pipelines';
import type { Call, Tx } from '@stratalab/kernel';
import { diffLines } from '../domain/diff.ts';
import { readLog } from '../store/log-store.ts';
import { findPipelineRow, readPipeline, type PipelineRow } from '../store/pipeline-store.ts';
import { findRunRow, readRun, type RunRow } from '../store/run-store.ts';
import { findVersion, listVersionPage } from '../store/version-store.ts';

export async function getPipeline(call: Call, name: string, now: Date): Promise<Pipeline> {
  return call.read(async tx => readPipeline(tx, await demandPipeline(tx, call.tenant, name), now));
}

export async function listPipelineVersions(
  call: Call,
  request: { readonly name: string; readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: PipelineVersionSummary[]; nextCursor: string | null }> {
  return call.read(async tx => listVersionPage(tx, { ...request, pipelineId: (await demandPipeline(tx, call.tenant, request.name)).id }));
}

export async function getPipelineVersion(call: Call, name: string, version: number): Promise<PipelineVersion> {
  return call.read(async tx => demandVersion(tx, await demandPipeline(tx, call.tenant, name), version));
}

/** Lines that differ between two versions, with the equal ones between them. */
export async function comparePipelineVersions(call: Call, name: string, versions: { readonly from: number; readonly to: number }): Promise<{ lines: DiffLine[] }> {
  return call.read(async tx => {
    const row = await demandPipeline(tx, call.tenant, name);
    const from = await demandVersion(tx, row, versions.from);
    const to = await demandVersion(tx, row, versions.to);
    return { lines: diffLines(from.document, to.document) };
  });
}

export async function getRun(call: Call, id: string): Promise<PipelineRun> {
  return call.read(async tx => readRun(tx, await demandRun(tx, id)));
}

export async function getRunLog(
  call: Call,
  id: string,
  request: { readonly after: number; readonly step?: string | undefined; readonly limit: number }
): Promise<{ items: RunLogLine[] }> {
  return call.read(async tx => readLog(tx, (await demandRun(tx, id)).id, request));
}

/** @throws not-found */
export async function demandPipeline(tx: Tx, tenant: string, name: string): Promise<PipelineRow> {
  const row = await findPipelineRow(tx, tenant, name);
  if (row === undefined) throw new Problem('not-found', { detail: `There is no pipeline '${name}'.` });
  return row;
}

/** @throws not-found; row-level security hides runs of other tenants */
async function demandRun(tx: Tx, id: string): Promise<RunRow> {
  const row = await findRunRow(tx, id);
  if (row === undefined) throw new Problem('not-found', { detail: 'There is no such run.' });
  return row;
}

async function demandVersion(tx: Tx, row: PipelineRow, version: number): Promise<PipelineVersion> {
  const found = await findVersion(tx, row.id, version);
  if (found === undefined) throw new Problem('not-found', { detail: `'${row.name}' has no version ${version}.` });
  return found;
}
