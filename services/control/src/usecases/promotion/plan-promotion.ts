import type { PromotionPlan, SchemaStep } from '@stratalab/contracts/control';
import type { Call, Tx } from '@stratalab/kernel';
import type { PromotionFolder } from '../../ports.ts';
import { readSchemaSteps } from '../../promotion/table-facts.ts';
import { findPromotion, findRemains } from '../../store/promotion-store.ts';
import { findTenant } from '../../store/tenant-store.ts';

type PlannedTenant = PromotionPlan['tenants'][number];

/** What would stand in the way of tenants that another installation wants to move here; changes nothing. */
export async function planPromotion(
  folder: PromotionFolder,
  call: Call,
  input: { readonly schema: readonly SchemaStep[]; readonly tenants: readonly string[] }
): Promise<PromotionPlan> {
  const freeBytes = await folder.freeBytes();
  return call.read(async tx => {
    const tenants: PlannedTenant[] = [];
    for (const name of input.tenants) tenants.push(await planTenant(tx, folder, name));
    return { ...(await compareSchemas(tx, input.schema)), freeBytes, tenants };
  });
}

/** Schema steps that only one side has taken; a step whose text differs counts as another one. */
export async function compareSchemas(tx: Tx, theirs: readonly SchemaStep[]): Promise<{ missingHere: string[]; missingThere: string[] }> {
  const named = (steps: readonly SchemaStep[]): Set<string> => new Set(steps.map(({ service, file, digest }) => `${service}/${file} ${digest.slice(0, 8)}`));
  const [ours, wanted] = [named(await readSchemaSteps(tx)), named(theirs)];
  return { missingHere: [...wanted].filter(step => !ours.has(step)), missingThere: [...ours].filter(step => !wanted.has(step)) };
}

async function planTenant(tx: Tx, folder: PromotionFolder, name: string): Promise<PlannedTenant> {
  const promotion = await findPromotion(tx, name);
  if (promotion !== undefined) return { name, state: promotion.state, promotion: promotion.id };
  if ((await findTenant(tx, name)) !== undefined) return { name, state: 'exists', promotion: null };
  const hasRemains = (await findRemains(tx, name)) !== undefined || (await folder.hasFiles(name));
  return { name, state: hasRemains ? 'remains' : 'free', promotion: null };
}
