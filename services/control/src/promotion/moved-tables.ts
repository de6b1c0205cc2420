import { sharedTable, type TableFacts } from './table-facts.ts';

/** How the rows of one table travel. */
export interface MovedTable {
  readonly name: string;
  /** Columns that travel; the others are given by the receiver. */
  readonly columns: readonly string[];
  /** Columns that both sides count and must agree on. */
  readonly compared: readonly string[];
  /** Which column names the tenant. */
  readonly tenantColumn: string;
  /** Rows that travel, as a condition on `t`; all of the tenant when absent. */
  readonly where?: string;
  /** Columns with a path inside the tenant's folder: they travel relative to it. */
  readonly pathColumns: readonly string[];
  readonly order: readonly string[];
  /** The receiver numbers these rows anew and keeps which number was which. */
  readonly renumbered?: string;
  /** Column that holds such a number of another table. */
  readonly refersTo?: { readonly column: string; readonly table: string };
  /** A row that is there already is the receiver's own and stays. */
  readonly isKeptWhenThere: boolean;
}

interface Rule {
  readonly leftBehind?: string;
  readonly where?: string;
  readonly omitted?: readonly string[];
  readonly pathColumns?: readonly string[];
  readonly isKeptWhenThere?: boolean;
}

/**
 * What is special about a table; a table that is not named here moves whole. Reasons are shown in the documentation.
 * Conditions are SQL on `t`.
 */
export const promotionRules: Readonly<Record<string, Rule>> = {
  'control.place': { leftBehind: 'what was found on a cluster; the receiver looks for itself' },
  'control.promotion': { leftBehind: 'says what came from elsewhere' },
  'kernel.idempotency': { leftBehind: 'answers kept for 24 hours for callers of the old address' },
  'serving.replica': { leftBehind: 'processes of the old machine; deployments start their own' },
  // A workspace runs on the machine that is left; what is used follows from the reservations.
  'control.reservation': { where: "t.object_urn not like '%:workspace:%'" },
  'control.quota': { omitted: ['used', 'reserved'] },
  // History is in the tables it led to; only what somebody has not heard yet travels, and is numbered anew.
  'kernel.event': { where: 't.position is null or t.position > (select coalesce(min(s.position), 0) from kernel.subscription s)', omitted: ['position'] },
  'kernel.reconcile_item': { omitted: ['due_at', 'attempt', 'lease_owner', 'lease_until', 'fence', 'last_error'], isKeptWhenThere: true },
  // Profiles belong to the installation: those the receiver lacks are added, its own are left as they are.
  [sharedTable]: { omitted: ['is_default'], isKeptWhenThere: true },
  'serving.deployment': { pathColumns: ['folder'] }
};

/** The tables that travel, each after those it refers to. @throws Error for a table whose rows name no tenant */
export function movedTables(facts: readonly TableFacts[]): readonly MovedTable[] {
  const moved = facts.filter(({ name }) => promotionRules[name]?.leftBehind === undefined);
  return inOrder(moved).map(table => movedTable(table, moved));
}

/** The tenant itself, and what belongs to all of them. */
const withoutTenantColumn: Readonly<Record<string, string>> = { 'control.tenant': 'name', [sharedTable]: '' };

function movedTable(table: TableFacts, all: readonly TableFacts[]): MovedTable {
  const rule = promotionRules[table.name] ?? {};
  const tenantColumn = table.columns.includes('tenant') ? 'tenant' : withoutTenantColumn[table.name];
  if (tenantColumn === undefined) throw new Error(`Rows of ${table.name} name no tenant; say in promotionRules what becomes of them.`);
  const { identity } = table;
  const isReferredTo = identity !== null && all.some(other => other.foreignKeys.some(key => key.table === table.name && key.toColumns.includes(identity)));
  const reference = referenceToNumber(table, all);
  const columns = table.columns.filter(column => rule.omitted?.includes(column) !== true && (column !== identity || isReferredTo));
  return {
    name: table.name,
    tenantColumn,
    columns,
    compared: columns.filter(column => column !== identity && column !== reference?.column),
    pathColumns: rule.pathColumns ?? [],
    order: identity === null ? table.primaryKey : [identity],
    isKeptWhenThere: rule.isKeptWhenThere ?? false,
    ...(rule.where === undefined ? {} : { where: rule.where }),
    ...(isReferredTo ? { renumbered: identity } : {}),
    ...(reference === undefined ? {} : { refersTo: reference })
  };
}

function referenceToNumber(table: TableFacts, all: readonly TableFacts[]): { column: string; table: string } | undefined {
  for (const key of table.foreignKeys) {
    const target = all.find(other => other.name === key.table);
    const number = target?.identity ?? null;
    const at = number === null ? -1 : key.toColumns.indexOf(number);
    const column = key.columns[at];
    if (column !== undefined) return { column, table: key.table };
  }
  return undefined;
}

/** Each table after those it refers to; in the order of their names where nothing decides. @throws Error for a circle */
export function inOrder(tables: readonly TableFacts[]): readonly TableFacts[] {
  const ordered: TableFacts[] = [];
  let waiting = [...tables].sort((one, other) => (one.name < other.name ? -1 : 1));
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const free = waiting.filter(table => table.foreignKeys.every(key => key.table === table.name || !names.has(key.table)));
    if (free.length === 0) throw new Error(`These tables refer to each other in a circle: ${[...names].join(', ')}.`);
    ordered.push(...free);
    waiting = waiting.filter(table => !free.includes(table));
  }
  return ordered;
}
