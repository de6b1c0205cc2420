import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { createClusterWatch, type ClusterWatch, type WatchedKind } from '@stratalab/cluster-watch';
import { createLogger, createMetrics } from '@stratalab/kernel';
import { until, type Cluster } from '../cluster.ts';
import { up } from '../up.ts';
import { createCutProxy, type CutProxy } from './cut-proxy.test-support.ts';

const namespace = 'watch-faults';
const kind: WatchedKind = { name: 'notes', apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', labelSelector: 'watched=yes' };
const reader = 'system:serviceaccount:watch-faults:reader';

/** What a real API server can be made to do to a watch: forget versions, die and come back, take rights and credentials away. */
export function describeWatchFaults(cluster: () => Cluster): void {
  describe('a watch of the real API server', () => {
    let proxy: CutProxy;
    let kubeConfig: KubeConfig;
    let watch: ClusterWatch;
    let running: Promise<void>;
    const stop = new AbortController();
    const told: string[] = [];

    const kubectl = (...args: readonly string[]) => cluster().kubectl(args);
    const note = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels: { watched: 'yes' } } });
    const make = (...names: readonly string[]) => cluster().kubectl(['create', '-f', '-'], names.map(name => JSON.stringify(note(name))).join('\n---\n'));
    const names = (): string =>
      [...watch.view('notes').all()]
        .map(({ metadata }) => metadata.name)
        .sort()
        .join();
    const counters = () => watch.counters()['notes'];
    const eventually = (what: string, check: () => boolean) => until(what, async () => check(), 60_000);
    const isFresh = (): boolean => watch.view('notes').isFresh;
    const newToken = () => kubectl('-n', namespace, 'create', 'token', 'reader');
    const useToken = (token: string) => (kubeConfig.users = [{ name: 'reader', token }]);
    const grant = () => kubectl('create', 'clusterrolebinding', 'watch-faults', '--clusterrole=view', `--user=${reader}`);

    beforeAll(async () => {
      await kubectl('create', 'namespace', namespace);
      await kubectl('-n', namespace, 'create', 'serviceaccount', 'reader');
      await grant();
      proxy = await createCutProxy({ host: cluster().address, port: cluster().ports.api });
      const admin = new KubeConfig();
      admin.loadFromFile(cluster().kubeconfig);
      kubeConfig = new KubeConfig();
      const { caData, caFile } = admin.getCurrentCluster() ?? {};
      const authority = { ...(caData === undefined ? {} : { caData }), ...(caFile === undefined ? {} : { caFile }) };
      kubeConfig.loadFromClusterAndUser(
        { name: 'real', server: `https://127.0.0.1:${proxy.port}`, skipTLSVerify: false, ...authority },
        { name: 'reader', token: await newToken() }
      );
      watch = createClusterWatch({ kubeConfig, kinds: [kind], logger: createLogger({ level: 'silent', service: 'test' }), metrics: createMetrics(), random: () => 0.05 });
      watch.onChange(({ type, object }) => told.push(`${type} ${object.metadata.name}`));
      await make('a', 'b');
      running = watch.run(stop.signal);
      await eventually('The first list', () => names() === 'a,b');
    });

    afterAll(async () => {
      stop.abort();
      await running;
      await proxy.close();
      await cluster().tryKubectl(['delete', 'clusterrolebinding', 'watch-faults']);
      await cluster().tryKubectl(['delete', 'namespace', namespace, '--wait=false']);
    });

    test('F18 connections that are cut: every change is told once, and nothing is listed again', async () => {
      for (const name of ['c', 'd', 'e']) {
        proxy.cutOnce();
        await make(name);
      }
      await eventually('The changes', () => names() === 'a,b,c,d,e');
      expect([told.join(), counters()?.lists]).toEqual(['added a,added b,added c,added d,added e', 1]);
    });

    test('F16 F22 the API server dies, forgets old versions and comes back: what changed meanwhile is told, nothing is called gone that is not', async () => {
      proxy.cut();
      await make('f');
      await kubectl('-n', namespace, 'delete', 'configmap', 'a');
      await eventually('The view to grow old', () => !isFresh());
      expect(names()).toBe('a,b,c,d,e');
      await killApiServer(cluster());
      await compactEtcd(cluster());
      await up(cluster(), () => undefined);
      proxy.heal();
      await eventually('The view as the cluster is', () => isFresh() && names() === 'b,c,d,e,f');
      expect(told.slice(5)).toEqual(['added f', 'deleted a']);
      expect(counters()?.relists).toBe(1);
      await make('g');
      await eventually('The watch after the list', () => names() === 'b,c,d,e,f,g');
    });

    test('F17 F41 rights that are taken away (403) and credentials that are refused (401): the view is not fresh, and recovers by itself', async () => {
      await kubectl('delete', 'clusterrolebinding', 'watch-faults');
      // The server forgets a right a moment after it is gone; a watch that comes back before that goes on.
      const mayWatch = ['auth', 'can-i', 'watch', 'configmaps', '-A', `--as=${reader}`];
      await until('The right being gone', async () => (await cluster().tryKubectl(mayWatch)).output.startsWith('no'), 60_000);
      proxy.cutOnce();
      await eventually('403', () => !isFresh());
      await grant();
      await eventually('The rights back', isFresh);
      useToken('no-longer-valid');
      proxy.cutOnce();
      await eventually('401', () => !isFresh());
      useToken(await newToken());
      await eventually('The credentials back', isFresh);
      await make('h');
      await eventually('The change after it', () => names() === 'b,c,d,e,f,g,h');
      expect(told.slice(7)).toEqual(['added g', 'added h']);
    });
  });
}

/** As a crash: the process is gone and its watch cache with it. Comes back with `up`. */
export async function killApiServer(cluster: Cluster): Promise<void> {
  const server = (await cluster.processes.list()).find(({ name }) => name === 'kube-apiserver');
  if (server === undefined) throw new Error('The API server is not among the processes.');
  process.kill(server.pid, 'SIGKILL');
  await until('The end of the API server', async () => (await cluster.processes.list()).some(({ name, isRunning }) => name === 'kube-apiserver' && !isRunning), 10_000);
}

/** Makes etcd forget every version before now. */
async function compactEtcd(cluster: Cluster): Promise<void> {
  const ask = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${cluster.ports.etcdClient}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd answered ${answer.status} to ${path}.`);
    return answer.json();
  };
  const { header } = unsafeRange(await ask('/v3/kv/range', { key: Buffer.from('/').toString('base64') }));
  await ask('/v3/kv/compaction', { revision: header.revision, physical: true });
}

function unsafeRange(value: unknown): { readonly header: { readonly revision: string } } {
  return value as { readonly header: { readonly revision: string } };
}
