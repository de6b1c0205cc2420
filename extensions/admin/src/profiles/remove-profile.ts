import type { ITranslator } from '@jupyterlab/translation';
import type { Client } from '@stratalab/client';
import type { controlRoutes, Profile } from '@stratalab/contracts/control';
import { confirmDestructive } from '@stratalab/lab-kit';

/** Takes a profile off the list after saying what that means. @returns whether it was agreed to */
export async function removeProfile(control: Client<typeof controlRoutes>, profile: Profile, translator: ITranslator): Promise<boolean> {
  const texts = translator.load('stratalab');
  const isAgreed = await confirmDestructive({
    title: texts.__('Delete the profile %1?', profile.displayName),
    verb: texts.__('Delete'),
    blastRadius: [texts.__('Nobody can choose it any more; whoever used it chooses another size at the next start'), texts.__('Workspaces that run with it go on')],
    translator
  });
  if (isAgreed) await control.removeProfile({ params: { profile: profile.name } });
  return isAgreed;
}
