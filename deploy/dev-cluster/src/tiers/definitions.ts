import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { moduleFolder } from '../binaries/build.ts';
import { until, type Cluster } from '../cluster.ts';
import { definitionModules } from '../components.ts';

/** What the programs need with the flags they get here; all 27 of the three projects would take twice as long. */
const definitions = [
  ...['batch.volcano.sh_jobs', 'bus.volcano.sh_commands', 'scheduling.volcano.sh_podgroups', 'scheduling.volcano.sh_queues'].map(name => ['volcano', name] as const),
  // The scheduler waits without end for these two.
  ...['topology.volcano.sh_hypernodes', 'nodeinfo.volcano.sh_numatopologies'].map(name => ['volcano', name] as const),
  ...['ray.io_rayclusters', 'ray.io_rayjobs', 'ray.io_rayservices'].map(name => ['kuberay', name] as const),
  ...['stages', 'logs', 'clusterlogs', 'execs', 'clusterexecs', 'portforwards', 'clusterportforwards'].map(name => ['kwok', `kwok.x-k8s.io_${name}`] as const)
];
const folders = { volcano: 'config/crd/volcano/bases', kuberay: 'config/crd/bases', kwok: 'kustomize/crd/bases' } as const;
const timeoutMs = 120_000;

/** Creates the custom resource definitions, read from the modules' own sources, and waits until the API serves them. */
export async function createDefinitions(cluster: Cluster): Promise<void> {
  if (await areEstablished(cluster)) return;
  const roots = {
    volcano: await moduleFolder(definitionModules.volcano),
    kuberay: await moduleFolder(definitionModules.kuberay),
    kwok: await moduleFolder(definitionModules.kwok)
  };
  const texts = await Promise.all(definitions.map(([project, name]) => readFile(join(roots[project], folders[project], `${name}.yaml`), 'utf8')));
  // Created, not applied: a server-side apply of the same set takes three times as long. Some may be there after an interrupted start.
  const { code, errors } = await cluster.tryKubectl(['create', '-f', '-'], texts.join('\n---\n'));
  if (code !== 0 && errors.split('\n').some(line => line.includes('rror') && !line.includes('AlreadyExists')))
    throw new Error(`The definitions were refused: ${errors.slice(0, 1000)}`);
  await until('Serving the custom resources', () => areEstablished(cluster), timeoutMs);
}

async function areEstablished(cluster: Cluster): Promise<boolean> {
  const { code, output } = await cluster.tryKubectl([
    'get',
    'customresourcedefinitions',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Established")].status}{"\\n"}{end}'
  ]);
  return code === 0 && output.split('\n').filter(line => line.endsWith('=True')).length >= definitions.length;
}
