import { KubeConfig } from '@kubernetes/client-node';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buildAll } from '../binaries/build.ts';
import { openCluster } from '../cluster.ts';
import { freePorts } from '@stratalab/tooling/free-ports';
import type { Settings } from '../settings.ts';
import { down, up } from '../up.ts';
import { readScenario } from './read-scenario.ts';
import { reportOf } from './report.ts';
import { defaultTimeScale, runScenario, type Progress } from './run-scenario.ts';
import type { ScenarioDocument } from './scenario-schema.ts';
import type { RunResult } from './statistics.ts';

/** What an interrupted program answers: 128 and the number of the signal. */
const interruptedCode = 130;
/** Volcano looks at its queues twice a second. */
const schedulePeriodSeconds = 0.5;

export interface SimulateOutput {
  /** Results. */
  readonly print: (text: string) => void;
  /** Everything else, for people; `isPassing` lines may be overwritten by the next. */
  readonly say: (text: string, isPassing?: boolean) => void;
}

/**
 * `npm run cluster -- simulate <file> [--json]`: a cluster of its own beside the one that may be up, the scenario on it, and the cluster gone again, also after Ctrl-C.
 * @returns the exit code
 */
export async function simulate(args: readonly string[], settings: Settings, { print, say }: SimulateOutput): Promise<number> {
  const file = args.find(word => !word.startsWith('--'));
  if (file === undefined) throw new Error("Name a scenario, as in 'npm run cluster -- simulate deploy/dev-cluster/scenarios/two-tenants.yaml'.");
  const scenario = readScenario(await readScenarioFile(file), basename(file));
  const state = join(dirname(settings.state), 'simulation');
  const cluster = openCluster({ ...settings, state, port: await freePorts(), fakeNodes: 1 }, 't2');
  const stop = new AbortController();
  const interrupt = (): void => {
    say('Ending; what was started here is being stopped.');
    stop.abort(new Error('interrupted'));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    // What a killed simulation left behind.
    await down(openCluster({ ...settings, state }, 't2'), () => undefined);
    await buildAll(settings, () => undefined);
    await up(cluster, text => say(text));
    stop.signal.throwIfAborted();
    // Its capacity would count, and no job of a scenario may run there.
    await cluster.kubectl(['delete', 'node', 'fake-0']);
    const dataFolder = join(state, 'data');
    await mkdir(dataFolder, { recursive: true });
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(cluster.kubeconfig);
    const results = await runScenario({ kubeConfig, scenario, dataFolder, signal: stop.signal, onProgress: progress => say(lineOf(progress), true) });
    say('');
    print(
      args.includes('--json') ? JSON.stringify({ scenario: scenario.name ?? file, resolutionSeconds: resolutionOf(scenario), runs: results }, null, 2) : textOf(scenario, results)
    );
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return interruptedCode;
    throw error;
  } finally {
    await down(cluster, text => say(text));
    await rm(state, { recursive: true, force: true });
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

async function readScenarioFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`The scenario '${file}' cannot be read: is the path right, seen from this folder?`, { cause });
  }
}

function lineOf({ run, minute, ofMinutes, waiting, running, ended, planned }: Progress): string {
  return `${run}: minute ${Math.floor(minute)} of ${ofMinutes}, ${waiting} waiting, ${running} running, ${ended} of ${planned} jobs over`;
}

/** The shortest wait that can be told from none, in seconds of the scenario. */
function resolutionOf({ timeScale = defaultTimeScale }: ScenarioDocument): number {
  return schedulePeriodSeconds * timeScale;
}

function textOf(scenario: ScenarioDocument, results: readonly RunResult[]): string {
  const note = `Times are of the scenario, which ran ${scenario.timeScale ?? defaultTimeScale} times faster; waits are exact to about ${resolutionOf(scenario)} s.`;
  return `${scenario.name === undefined ? '' : `${scenario.name}\n`}${reportOf(results)}\n${note}`;
}
