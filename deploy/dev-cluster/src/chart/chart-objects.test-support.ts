import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createMetrics } from '@stratalab/kernel';
import { parseAllDocuments } from 'yaml';
import { moduleFolder } from '../binaries/build.ts';
import { until, type Cluster } from '../cluster.ts';
import { definitionModules } from '../components.ts';
import { dashboardMetrics, exportedMetrics } from './dashboards.ts';
import { generatedFiles } from './generated-files.ts';
import { chartFolder, createHelm, type Helm } from './helm.ts';

const namespace = 'chart-strict';
const digest = `sha256:${'0'.repeat(64)}`;
const images = [`image.digest=${digest}`, `jobs.image=registry.example/job@${digest}`, `workspaces.image=registry.example/notebook@${digest}`];
const own = ['hub.included=false', 'hub.apiUrl=http://hub.jupyter.svc:8081/hub/api'];
/** Installations as people have them. */
const installations: Readonly<Record<string, readonly string[]>> = {
  'with its own Hub behind an Ingress': [...images, 'ingress.enabled=true', 'ingress.className=nginx', 'ingress.tlsSecretName=tls', 'origin=https://lab.example.org'],
  'beside a Hub, in one pod': [...images, ...own],
  'beside a Hub, one service per pod': [...images, ...own, 'services.layout=apart', 'services.replicas=2'],
  'without Kubernetes for jobs, on a volume that is there': [
    ...images,
    ...own,
    'jobs.runtime=local',
    'data.existingClaim=files',
    'networkPolicy.enabled=false',
    'database.backupBeforeUpgrade=never'
  ],
  'with walls, secrets and places for everything': [
    ...images,
    'rbac.sharedSecrets[0]=registry',
    'image.pullSecrets[0]=registry',
    'hub.environmentSecret=stratalab-oidc',
    'nodeSelector.pool=platform',
    'tolerations[0].operator=Exists',
    'networkPolicy.egress[0].ports[0].port=5432',
    'jobs.gpuSlices[0]=nvidia.com/mig-1g.10gb',
    'jobs.gpuKinds.slice.resource=nvidia.com/mig-1g.10gb',
    'jobs.gpuKinds.h200.resource=nvidia.com/gpu',
    'jobs.gpuKinds.h200.nodeSelector.model=NVIDIA-H200',
    'jobs.reclaim=true',
    'objectStore.bucket=stratalab',
    'objectStore.endpoint=https://s3.example.org',
    'objectStore.secretName=bucket',
    'ray.enabled=true',
    `ray.image=registry.example/ray@${digest}`,
    'workspaces.volume.nfs.server=files',
    'workspaces.volume.nfs.path=/home',
    'jobs.volume.nfs.server=files',
    'jobs.volume.nfs.path=/tenants/{tenant}',
    'podAnnotations.team=data'
  ]
};

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly template?: { readonly spec: Pod };
    /** Of a Service. */
    readonly ports?: readonly { readonly name: string }[];
    /** Of a ServiceMonitor. */
    readonly endpoints?: readonly { readonly port: string }[];
  };
}
interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly {
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly volumeMounts: readonly { readonly mountPath: string }[];
  }[];
}

/** The chart as Helm renders it: correct by its own lint, and every object judged by a real API server. */
export function describeChartObjects(cluster: () => Cluster, folder: () => string): void {
  describe('the chart', () => {
    let helm: Helm;
    const settings = (values: readonly string[]): readonly string[] => values.flatMap(value => ['--set', value]);
    const render = async (values: readonly string[], more: readonly string[] = []): Promise<readonly Rendered[]> =>
      unsafeRendered(
        parseAllDocuments(await helm.run(['template', 'stratalab', chartFolder, '--namespace', namespace, ...settings(values), ...more])).map(document => document.toJSON())
      );
    const judge = (items: readonly object[]) =>
      cluster().tryKubectl(['create', '--dry-run=server', '--validate=strict', '-n', namespace, '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

    beforeAll(async () => {
      helm = await createHelm(cluster().settings, join(folder(), 'helm'));
      const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
      await cluster().kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }));
      await cluster().kubectl(['-n', namespace, 'create', 'serviceaccount', 'stratalab']);
    }, 600_000);

    test.each(Object.entries(installations))(
      '%s: passes a strict lint, and every object and pod a strict dry-run under restricted pod security',
      async (_name, values) => {
        await helm.run(['lint', '--strict', chartFolder, ...settings(values)]);
        const objects = await render(values);
        expect(objects.length).toBeGreaterThan(4);
        const pods = objects.flatMap(({ metadata, spec }) =>
          spec?.template === undefined ? [] : [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: `${metadata.name}-pod` }, spec: spec.template.spec }]
        );
        expect(pods.length).toBeGreaterThan(0);
        // The account is there already: pods are admitted only with one.
        expect(await judge([...objects.filter(({ kind }) => kind !== 'ServiceAccount'), ...pods])).toMatchObject({ code: 0, errors: '' });
      },
      120_000
    );

    test('services that run apart know each other by Services that exist, and only who speaks to the cluster gets a token for it', async () => {
      const objects = await render(installations['beside a Hub, one service per pod'] ?? []);
      const services = objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
      const deployments = objects.filter(({ kind }) => kind === 'Deployment');
      expect(deployments).toHaveLength(8);
      for (const { metadata, spec } of deployments) {
        const urls = spec?.template?.spec.containers[0]?.env.find(({ name }) => name === 'STRATALAB_SERVICE_URLS')?.value ?? '';
        const hosts = urls.split(',').map(part => new URL(part.split('=')[1] ?? '').hostname);
        expect(hosts).toHaveLength(7);
        expect(services).toEqual(expect.arrayContaining(hosts));
        expect(spec?.template?.spec.automountServiceAccountToken).toBe(metadata.name !== 'stratalab-gateway');
      }
    });

    test('one wrong field among many is found', async () => {
      const [first, ...others] = (await render(installations['beside a Hub, in one pod'] ?? [])).filter(({ kind }) => kind === 'Service' || kind === 'Deployment');
      const { code, errors } = await judge([...others, { ...first, spec: { ...first?.spec, replicsa: 1 } }]);
      expect([code === 0, errors]).toEqual([false, expect.stringContaining('replicsa')]);
    });

    test('a secret is never a value, and ServiceMonitors are made only where the cluster knows them', async () => {
      const kinds = (objects: readonly Rendered[]): readonly string[] => objects.map(({ kind }) => kind);
      const values = installations['beside a Hub, in one pod'] ?? [];
      expect(kinds(await render(values))).not.toContain('Secret');
      expect(kinds(await render(values))).not.toContain('ServiceMonitor');
      expect(kinds(await render(values, ['--api-versions', 'monitoring.coreos.com/v1']))).toContain('ServiceMonitor');
      expect(kinds(await render([...values, 'monitoring.serviceMonitor=off'], ['--api-versions', 'monitoring.coreos.com/v1']))).not.toContain('ServiceMonitor');
    });

    test("a ServiceMonitor is one by the Prometheus operator's own definition, and finds a port that exists", async () => {
      const crd = join(await moduleFolder(definitionModules.prometheus), 'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml');
      await cluster().kubectl(['create', '-f', crd]);
      try {
        await cluster().kubectl(['wait', '--for=condition=Established', '--timeout=60s', '-f', crd]);
        const values = [...(installations['beside a Hub, one service per pod'] ?? []), 'monitoring.serviceMonitor=on', 'monitoring.serviceMonitorLabels.release=prometheus'];
        const objects = await render(values);
        const [monitor, ...others] = objects.filter(({ kind }) => kind === 'ServiceMonitor');
        expect(others).toEqual([]);
        // The definition is served a moment after it is established.
        await until('The definition being served', async () => (await judge([monitor ?? {}])).code === 0, 30_000);
        expect((await judge([{ ...monitor, spec: { ...monitor?.spec, endpoint: [] } }])).errors).toContain('endpoint');
        const ports = objects.flatMap(({ kind, spec }) => (kind === 'Service' ? (spec?.ports ?? []) : [])).map(({ name }) => name);
        for (const { port } of monitor?.spec?.endpoints ?? []) expect(ports).toContain(port);
      } finally {
        await cluster().kubectl(['delete', '-f', crd]);
      }
    }, 120_000);

    test('Ray is offered, and its objects may be touched, only where it is enabled', async () => {
      const values = installations['with its own Hub behind an Ingress'] ?? [];
      const rayOf = (objects: readonly Rendered[]): readonly string[] => [
        ...objects.filter(object => JSON.stringify(object).includes('ray.io')).map(({ metadata }) => metadata.name),
        ...objects
          .flatMap(({ spec }) => spec?.template?.spec.containers[0]?.env ?? [])
          .flatMap(({ name, value }) => (name.startsWith('STRATALAB_RAY_') ? [`${name}=${value}`] : []))
      ];
      expect(rayOf(await render(values))).toEqual([]);
      expect(rayOf(await render([...values, 'ray.enabled=true', 'ray.image=registry.example/ray:2.60.0', 'ray.version=2.60.0']))).toEqual([
        ...['stratalab-platform', 'stratalab-tenant-platform'],
        ...['STRATALAB_RAY_IMAGE=registry.example/ray:2.60.0', 'STRATALAB_RAY_VERSION=2.60.0']
      ]);
    });

    test('a bucket is named only where there is one, to the platform alone, and its keys come as files', async () => {
      const values = [...(installations['beside a Hub, one service per pod'] ?? []), 'objectStore.secretName=bucket'];
      const bucketOf = async (more: readonly string[]): Promise<readonly (readonly unknown[])[]> =>
        (await render([...values, ...more])).flatMap(({ metadata, spec }) => {
          const [container] = spec?.template?.spec.containers ?? [];
          const named = (container?.env ?? []).filter(({ name }) => name.startsWith('STRATALAB_S3_')).length;
          return named === 0 ? [] : [[metadata.name, named, container?.volumeMounts.some(({ mountPath }) => mountPath === '/etc/stratalab/bucket')]];
        });
      expect(await bucketOf([])).toEqual([]);
      const named = await bucketOf(['objectStore.bucket=stratalab']);
      expect(named).toHaveLength(7);
      expect(new Set(named.flatMap(([, ...facts]) => facts))).toEqual(new Set([6, true]));
      expect(named.map(([name]) => name)).not.toContain('stratalab-gateway');
    });

    test.each([
      ['a misspelled value', ['databse.secretName=x'], "additional properties 'databse' not allowed"],
      ['root', ['userId=0'], 'minimum'],
      ['a tag that changes its meaning', ['image.tag=latest'], '/image/tag'],
      ['jobs without an image', ['jobs.image='], 'jobs.runtime=kubernetes needs jobs.image'],
      ['Ray without an image', ['ray.enabled=true'], 'ray.enabled needs ray.image'],
      ['services apart with the included Hub', ['services.layout=apart'], 'needs a Hub of your own']
    ])('%s is refused before anything is made', async (_name, values, words) => {
      const { code, errors } = await helm.try(['template', 'stratalab', chartFolder, ...settings([...images, ...values])]);
      expect(code).not.toBe(0);
      expect(errors).toContain(words);
    });

    test('README and rights are what values.yaml and the tenancy adapter say; else run deploy/dev-cluster/src/chart/write-chart.ts', async () => {
      for (const { path, text } of await generatedFiles()) expect({ path, text: await readFile(path, 'utf8') }).toEqual({ path, text });
    });

    test('every metric of the dashboards is one that a process exports', async () => {
      const exported = exportedMetrics(await createMetrics().registry.metrics());
      const used = await dashboardMetrics();
      expect(used.size).toBeGreaterThan(8);
      expect([...used].filter(([metric]) => !exported.has(metric))).toEqual([]);
    });
  });
}

/** What is not an empty document is an object of Kubernetes. */
function unsafeRendered(documents: readonly unknown[]): readonly Rendered[] {
  const objects: unknown = documents.filter(document => document !== null);
  return objects as readonly Rendered[];
}
