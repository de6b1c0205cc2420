import { formatUrn, Problem, type BodyOf } from '@stratalab/contracts';
import { promotionPieceBytes, type controlRoutes, type Promotion } from '@stratalab/contracts/control';
import type { Call, Tx } from '@stratalab/kernel';
import type { ControlPorts, PromotionFolder } from '../../ports.ts';
import { dropPromotion, findPromotion, findRemains, lockPromotion, promotionOf, savePromotion, type PromotionRow } from '../../store/promotion-store.ts';
import { findTenant } from '../../store/tenant-store.ts';
import { compareSchemas } from './plan-promotion.ts';

export const promotionTarget = (tenant: string): string => formatUrn({ tenant, kind: 'tenant', name: tenant });

/** Where a tenant arrives. */
export interface PromotionParts {
  readonly folder: PromotionFolder;
  readonly ports: ControlPorts;
}

/**
 * Begins to receive a tenant, or goes on with what has arrived; idempotent by the promotion's id.
 * @throws invalid-request for a name that the cluster cannot take; already-exists when there is such a tenant; conflict for another promotion of it; invalid-state for another schema; storage-full
 */
export async function beginPromotion({ folder, ports }: PromotionParts, call: Call, name: string, body: BodyOf<typeof controlRoutes.beginPromotion>): Promise<Promotion> {
  const longest = ports.places?.longestName;
  if (longest !== undefined && name.length > longest)
    throw new Problem('invalid-request', { detail: `'${name}' is too long for a namespace of the cluster there; at most ${longest} characters fit.` });
  const freeBytes = await folder.freeBytes();
  return call.commit(
    async tx => {
      const before = await lockPromotion(tx, name);
      if (before !== undefined && before.id !== body.id) throw otherPromotion(before);
      if (before?.state === 'promoted') return promotionOf(before);
      if (before === undefined && (await folder.hasFiles(name))) throw new Problem('conflict', { detail: `Files of an earlier tenant '${name}' are still here.` });
      // What a crash left installed belongs to the manifest it was made from.
      if (before !== undefined && before.manifest_sha256 !== body.manifest.sha256) await folder.withdraw(name);
      await assertReceivable(tx, { name, schema: body.schema, isNew: before === undefined });
      if (before === undefined && body.sizeBytes > freeBytes)
        throw new Problem('storage-full', {
          detail: `${body.sizeBytes} bytes would come and ${freeBytes} are free on the data volume.`,
          hint: 'Enlarge the data volume, then go on.'
        });
      const row = await savePromotion(tx, {
        tenant: name,
        id: body.id,
        source: body.source,
        state: 'receiving',
        manifest_sha256: body.manifest.sha256,
        manifest_bytes: body.manifest.sizeBytes,
        file_count: body.fileCount,
        size_bytes: body.sizeBytes,
        tables: '[]',
        begun_by: call.actor.subject
      });
      return promotionOf(row);
    },
    () => promotionTarget(name)
  );
}

/** @throws already-exists, conflict, invalid-state */
async function assertReceivable(tx: Tx, wanted: { name: string; schema: BodyOf<typeof controlRoutes.beginPromotion>['schema']; isNew: boolean }): Promise<void> {
  const { missingHere, missingThere } = await compareSchemas(tx, wanted.schema);
  if (missingHere.length + missingThere.length > 0)
    throw new Problem('invalid-state', { detail: 'The two installations are of different versions.', hint: 'Bring both to the same version and start each of them once.' });
  if (!wanted.isNew) return;
  if ((await findTenant(tx, wanted.name)) !== undefined) throw new Problem('already-exists', { detail: `There is a tenant '${wanted.name}' here already.` });
  const remains = await findRemains(tx, wanted.name);
  if (remains !== undefined) throw new Problem('conflict', { detail: `Rows of an earlier tenant '${wanted.name}' are still here (${remains}).` });
}

/** @throws not-found */
export async function getPromotion(call: Call, name: string): Promise<Promotion> {
  return promotionOf(await requirePromotion(call, name));
}

export async function listReceived(folder: PromotionFolder, call: Call, name: string, files: readonly string[]) {
  await requireReceiving(call, name);
  return { items: [...(await folder.received(name, files))] };
}

/** Takes the next bytes of one file. @throws not-found, invalid-state, and what the folder throws */
export async function putPromotedBytes(
  folder: PromotionFolder,
  call: Call,
  piece: { readonly name: string; readonly sha256: string; readonly offset: number; readonly sizeBytes: number; readonly body: AsyncIterable<Uint8Array> }
): Promise<{ receivedBytes: number; isWhole: boolean }> {
  const row = await requireReceiving(call, piece.name);
  if (piece.sizeBytes > row.size_bytes + row.manifest_bytes) throw new Problem('payload-too-large', { detail: 'This file is larger than the whole promotion that was announced.' });
  const limitBytes = Math.max(0, Math.min(promotionPieceBytes, piece.sizeBytes - piece.offset));
  const { name: tenant, ...rest } = piece;
  return folder.append({ ...rest, tenant, limitBytes, signal: call.signal });
}

/** Drops what arrived; idempotent. @throws invalid-state once it is the tenant */
export async function abandonPromotion(folder: PromotionFolder, call: Call, name: string): Promise<void> {
  await call.commit(
    async tx => {
      const row = await lockPromotion(tx, name);
      if (row?.state === 'promoted') throw new Problem('invalid-state', { detail: `The tenant '${name}' is here already.`, hint: 'Delete the tenant instead.' });
      await dropPromotion(tx, name);
      if (row !== undefined) await folder.withdraw(name);
      await folder.drop(name);
    },
    () => promotionTarget(name)
  );
}

async function requirePromotion(call: Call, name: string): Promise<PromotionRow> {
  const row = await call.read(tx => findPromotion(tx, name));
  if (row === undefined) throw new Problem('not-found', { detail: `Nobody promotes a tenant '${name}' to here.` });
  return row;
}

async function requireReceiving(call: Call, name: string): Promise<PromotionRow> {
  const row = await requirePromotion(call, name);
  if (row.state !== 'receiving') throw new Problem('invalid-state', { detail: `The tenant '${name}' is here already; nothing more is received for it.` });
  return row;
}

function otherPromotion(row: PromotionRow): Problem {
  if (row.state === 'promoted') return new Problem('already-exists', { detail: `The tenant '${row.tenant}' came here from '${row.source}' already.` });
  return new Problem('conflict', {
    detail: `'${row.source}' is promoting a tenant '${row.tenant}' to here since ${row.begun_at}.`,
    hint: `Let it finish, or give it up there: npx stratalab promote --abandon --tenant ${row.tenant} --to …`
  });
}
