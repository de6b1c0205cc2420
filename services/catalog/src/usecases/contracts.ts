import { Problem } from '@stratalab/contracts';
import type { ContractRun, DatasetContract } from '@stratalab/contracts/catalog';
import { wake, type Call } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { runState } from '../domain/checks.ts';
import { compileContract } from '../domain/contract.ts';
import { datasetUrn } from '../domain/dataset.ts';
import { suggestContract as suggest } from '../domain/suggest-contract.ts';
import { findContract, insertRun, writeContract } from '../store/contract-store.ts';
import { lockDataset, setContractState } from '../store/dataset-store.ts';
import { tables } from '../store/tables.ts';
import { findVersion } from '../store/version-store.ts';
import { personOf, requireDataset, requireReady } from './find-version.ts';
import { noteChange, versionKind } from './publish-version.ts';
import { runChecks } from './run-checks.ts';

function contractOf(dataset: string, row: { readonly document: string; readonly updated_at: string; readonly updated_by: string }): DatasetContract {
  const checks = compileContract(row.document, dataset).map(({ id, column, rule, severity }) => ({ id, column, rule, severity }));
  return { document: row.document, checks, updatedAt: row.updated_at, updatedBy: row.updated_by };
}

/** @throws not-found when the dataset has no contract */
export async function getContract(call: Call, dataset: string): Promise<DatasetContract> {
  await requireDataset(call, dataset);
  const row = await call.read(tx => findContract(tx, call.tenant, dataset));
  if (row === undefined) throw new Problem('not-found', { detail: `The dataset ‘${dataset}’ has no contract.`, hint: 'Set one from its profile.' });
  return contractOf(dataset, row);
}

/** Sets the contract; the latest version is checked by the reconciler at once. @throws invalid-input naming every place that is wrong */
export async function setContract(call: Call, dataset: string, document: string): Promise<DatasetContract> {
  compileContract(document, dataset);
  return call.commit(
    async tx => {
      const row = await lockDataset(tx, call.tenant, dataset);
      if (row?.state !== 'active') throw new Problem('not-found', { detail: `There is no dataset ‘${dataset}’ here.` });
      const contract = await writeContract(tx, { tenant: call.tenant, dataset, document, subject: personOf(call) });
      await setContractState(tx, { tenant: call.tenant, name: dataset, state: 'pending' });
      const latest = await findVersion(tx, { tenant: call.tenant, dataset, version: 'latest' });
      if (latest !== undefined) await wake(tx, { kind: versionKind, objectId: latest.content_id, tenant: call.tenant });
      await noteChange(tx, { tenant: call.tenant, dataset, subject: personOf(call) });
      return contractOf(dataset, contract);
    },
    () => datasetUrn(call.tenant, dataset)
  );
}

/** Takes the contract away; idempotent. The results stay. */
export async function deleteContract(call: Call, dataset: string): Promise<void> {
  await requireDataset(call, dataset);
  await call.commit(
    async tx => {
      await tables(tx).deleteFrom('catalog.contract').where('tenant', '=', call.tenant).where('dataset', '=', dataset).execute();
      await setContractState(tx, { tenant: call.tenant, name: dataset, state: 'none' });
      await noteChange(tx, { tenant: call.tenant, dataset, subject: personOf(call) });
    },
    () => datasetUrn(call.tenant, dataset)
  );
}

/** Checks a version now. @throws not-found without a contract; invalid-state while it is prepared; timed-out */
export async function checkContract(context: CatalogContext, call: Call, request: { readonly dataset: string; readonly version: string }): Promise<ContractRun> {
  const { tenant } = call;
  const version = await requireReady(call, request.dataset, request.version);
  const contract = await call.read(tx => findContract(tx, tenant, request.dataset));
  if (contract === undefined) throw new Problem('not-found', { detail: `The dataset ‘${request.dataset}’ has no contract.`, hint: 'Set one from its profile.' });
  const results = await runChecks(context, version, { checks: compileContract(contract.document, request.dataset), signal: call.signal });
  return call.commit(
    async tx => {
      const run = await insertRun(tx, { tenant, dataset: version.dataset, version: version.version, state: runState(results), results });
      const row = await lockDataset(tx, tenant, version.dataset);
      if (row?.latest_version === version.version) await setContractState(tx, { tenant, name: version.dataset, state: run.state });
      await noteChange(tx, { tenant, dataset: version.dataset, subject: personOf(call), version: version.version });
      return run;
    },
    () => datasetUrn(tenant, version.dataset, version.version)
  );
}

/** An ODCS document with the checks the latest profile supports. @throws invalid-state while there is no profile */
export async function suggestContract(call: Call, dataset: string): Promise<{ document: string }> {
  const version = await requireReady(call, dataset, 'latest');
  if (version.profile === null) throw new Problem('invalid-state', { detail: 'The profile of the latest version is not there yet.', hint: 'Try again in a moment.' });
  return { document: suggest(dataset, { rowCount: version.row_count ?? 0, columns: version.profile.columns }) };
}
