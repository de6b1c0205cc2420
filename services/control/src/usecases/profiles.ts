import { Problem } from '@stratalab/contracts';
import type { Profile, ProfileInput } from '@stratalab/contracts/control';
import type { Call } from '@stratalab/kernel';
import { isOfferedTo, seenFrom } from '../domain/offered-profiles.ts';
import { dropProfile, readProfiles, saveProfile } from '../store/profile-store.ts';

/** Every profile for whoever runs the installation; for others those that a tenant of theirs may use. */
export async function listProfiles(call: Call): Promise<{ items: Profile[] }> {
  const profiles = await call.read(readProfiles);
  return { items: call.actor.isAdministrator ? profiles : seenFrom(profiles, Object.keys(call.actor.tenants)) };
}

/** What somebody whose workspace `tenant` pays for may choose from; nothing for who has no tenant. */
export async function listOfferedProfiles(call: Call, tenant: string | undefined): Promise<{ items: Profile[] }> {
  const profiles = await call.read(readProfiles);
  return { items: tenant === undefined ? [] : profiles.filter(profile => isOfferedTo(profile, tenant)) };
}

/**
 * Offers a profile or changes one. The first profile, and the last one that was the default, stay the default.
 * @throws invalid-input for an image named twice, and for a default profile that is not for every tenant
 */
export async function putProfile(call: Call, name: string, input: ProfileInput): Promise<Profile> {
  const { images = [], tolerations = [], nodeSelector = {}, gpuResource = null, tenants = null, ...size } = input;
  if (new Set(images.map(image => image.name)).size < images.length) {
    throw new Problem('invalid-input', { detail: 'Two images of the profile have the same name.', hint: 'Give each image a name of its own.' });
  }
  return call.commit(
    async tx => {
      const others = (await readProfiles(tx)).filter(profile => profile.name !== name);
      const isDefault = size.isDefault || !others.some(profile => profile.isDefault);
      if (isDefault && tenants !== null) {
        throw new Problem('invalid-input', { detail: 'The default profile is for every tenant.', hint: 'Offer it to every tenant, or make another profile the default first.' });
      }
      const profile: Profile = { name, ...size, isDefault, tenants, gpuResource, nodeSelector, tolerations, images };
      await saveProfile(tx, profile);
      return profile;
    },
    () => name
  );
}

/** Offers the profile no longer. Idempotent. @throws invalid-state for the default profile, which people without a choice get */
export async function removeProfile(call: Call, name: string): Promise<void> {
  await call.commit(
    async tx => {
      const profile = (await readProfiles(tx)).find(candidate => candidate.name === name);
      if (profile?.isDefault === true) throw new Problem('invalid-state', { detail: `'${name}' is the default profile.`, hint: 'Make another profile the default first.' });
      await dropProfile(tx, name);
    },
    () => name
  );
}
