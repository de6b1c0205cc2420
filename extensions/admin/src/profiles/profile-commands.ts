import type { ITranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Client } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import type { controlRoutes, Profile, ProfileInput } from '@stratalab/contracts/control';
import { removeProfile } from './remove-profile';

type Arguments = ReadonlyPartialJSONObject;
type Control = Client<typeof controlRoutes>;

const smallest: ProfileInput = { displayName: '', description: '', cpu: 1, memoryMiB: 1024, gpuCount: 0, isDefault: false };

/** What of a profile a command may say; where its pods run is the page's matter. */
export const profileProperties = {
  name: { type: 'string', description: 'A new name makes a profile, a known one changes it' },
  displayName: { type: 'string' },
  description: { type: 'string' },
  cpu: { type: 'number', description: 'Cores' },
  memoryMiB: { type: 'integer' },
  gpuCount: { type: 'integer' },
  tenants: { type: ['array', 'null'], items: { type: 'string' }, description: 'Who may use it; null: every tenant' }
};

/** Makes a profile, or changes what is given of one and leaves the rest as it is. */
export async function putProfileByArguments(control: Control, name: string, args: Arguments): Promise<Profile> {
  const known = await findProfile(control, name);
  const { name: _name, ...before } = known ?? { name, ...smallest, displayName: name };
  const body: ProfileInput = {
    ...before,
    ...words(args, ['displayName', 'description']),
    ...numbers(args, ['cpu', 'memoryMiB', 'gpuCount']),
    ...(args['tenants'] === null ? { tenants: null } : Array.isArray(args['tenants']) ? { tenants: args['tenants'].map(String) } : {})
  };
  return control.putProfile({ params: { profile: name }, body });
}

/** Asks before it removes. @returns whether it was agreed to */
export async function removeProfileByName(control: Control, name: string, translator: ITranslator): Promise<boolean> {
  const profile = await findProfile(control, name);
  if (profile === undefined) throw new Problem('not-found', { detail: `There is no profile '${name}'.` });
  return removeProfile(control, profile, translator);
}

async function findProfile(control: Control, name: string): Promise<Profile | undefined> {
  return (await control.listProfiles({})).items.find(profile => profile.name === name);
}

function words(args: Arguments, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap(name => (typeof args[name] === 'string' ? [[name, args[name]]] : [])));
}

function numbers(args: Arguments, names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(names.flatMap(name => (typeof args[name] === 'number' ? [[name, args[name]]] : [])));
}
