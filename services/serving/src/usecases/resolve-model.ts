import { Problem } from '@stratalab/contracts';
import type { ResolvedModelVersion } from '@stratalab/contracts/models';
import type { ServedModel } from '@stratalab/contracts/serving';
import type { Call, ModelFacts, ModelFiles } from '@stratalab/kernel';
import type { ServingParts } from './parts.ts';

export interface ModelChoice {
  readonly model: string;
  readonly version?: number | undefined;
  readonly alias?: string | undefined;
}

export interface ChosenModel {
  readonly resolved: ResolvedModelVersion;
  readonly files: ModelFiles;
  readonly served: ServedModel;
}

/** Where the files of the chosen version lie, by the registry: a caller names a model, never a place. @throws not-found, invalid-request */
export async function chooseModel(parts: ServingParts, call: Call, choice: ModelChoice): Promise<ChosenModel> {
  if (choice.version !== undefined && choice.alias !== undefined) throw new Problem('invalid-request', { detail: 'Give a version or an alias, not both.' });
  const resolved = await parts.models(call.tenant, call.actor.subject).resolveModelVersion({
    params: { tenant: call.tenant },
    body: {
      name: choice.model,
      ...(choice.version === undefined ? {} : { version: choice.version }),
      ...(choice.alias === undefined ? {} : { alias: choice.alias })
    }
  });
  const { name, version, urn, format, sizeBytes } = resolved;
  return {
    resolved,
    files: { folder: resolved.path, format, sizeBytes, ...(resolved.entryFile === null ? {} : { entryFile: resolved.entryFile }) },
    served: { name, version, urn, format, sizeBytes, alias: choice.alias ?? null }
  };
}

/** As `chooseModel`, and what its headers say. @throws invalid-state for a version in quarantine; unsupported-format without an engine */
export async function chooseServableModel(parts: ServingParts, call: Call, choice: ModelChoice): Promise<ChosenModel & { readonly facts: ModelFacts }> {
  const chosen = await chooseModel(parts, call, choice);
  if (chosen.resolved.isQuarantined) {
    throw new Problem('invalid-state', {
      detail: `Version ${chosen.resolved.version} of '${chosen.resolved.name}' is in quarantine: loading it can run code of whoever made it.`,
      hint: 'Look at where it comes from, then let an administrator of the tenant approve it on its page.'
    });
  }
  return { ...chosen, facts: await parts.runtime.inspect(chosen.files) };
}
