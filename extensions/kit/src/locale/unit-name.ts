import type { TranslationBundle } from '@jupyterlab/translation';

/** A unit of a quota in the reader's language; one that is not known stays as it is. */
export function unitName(unit: string, texts: TranslationBundle): string {
  const names: ReadonlyMap<string, string> = new Map([
    ['cores', texts.__('cores')],
    ['GPUs', texts.__('GPUs')],
    ['jobs', texts.__('jobs')],
    ['workspaces', texts.__('workspaces')],
    ['tokens', texts.__('tokens')]
  ]);
  return names.get(unit) ?? unit;
}
