import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildOne } from '../binaries/build.ts';
import type { Cluster } from '../cluster.ts';
import { tryProgram, type ProgramResult } from '../run-program.ts';
import type { Settings } from '../settings.ts';

/** The chart of this checkout. */
export const chartFolder = fileURLToPath(new URL('../../../chart/', import.meta.url));

/** Helm, built from its module. It keeps nothing outside the folder it is given and asks no repository. */
export interface Helm {
  try(args: readonly string[]): Promise<ProgramResult>;
  /** @returns what it printed @throws Error with what it said */
  run(args: readonly string[]): Promise<string>;
}

const timeoutMs = 300_000;

/** @param home folder for what Helm keeps; @param cluster none for commands that need no API */
export async function createHelm(settings: Settings, home: string, cluster?: Cluster): Promise<Helm> {
  const program = await buildOne('helm', settings, () => undefined);
  const environment = {
    ...{ HELM_CACHE_HOME: join(home, 'cache'), HELM_CONFIG_HOME: join(home, 'config'), HELM_DATA_HOME: join(home, 'data'), HOME: home },
    KUBECONFIG: cluster?.kubeconfig ?? '/dev/null'
  };
  const tryHelm = (args: readonly string[]): Promise<ProgramResult> => tryProgram(program, args, { environment, timeoutMs });
  return {
    try: tryHelm,
    async run(args) {
      const { code, output, errors } = await tryHelm(args);
      if (code !== 0) throw new Error(`helm ${args.slice(0, 3).join(' ')} ended with ${code}: ${(errors || output).trim().slice(-3000)}`);
      return output;
    }
  };
}
