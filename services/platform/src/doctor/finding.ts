import type { Environment } from '../config.ts';
import type { MachineFacts } from '../supervisor/data-folder.ts';
import type { Layout } from '../supervisor/layout.ts';

/** Answer of one check; `hint` says how to mend what is not in order. */
export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly hint?: string;
}

export interface Examined {
  readonly layout: Layout;
  readonly environment: Environment;
  readonly facts: MachineFacts;
}

/** Looks at one thing and changes nothing; failures it meets are findings, not exceptions. */
export type Check = (examined: Examined) => Promise<Finding> | Finding;

export function ok(name: string, message: string): Finding {
  return { name, level: 'ok', message };
}

export function warn(name: string, message: string, hint: string): Finding {
  return { name, level: 'warn', message, hint };
}

export function fail(name: string, message: string, hint: string): Finding {
  return { name, level: 'fail', message, hint };
}
