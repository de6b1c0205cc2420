import type { TranslationBundle } from '@jupyterlab/translation';
import type { Role } from '@stratalab/contracts';
import type { ResourceName } from '@stratalab/contracts/control';

/** Name of a quota resource for people. */
export function resourceName(resource: ResourceName, texts: TranslationBundle): string {
  const names: Readonly<Record<ResourceName, string>> = {
    cpu: texts.__('CPU'),
    'memory-mib': texts.__('Memory'),
    gpu: texts.__('GPU'),
    'storage-mib': texts.__('Storage'),
    jobs: texts.__('Jobs at once'),
    workspaces: texts.__('Workspaces at once'),
    'tokens-per-day': texts.__('Tokens per day')
  };
  return names[resource];
}

/** What a role may do, in one line for a choice. */
export function roleText(role: Role, texts: TranslationBundle): string {
  const names: Readonly<Record<Role, string>> = {
    viewer: texts.__('viewer: reads'),
    editor: texts.__('editor: works'),
    admin: texts.__('admin: decides')
  };
  return names[role];
}

/** Name of a usage meter with its unit. */
export function meterName(meter: string, texts: TranslationBundle): string {
  const names: Readonly<Record<string, string>> = {
    'cpu-seconds': texts.__('CPU (core seconds)'),
    'gpu-seconds': texts.__('GPU (device seconds)'),
    'memory-gib-seconds': texts.__('Memory (GiB seconds)'),
    'storage-gib-hours': texts.__('Storage (GiB hours)'),
    'input-tokens': texts.__('Input tokens'),
    'output-tokens': texts.__('Output tokens')
  };
  return names[meter] ?? meter;
}
