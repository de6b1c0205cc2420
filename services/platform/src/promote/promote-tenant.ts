import { Problem } from '@stratalab/contracts';
import type { Promotion } from '@stratalab/contracts/control';
import { readSchemaSteps } from '@stratalab/control/promotion';
import type { Database } from '@stratalab/kernel';
import { readHubMembers } from './hub-members.ts';
import { claimPromotion, markPromoted, outgoingFolder } from './ledger.ts';
import { sampleLinks } from './local-tenants.ts';
import { gatherTenant, type Outgoing } from './outgoing.ts';
import { createProgress } from './progress.ts';
import { askReceived, patiently, sendFiles, type Sending } from './send-files.ts';
import type { Target } from './target.ts';

export interface PromotionParts {
  readonly database: Database;
  readonly data: string;
  /** What this side calls itself. */
  readonly source: string;
  readonly target: Target;
  readonly signal: AbortSignal;
  readonly patienceMs: number;
  readonly say: (line: string) => void;
}

export interface Verification {
  readonly promotion: Promotion;
  readonly members: number;
  readonly openedLinks: number;
  /** Links that do not open there, with the reason. */
  readonly brokenLinks: readonly { readonly urn: string; readonly problem: string }[];
}

/**
 * Moves one tenant: everything is written down, sent, and made the tenant there in one step; then its people follow and a sample of its links
 * is opened. Run again after any interruption, it goes on where it stopped; nothing here is changed but the note that it was promoted.
 */
export async function promoteTenant(parts: PromotionParts, tenant: string): Promise<Verification> {
  const entry = await claimPromotion(parts.data, tenant, parts.target.url);
  const params = { name: tenant };
  const quiet: Sending = { target: parts.target, tenant, signal: parts.signal, patienceMs: parts.patienceMs, onBytes: () => undefined };
  parts.say(`${tenant}: reading …`);
  const outgoing = await gatherTenant({ ...parts, tenant, folder: await outgoingFolder(parts.data, tenant) });
  if (outgoing.leftOut.length > 0) parts.say(`${tenant}: ${outgoing.leftOut.length} links or special files are left out (${outgoing.leftOut.slice(0, 3).join(', ')}).`);
  const begun = await begin(parts, { id: entry.id, tenant, outgoing });
  if (begun.state !== 'promoted') await send(parts, quiet, outgoing);
  parts.say(`${tenant}: checking and switching …`);
  // Also where it was done before: a crash there may have left what had arrived lying about.
  await patiently(parts, () => parts.target.control.finishPromotion({ params }));
  const members = readHubMembers(parts.data, tenant);
  for (const { user, role } of members) await patiently(parts, () => parts.target.control.setMember({ params: { tenant, user }, body: { role } }));
  const verification = await verify(parts, { tenant, outgoing, members: members.length });
  await markPromoted(parts.data, entry, verification.promotion.promotedAt ?? new Date().toISOString());
  return verification;
}

async function begin(parts: PromotionParts, { id, tenant, outgoing }: { id: string; tenant: string; outgoing: Outgoing }): Promise<Promotion> {
  const schema = await parts.database.asSystem('schema to promote', readSchemaSteps);
  const { sha256, sizeBytes } = outgoing.manifest;
  return patiently(parts, () =>
    parts.target.control.beginPromotion({
      params: { name: tenant },
      body: { id, source: parts.source, schema: [...schema], manifest: { sha256, sizeBytes }, fileCount: outgoing.fileCount, sizeBytes: outgoing.sizeBytes }
    })
  );
}

async function send(parts: PromotionParts, quiet: Sending, outgoing: Outgoing): Promise<void> {
  const all = [...outgoing.files, outgoing.manifest];
  const received = await askReceived(quiet, all);
  const alreadyBytes = all.reduce((sum, { sha256 }) => sum + (received.get(sha256)?.receivedBytes ?? 0), 0);
  const totalBytes = all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const progress = createProgress({ label: quiet.tenant, totalBytes, alreadyBytes, say: parts.say });
  await sendFiles({ ...quiet, onBytes: progress.add }, all);
  progress.done();
}

/** The receiver has checked every row and file against the manifest; here both counts are compared, and links are opened there. */
async function verify(parts: PromotionParts, { tenant, outgoing, members }: { tenant: string; outgoing: Outgoing; members: number }): Promise<Verification> {
  const promotion = await patiently(parts, () => parts.target.control.getPromotion({ params: { name: tenant } }));
  const arrived = promotion.tables.reduce((sum, { rows }) => sum + rows, 0);
  if (arrived !== outgoing.rows)
    throw new Problem('invalid-state', {
      detail: `${arrived} rows of '${tenant}' are at the target and ${outgoing.rows} here.`,
      hint: 'Was this data folder used after it was promoted? Nothing more is moved.'
    });
  const urns = await sampleLinks(parts.database, tenant);
  if (urns.length === 0) return { promotion, members, openedLinks: 0, brokenLinks: [] };
  const { items } = await patiently(parts, () => parts.target.control.openPromotedLinks({ params: { name: tenant }, body: { urns: [...urns] } }));
  const brokenLinks = items.flatMap(({ urn, problem }) => (problem === null ? [] : [{ urn, problem }]));
  return { promotion, members, openedLinks: items.length - brokenLinks.length, brokenLinks };
}
