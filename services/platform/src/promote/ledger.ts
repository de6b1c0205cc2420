import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { newId } from '@stratalab/kernel';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const Entry = Type.Object({ tenant: Type.String(), to: Type.String(), id: Type.String(), promotedAt: Type.Union([Type.String(), Type.Null()]) });
const Ledger = Type.Array(Entry);

/** One tenant that went, or is going, to another installation. */
export type LedgerEntry = Static<typeof Entry>;

const fileName = 'promoted.json';

/** What was promoted from this data folder; empty before the first time. */
export async function readLedger(data: string): Promise<readonly LedgerEntry[]> {
  const text = await readFile(join(data, fileName), 'utf8').catch(() => '[]');
  const value = parse(text);
  if (!Value.Check(Ledger, value))
    throw new Problem('invalid-state', { detail: `${join(data, fileName)} is damaged.`, hint: 'It only says what was promoted from here; move it away to begin again.' });
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The id of the promotion of a tenant to a target; the same for as long as it is not abandoned, so that an interrupted one is found again. */
export async function claimPromotion(data: string, tenant: string, to: string): Promise<LedgerEntry> {
  const known = (await readLedger(data)).find(entry => entry.tenant === tenant && entry.to === to);
  if (known !== undefined) return known;
  const entry = { tenant, to, id: newId(), promotedAt: null };
  await writeLedger(data, [...(await readLedger(data)), entry]);
  return entry;
}

export async function markPromoted(data: string, entry: LedgerEntry, promotedAt: string): Promise<void> {
  await writeLedger(
    data,
    (await readLedger(data)).map(other => (other.id === entry.id ? { ...other, promotedAt } : other))
  );
}

export async function forgetPromotion(data: string, tenant: string, to: string): Promise<void> {
  await writeLedger(
    data,
    (await readLedger(data)).filter(entry => entry.tenant !== tenant || entry.to !== to)
  );
}

/** Folder for what is sent, on this side; made anew by each run. */
export async function outgoingFolder(data: string, tenant: string): Promise<string> {
  const folder = join(data, 'promotion', tenant);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export async function dropOutgoing(data: string): Promise<void> {
  await rm(join(data, 'promotion'), { recursive: true, force: true });
}

async function writeLedger(data: string, entries: readonly LedgerEntry[]): Promise<void> {
  const path = join(data, fileName);
  await writeFile(`${path}.new`, `${JSON.stringify(entries, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
