import type { TranslationBundle } from '@jupyterlab/translation';

/** Name of a quota resource for people; the resource itself for one we do not know. */
export function resourceName(resource: string, texts: TranslationBundle): string {
  const names: Readonly<Record<string, string>> = {
    cpu: texts.__('CPU'),
    'memory-mib': texts.__('Memory'),
    gpu: texts.__('GPU'),
    'storage-mib': texts.__('Storage'),
    jobs: texts.__('Jobs at once'),
    workspaces: texts.__('Workspaces at once'),
    'tokens-per-day': texts.__('Tokens per day')
  };
  return names[resource] ?? resource;
}

/** Name of a role for people. */
export function roleName(role: string, texts: TranslationBundle): string {
  const names: Readonly<Record<string, string>> = { viewer: texts.__('viewer'), editor: texts.__('editor'), admin: texts.__('admin') };
  return names[role] ?? role;
}
