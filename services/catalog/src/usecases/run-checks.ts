import { Problem } from '@stratalab/contracts';
import type { CheckResult } from '@stratalab/contracts/catalog';
import type { CatalogContext } from '../context.ts';
import { resultOf, type CompiledCheck } from '../domain/checks.ts';
import type { VersionRow } from '../store/tables.ts';
import { queryRows } from './read-rows.ts';

const checkTimeoutMs = 60_000;

/** Runs every check over a version: the aggregates in one pass; one by one when that fails, to know which it was. */
export async function runChecks(
  context: CatalogContext,
  version: VersionRow,
  request: { readonly checks: readonly CompiledCheck[]; readonly signal: AbortSignal }
): Promise<CheckResult[]> {
  const { checks, signal } = request;
  const columns = new Set(version.columns.map(({ name }) => name));
  const isMissing = ({ column }: CompiledCheck): boolean => column !== null && !columns.has(column);
  const aggregates = checks.filter(check => !check.isQuery && !isMissing(check));
  const numbers = await runTogether(context, version, { checks: aggregates, signal });
  const results: CheckResult[] = [];
  for (const check of checks) {
    if (isMissing(check)) results.push({ ...resultOf(check, undefined, `There is no column ‘${check.column ?? ''}’.`), state: 'failed' });
    else results.push(numbers?.get(check.id) ?? (await runOne(context, version, { check, signal })));
  }
  return results;
}

async function runTogether(
  context: CatalogContext,
  version: VersionRow,
  request: { readonly checks: readonly CompiledCheck[]; readonly signal: AbortSignal }
): Promise<ReadonlyMap<string, CheckResult> | undefined> {
  const { checks, signal } = request;
  if (checks.length === 0) return new Map();
  try {
    const { rows } = await queryRows(context, version, { sql: `select ${checks.map(check => check.sql).join(', ')} from data`, signal, timeoutMs: checkTimeoutMs });
    return new Map(checks.map((check, index) => [check.id, resultOf(check, numberIn(rows[0]?.[index]))]));
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-input') return undefined;
    throw error;
  }
}

async function runOne(context: CatalogContext, version: VersionRow, request: { readonly check: CompiledCheck; readonly signal: AbortSignal }): Promise<CheckResult> {
  const { check, signal } = request;
  try {
    const { rows } = await queryRows(context, version, { sql: check.isQuery ? check.sql : `select ${check.sql} from data`, signal, timeoutMs: checkTimeoutMs, rowLimit: 1 });
    return resultOf(check, numberIn(rows[0]?.[0]));
  } catch (error) {
    if (error instanceof Problem && (error.code === 'invalid-input' || error.code === 'timed-out')) return resultOf(check, undefined, error.message.split('\n')[0]);
    throw error;
  }
}

function numberIn(value: unknown): number | undefined {
  const number = value === null || value === undefined ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}
