import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { Problem } from '@stratalab/contracts';
import { createPostgresDatabase } from '@stratalab/database-postgres';
import { createLogger } from '@stratalab/kernel';
import type { Environment } from '../config.ts';
import { dropOutgoing, forgetPromotion, readLedger } from '../promote/ledger.ts';
import { readLocalTenants, type LocalTenant } from '../promote/local-tenants.ts';
import { describePlan, makePlan, type Plan } from '../promote/plan.ts';
import { promoteTenant, type PromotionParts, type Verification } from '../promote/promote-tenant.ts';
import { createTarget, type Target } from '../promote/target.ts';
import { claimDataFolder } from '../supervisor/claim.ts';
import { checkDataFolder, readVersion } from '../supervisor/data-folder.ts';
import type { Layout } from '../supervisor/layout.ts';
import { openDatabase } from '../supervisor/platform-database.ts';

export interface PromoteOptions {
  readonly to: string | undefined;
  readonly tenants: readonly string[];
  readonly tokenFile: string | undefined;
  readonly isDryRun: boolean;
  readonly isAbandoned: boolean;
  readonly isHttpAllowed: boolean;
}

const patienceMs = 5 * 60_000;

/**
 * Moves tenants of this data folder to another installation, with every id and link; this folder stays as it is and remembers it.
 * Interrupted anywhere, the same command goes on. Exit status 1 when something stands in the way or a link does not open there.
 * @throws in-use while the platform of this folder runs; invalid-request without an address or credential
 */
export async function promote(layout: Layout, options: PromoteOptions, environment: Environment): Promise<number> {
  const credential = options.tokenFile === undefined ? environment['STRATALAB_PROMOTE_TOKEN'] : (await readFile(options.tokenFile, 'utf8')).trim();
  const target = createTarget({ to: options.to, credential, isHttpAllowed: options.isHttpAllowed });
  if ((await readVersion(layout)) === undefined)
    throw new Problem('not-found', { detail: `There is no installation in ${layout.data}.`, hint: 'Say where it is with STRATALAB_DATA.' });
  await checkDataFolder(layout);
  const release = await claimDataFolder(layout);
  try {
    if (options.isAbandoned) return await abandon(layout, options, target);
    const opened = await openDatabase(layout, environment['DATABASE_URL'], say);
    const database = createPostgresDatabase({ url: opened.url, logger: createLogger({ level: 'error', service: 'promote' }), poolSize: 2 });
    try {
      const parts = { database, target, say, patienceMs, data: layout.data, source: `${hostname()}:${layout.data}`.slice(-200), signal: interrupted() };
      return await promoteAll(parts, await wantedTenants(parts, options.tenants), options.isDryRun);
    } finally {
      await database.close();
      await opened.close();
    }
  } finally {
    await release();
  }
}

async function promoteAll(parts: PromotionParts, tenants: readonly LocalTenant[], isDryRun: boolean): Promise<number> {
  const plan = await makePlan({ ...parts, ledger: await readLedger(parts.data) }, tenants);
  process.stdout.write(describePlan(plan, parts.target.url));
  if (!isPossible(plan)) {
    process.stdout.write('Nothing was moved.\n');
    return 1;
  }
  if (isDryRun) {
    process.stdout.write('This was a dry run: nothing was moved.\n');
    return 0;
  }
  let isWell = true;
  for (const { tenant, isPromoted } of plan.tenants) {
    if (isPromoted) {
      process.stdout.write(`${tenant.name} was promoted to ${parts.target.url} before; it is not moved again.\n`);
      continue;
    }
    const verification = await promoteTenant(parts, tenant.name);
    process.stdout.write(describeOutcome(tenant.name, verification, parts.target.url));
    isWell &&= verification.brokenLinks.length === 0;
  }
  await dropOutgoing(parts.data);
  return isWell ? 0 : 1;
}

function isPossible(plan: Plan): boolean {
  return plan.obstacles.length === 0 && plan.tenants.every(({ obstacles }) => obstacles.length === 0);
}

function describeOutcome(tenant: string, { promotion, members, openedLinks, brokenLinks }: Verification, url: string): string {
  const rows = promotion.tables.reduce((sum, table) => sum + table.rows, 0);
  return [
    `${tenant} is at ${url}: ${rows} rows and ${promotion.fileCount} files, each checked; ${members} ${members === 1 ? 'member' : 'members'}; ${openedLinks} links opened there.`,
    ...brokenLinks.map(({ urn, problem }) => `  ✗ ${urn} does not open there: ${problem}`),
    ''
  ].join('\n');
}

async function wantedTenants(parts: PromotionParts, names: readonly string[]): Promise<readonly LocalTenant[]> {
  const all = await readLocalTenants(parts.database);
  const unknown = names.find(name => !all.some(tenant => tenant.name === name));
  if (unknown !== undefined) throw new Problem('not-found', { detail: `There is no tenant '${unknown}' here.`, hint: `There are: ${all.map(({ name }) => name).join(', ')}` });
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

/** Takes an interrupted promotion back: what arrived there is dropped, and the next one begins anew. */
async function abandon(layout: Layout, options: PromoteOptions, target: Target): Promise<number> {
  const going = (await readLedger(layout.data)).filter(
    entry => entry.to === target.url && entry.promotedAt === null && (options.tenants.length === 0 || options.tenants.includes(entry.tenant))
  );
  for (const { tenant } of going) {
    await target.control.abandonPromotion({ params: { name: tenant } });
    await forgetPromotion(layout.data, tenant, target.url);
    process.stdout.write(`The promotion of ${tenant} is given up; what had arrived there was dropped.\n`);
  }
  if (going.length === 0) process.stdout.write('No promotion to there is under way.\n');
  await dropOutgoing(layout.data);
  return 0;
}

/** Ctrl-C ends between two pieces; the next run goes on. */
function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stop.abort(new Problem('timed-out', { detail: 'Interrupted.', hint: 'Run the same command again; it goes on where it stopped.' })));
  return stop.signal;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
