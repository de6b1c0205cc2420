import { Problem } from '@stratalab/contracts';
import type { CheckResult } from '@stratalab/contracts/catalog';
import type { ReconcileContext, ReconcileResult } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { runState } from '../domain/checks.ts';
import { compileContract } from '../domain/contract.ts';
import { findContract, insertRun } from '../store/contract-store.ts';
import { lockDataset, setContractState } from '../store/dataset-store.ts';
import type { VersionRow } from '../store/tables.ts';
import { noteChange } from '../usecases/publish-version.ts';
import { runChecks } from '../usecases/run-checks.ts';

/** Checks the latest version against the contract of its dataset. */
export async function checkLatest(context: CatalogContext, step: ReconcileContext, version: VersionRow): Promise<ReconcileResult> {
  const { tenant, dataset } = version;
  const contract = await step.read(tx => findContract(tx, tenant, dataset));
  if (contract === undefined) return { isDone: true };
  const results = await resultsOf(context, version, { document: contract.document, signal: step.signal });
  await step.write(async tx => {
    const row = await lockDataset(tx, tenant, dataset);
    const current = await findContract(tx, tenant, dataset);
    // A contract that was changed meanwhile has woken us again: its own run decides.
    if (row?.latest_version !== version.version || current?.updated_at !== contract.updated_at) return;
    const run = await insertRun(tx, { tenant, dataset, version: version.version, state: runState(results), results });
    await setContractState(tx, { tenant, name: dataset, state: run.state });
    await noteChange(tx, { tenant, dataset, version: version.version });
  });
  return { requeueAfterMs: 0 };
}

async function resultsOf(context: CatalogContext, version: VersionRow, request: { readonly document: string; readonly signal: AbortSignal }): Promise<CheckResult[]> {
  const checks = compileContract(request.document, version.dataset);
  try {
    return await runChecks(context, version, { checks, signal: request.signal });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'timed-out') throw error;
    return checks.map(({ id, column, rule, severity }) => ({ id, column, rule, severity, state: 'error', actual: null, message: error.message }));
  }
}
