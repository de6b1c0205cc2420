import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { components, type Component } from '../components.ts';
import { runProgram } from '../run-program.ts';
import { clusterRoot, type Settings } from '../settings.ts';
import { cacheKey } from './cache-key.ts';
import { readKnownBinaries, takeCached, type KnownBinary } from './take-cached.ts';
import { digestOf } from './genuine.ts';

const buildTimeoutMs = 3_600_000;
const goEnvironment = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' };
const knownFile = join(clusterRoot, 'binaries.json');

export interface BuildOutcome {
  readonly name: string;
  readonly how: 'there' | 'cached' | 'built';
  readonly seconds: number;
  readonly binary: KnownBinary;
}

/** Makes every program that the tiers run present and up to date. */
export function buildAll(settings: Settings, say: (text: string) => void): Promise<readonly BuildOutcome[]> {
  return build(
    components.filter(({ isOnDemand }) => isOnDemand !== true),
    settings,
    say
  );
}

/** As `buildAll`, with the programs that only some tests need. */
export function buildEverything(settings: Settings, say: (text: string) => void): Promise<readonly BuildOutcome[]> {
  return build(components, settings, say);
}

/** Makes one program present and up to date. @returns its path */
export async function buildOne(name: string, settings: Settings, say: (text: string) => void): Promise<string> {
  await build(
    components.filter(component => component.name === name),
    settings,
    say
  );
  return join(settings.binaries, name);
}

/** One at a time: two cores gain nothing from more. */
async function build(wanted: readonly Component[], settings: Settings, say: (text: string) => void): Promise<readonly BuildOutcome[]> {
  await mkdir(settings.binaries, { recursive: true });
  const goVersion = (await runProgram('go', ['env', 'GOVERSION'])).trim();
  const known = await readKnownBinaries(knownFile);
  const outcomes: BuildOutcome[] = [];
  for (const component of wanted) {
    const started = performance.now();
    const key = await cacheKey(component, folderOf(component), goVersion);
    const how = await provide(component, { key, known: known[component.name], settings, say });
    const seconds = (performance.now() - started) / 1000;
    outcomes.push({ name: component.name, how, seconds, binary: { key, sha256: await digestOf(join(settings.binaries, component.name)) } });
    say(`${component.name}: ${how} (${seconds.toFixed(1)} s)`);
  }
  return outcomes;
}

/** Writes what was built into binaries.json, so that a cache can be checked against it. */
export async function recordBinaries(outcomes: readonly BuildOutcome[]): Promise<void> {
  const known = Object.fromEntries(outcomes.map(({ name, binary }) => [name, binary]));
  await writeFile(knownFile, `${JSON.stringify(known, null, 2)}\n`);
}

function folderOf(component: Component): string {
  return join(clusterRoot, 'tools', component.module);
}

async function provide(
  component: Component,
  parts: { key: string; known: KnownBinary | undefined; settings: Settings; say: (text: string) => void }
): Promise<BuildOutcome['how']> {
  const target = join(parts.settings.binaries, component.name);
  const mark = `${target}.key`;
  if (existsSync(target) && (await readFile(mark, 'utf8').catch(() => '')) === parts.key) return 'there';
  await rm(mark, { force: true });
  const folder = folderOf(component);
  const isCached = await takeCached({ component, folder, target, key: parts.key, known: parts.known, cache: parts.settings.cache });
  if (!isCached) {
    parts.say(`${component.name}: building from its module; this takes minutes the first time`);
    // Two builds may share a folder of binaries: each writes its own file, and the last one to finish wins.
    const building = `${target}.${process.pid}.building`;
    if (component.module === 'volcano') await completeVolcanoApi(folder);
    await runProgram('go', ['build', '-trimpath', '-ldflags', component.ldflags.join(' '), '-o', building, component.package], {
      cwd: folder,
      environment: goEnvironment,
      timeoutMs: buildTimeoutMs,
      onLine: line => parts.say(`${component.name}: ${line.slice(0, 100)}`)
    });
    await rename(building, target);
  }
  await writeFile(mark, parts.key);
  return isCached ? 'cached' : 'built';
}

/** Volcano 1.15.1 needs one constant more than the newest API module to be had (1.14.0); Go refuses overlays of the module cache, so a copy gets it. */
async function completeVolcanoApi(folder: string): Promise<void> {
  const copy = join(folder, 'apis-local');
  await rm(copy, { recursive: true, force: true });
  await cp(await moduleFolder('volcano.sh/apis@v1.14.0'), copy, { recursive: true });
  await runProgram('chmod', ['-R', 'u+w', copy]);
  await cp(join(folder, 'overlay/gate.go'), join(copy, 'pkg/apis/scheduling/v1beta1/gate.go'));
}

/** Folder of a module in Go's cache, fetched when it is not there. Asked outside of any module, whose replacements would answer instead. */
export async function moduleFolder(module: string): Promise<string> {
  const outside = await mkdtemp(join(tmpdir(), 'stratalab-go-'));
  try {
    const answer: { Dir?: string; Error?: string } = JSON.parse(await runProgram('go', ['mod', 'download', '-json', module], { cwd: outside }));
    if (answer.Dir === undefined) throw new Error(`The Go module ${module} could not be fetched: ${answer.Error ?? 'no folder'}.`);
    return answer.Dir;
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
}
