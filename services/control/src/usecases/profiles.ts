import { Problem } from '@stratalab/contracts';
import type { Profile, ProfileInput } from '@stratalab/contracts/control';
import type { Call } from '@stratalab/kernel';
import { dropProfile, readProfiles, saveProfile } from '../store/profile-store.ts';

/** Offers a profile or changes one. The first profile, and the last one that was the default, stay the default. @throws invalid-input for an image named twice */
export async function putProfile(call: Call, name: string, input: ProfileInput): Promise<Profile> {
  const { images = [], tolerations = [], nodeSelector = {}, gpuResource = null, ...size } = input;
  if (new Set(images.map(image => image.name)).size < images.length) {
    throw new Problem('invalid-input', { detail: 'Two images of the profile have the same name.', hint: 'Give each image a name of its own.' });
  }
  return call.commit(
    async tx => {
      const others = (await readProfiles(tx)).filter(profile => profile.name !== name);
      const isDefault = size.isDefault || !others.some(profile => profile.isDefault);
      const profile: Profile = { name, ...size, isDefault, gpuResource, nodeSelector, tolerations, images };
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
