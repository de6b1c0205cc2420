import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buildAll, buildEverything, recordBinaries } from './binaries/build.ts';
import { openCluster, readRecord, tiers, type Tier } from './cluster.ts';
import { writePlatformImage } from './images/platform-image.ts';
import { importImage } from './node/images.ts';
import { repository, readSettings } from './settings.ts';
import { simulate } from './simulate/simulate-command.ts';
import { down, up } from './up.ts';

const usage = `npm run cluster -- <command>

  build [--record]   make the programs, from the cache where it holds exactly what a build would make
  up [t1|t2|t3]      start a cluster, or repair it; t1: API only, t2 (default): Volcano, KubeRay and simulated nodes, t3: a real node too (root)
     --s3            with an S3 beside it, whose address and keys are in s3/access.json of the state folder
  status             what runs
  logs <program>     the log of one program
  simulate <file>    play a scenario of tenants, quotas and failures on a simulated cluster of its own (docs/simulator.md)
     --json          results as JSON
  image <file>       write an image of the platform, made from this checkout without Docker, and give it to the real node when one runs
     --hub           with the Hub, workspaces and Python, as the chart needs it by default; much larger
  down               stop what was started here and forget the cluster

The kubeconfig is printed by 'up'. STRATALAB_CLUSTER_STATE, _BINARIES, _CACHE, _PORT and _FAKE_NODES change places and sizes.`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** On a terminal a passing line is overwritten by the next; elsewhere every tenth second gets one. */
let passedAt = -Infinity;
function sayProgress(text: string, isPassing = false): void {
  if (isPassing && !process.stderr.isTTY && performance.now() - passedAt < 10_000) return;
  if (isPassing) passedAt = performance.now();
  process.stderr.write(isPassing && process.stderr.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
}

async function main([command = '', ...args]: readonly string[]): Promise<number> {
  const settings = readSettings();
  const known = await readRecord(settings);
  const cluster = openCluster(settings, command === 'up' ? readTier(args.find(word => !word.startsWith('--')) ?? known?.tier ?? 't2') : (known?.tier ?? 't2'));
  switch (command) {
    case 'build': {
      const outcomes = await buildEverything(settings, say);
      if (args.includes('--record')) await recordBinaries(outcomes);
      return 0;
    }
    case 'up': {
      await buildAll(settings, say);
      await up(cluster, say, { hasObjectStore: args.includes('--s3') });
      say(`The cluster is up: export KUBECONFIG=${cluster.kubeconfig}`);
      return 0;
    }
    case 'status':
      return status();
    case 'logs': {
      const name = args[0];
      const known = (await cluster.processes.list()).map(({ name: started }) => started);
      if (name === undefined || !known.includes(name)) throw new Error(`Name one of: ${known.join(', ') || 'nothing was started'}.`);
      say(await readFile(cluster.processes.logOf(name), 'utf8'));
      return 0;
    }
    case 'simulate':
      return simulate(args, settings, { print: say, say: sayProgress });
    case 'image': {
      const file = args.find(word => !word.startsWith('--'));
      if (file === undefined) throw new Error('Say where to write the archive: image platform.tar');
      await writePlatformImage(repository, resolve(file), { reference: 'localhost/platform:1', hasHub: args.includes('--hub') });
      if (known?.tier === 't3') await importImage(cluster, resolve(file));
      say(`${file} holds localhost/platform:1${known?.tier === 't3' ? ', which the node has too' : ''}.`);
      return 0;
    }
    case 'down':
      await down(cluster, say);
      say('The cluster is gone.');
      return 0;
    default:
      say(usage);
      return command === '' || command === 'help' ? 0 : 2;
  }

  async function status(): Promise<number> {
    if (known === undefined) {
      say('There is no cluster here.');
      return 1;
    }
    const processes = await cluster.processes.list();
    say(`tier ${known.tier}, API on ${cluster.address}:${known.port}`);
    for (const { name, pid, isRunning, ends } of processes) {
      const again = ends.length === 0 ? '' : `, started again after it ended with status ${ends.join(', ')}; see 'npm run cluster -- logs ${name}'`;
      say(`${isRunning ? 'runs ' : 'ended'}  ${name} (${pid})${again}`);
    }
    const dead = processes.filter(({ isRunning }) => !isRunning);
    if (dead.length > 0) say("Some programs ended: 'npm run cluster -- up' starts them again.");
    return dead.length === 0 ? 0 : 1;
  }
}

function readTier(text: string): Tier {
  const tier = tiers.find(known => known === text);
  if (tier === undefined) throw new Error(`There is no tier '${text}'; there are ${tiers.join(' and ')}.`);
  return tier;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
