import { Problem } from '@stratalab/contracts';

/** The first version whose head can be made to ask for a token. */
const least = [2, 52] as const;

/** T54: a head that takes jobs from anybody is not used. @throws invalid-state for Ray before 2.52, and for what is no Ray */
export function assertVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new Problem('invalid-state', {
    detail:
      version === '' ? 'What answers at the address of the Ray cluster is no Ray.' : `The Ray cluster has version ${version}; ${least.join('.')} is the first that can be used.`,
    hint: 'Ask an operator of this installation to bring the Ray cluster up to date, with token authentication on.'
  });
}
