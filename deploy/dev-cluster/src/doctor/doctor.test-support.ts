import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCluster, until, type Cluster } from '../cluster.ts';
import { freePorts } from '@stratalab/tooling/free-ports';
import { clusterRoot, readSettings } from '../settings.ts';
import { down, up } from '../up.ts';

const cli = fileURLToPath(new URL('../../../../services/platform/src/cli.ts', import.meta.url));

interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warn' | 'fail' | 'unknown';
  readonly message: string;
  readonly hint?: string;
}

/** What the pods of this cluster are made of; nodes that are real see the host's programs. */
const hostPython = {
  STRATALAB_JOB_IMAGE: 'localhost/hostusr:1',
  STRATALAB_JOB_POD: '{"nodeSelector":{"real":"true"},"volumes":[{"name":"usr","hostPath":{"path":"/usr"}}],"volumeMounts":[{"name":"usr","mountPath":"/usr","readOnly":true}]}'
};

function startDoctor(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, 'doctor', '--cluster', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: '/nowhere', ...environment }
  });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: Number(code), out, said })) };
}

async function examine(
  kubeconfig: string,
  environment: Readonly<Record<string, string>> = {}
): Promise<{ readonly code: number; readonly find: (name: string) => Finding | undefined }> {
  const { code, out, said } = await startDoctor(environment, '--json', '--kubeconfig', kubeconfig).ended;
  if (!out.startsWith('[')) throw new Error(`The doctor said: ${out} ${said}`);
  const findings = unsafeFindings(JSON.parse(out));
  return { code, find: name => findings.find(finding => finding.name === name) };
}

const namespacesOf = async (cluster: Cluster): Promise<string> => cluster.kubectl(['get', 'namespaces', '-l', 'stratalab/doctor', '-o', 'name']);

/** `npx stratalab doctor --cluster` on simulated nodes: everything that needs no real pod. */
export function describeDoctor(cluster: () => Cluster): void {
  describe('npx stratalab doctor --cluster', () => {
    test('names versions, resources, the scheduler it tried, GPUs and slices of them; what simulated pods cannot tell is unknown, not well', async () => {
      const { code, find } = await examine(cluster().kubeconfig, { STRATALAB_JOB_IMAGE: 'registry.invalid/job:1' });
      expect(find('Kubernetes')).toMatchObject({ level: 'ok', message: expect.stringContaining('v1.36') });
      for (const name of ['Volcano jobs', 'Volcano commands', 'Volcano queues and pod groups', 'KubeRay', 'Volcano scheduler', 'Clocks'])
        expect(find(name)).toMatchObject({ level: 'ok' });
      expect(find('GPUs')).toMatchObject({ level: 'ok', message: expect.stringMatching(/nvidia\.com\/gpu.*nvidia\.com\/mig-/) });
      expect(find('Feature gates')).toMatchObject({ level: 'ok' });
      // The administrator of the cluster may do everything, which is more than the platform should.
      expect(find('Rights')).toMatchObject({ level: 'warn', message: expect.stringContaining('everything else as well') });
      expect(find('Network policies')).toMatchObject({ level: 'unknown', message: expect.stringContaining('could not be probed') });
      expect(code).toBe(0);
      expect(await namespacesOf(cluster())).toBe('');
    });

    test('an account that may do little hears which rights are missing, and nothing is left behind', async () => {
      const kubectl = (...args: string[]): Promise<string> => cluster().kubectl(args);
      const folder = await mkdtemp(join(tmpdir(), 'stratalab-doctor-'));
      await kubectl('create', 'serviceaccount', 'weak', '-n', 'default');
      const token = (await kubectl('create', 'token', 'weak', '-n', 'default')).trim();
      const path = join(folder, 'weak.kubeconfig');
      const authority = await readFile(join(cluster().certificates, 'ca.crt'));
      const server = `https://${cluster().address}:${cluster().ports.api}`;
      await writeFile(path, kubeconfigOf({ server, 'certificate-authority-data': authority.toString('base64') }, { token }), { mode: 0o600 });
      const { code, find } = await examine(path);
      expect(find('Rights')).toMatchObject({ level: 'fail', message: expect.stringContaining('lacks'), hint: expect.stringContaining('roles') });
      expect(find('Nodes')).toMatchObject({ level: 'unknown' });
      expect(find('Network policies')).toMatchObject({ level: 'unknown', message: expect.stringContaining('namespaces') });
      expect(code).toBe(1);
      await kubectl('delete', 'serviceaccount', 'weak', '-n', 'default');
      await rm(folder, { recursive: true });
    });

    test('interrupted in the middle, it removes its namespace before it ends', async () => {
      const { child, ended } = startDoctor({ STRATALAB_JOB_IMAGE: 'registry.invalid/job:1' }, '--kubeconfig', cluster().kubeconfig);
      await until('The namespace of the probes', async () => (await namespacesOf(cluster())) !== '', 60_000);
      child.kill('SIGINT');
      expect((await ended).code).toBe(1);
      expect(await namespacesOf(cluster())).toBe('');
    });

    test('a cluster that does not answer is one plain finding', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'stratalab-doctor-'));
      const path = join(folder, 'nowhere.kubeconfig');
      await writeFile(path, kubeconfigOf({ server: 'https://127.0.0.1:1' }, {}));
      const { code, find } = await examine(path);
      expect(find('Kubernetes')).toMatchObject({ level: 'fail', message: expect.stringContaining('does not answer') });
      expect(code).toBe(1);
      await rm(folder, { recursive: true });
    });
  });
}

/** The same on a real node: what only real pods can tell. The network of this cluster enforces no policies, and the doctor must say so. */
export function describeDoctorOnRealNode(cluster: () => Cluster): void {
  describe('npx stratalab doctor --cluster, on a real node', () => {
    test('T58 tries network policies with two real pods and says that nobody enforces them; the documentation shows what it says here', async () => {
      const { code, out } = await startDoctor({ ...hostPython, KUBECONFIG: cluster().kubeconfig }).ended;
      expect(out).toMatch(/✓ Image of jobs: .*\n✗ Network policies: .*NOT enforced.*\n {4}.*Calico/);
      expect(code).toBe(1);
      expect(await namespacesOf(cluster())).toBe('');
      const page = await readFile(join(clusterRoot, '../../docs/from-laptop-to-cluster.md'), 'utf8');
      const [, shown = ''] = /```text\n([^`]*✓ Kubernetes[^`]*)```/.exec(page) ?? [];
      // Whether a shared volume is there depends on what other tests made before.
      const withoutNumbers = (text: string): string =>
        text
          .replaceAll(/^. Shared volume: .*\n(?: {4}.*\n)?/gm, '')
          .replaceAll(/https:\/\/[\d.:]+/g, 'https://…')
          .replaceAll(/[\d.]+/g, 'N');
      expect(withoutNumbers(shown)).toBe(withoutNumbers(out));
    });

    test('an image that cannot be pulled is named', async () => {
      const { find } = await examine(cluster().kubeconfig, { ...hostPython, STRATALAB_JOB_IMAGE: 'localhost/no-such-image:1' });
      expect(find('Image of jobs')).toMatchObject({ level: 'fail', message: expect.stringContaining('localhost/no-such-image:1') });
      expect(find('Network policies')).toMatchObject({ level: 'unknown' });
    });
  });
}

/** A control plane without what jobs are made of. */
export function describeDoctorWithoutResources(): void {
  describe('npx stratalab doctor --cluster, without Volcano and KubeRay', () => {
    let cluster: Cluster;
    let state = '';
    beforeAll(async () => {
      state = await mkdtemp(join(tmpdir(), 'stratalab-bare-'));
      cluster = openCluster({ ...readSettings(), state: join(state, 'cluster'), port: await freePorts() }, 't1');
      await up(cluster, () => undefined);
      const gone = ['jobs.batch.volcano.sh', 'commands.bus.volcano.sh', 'podgroups.scheduling.volcano.sh', 'rayclusters.ray.io', 'rayjobs.ray.io', 'rayservices.ray.io'];
      await cluster.kubectl(['delete', 'crd', ...gone]);
    });
    afterAll(async () => {
      await down(cluster, () => undefined);
      await rm(state, { recursive: true, force: true });
    });

    test('each missing resource is named with what will not work and what to install', async () => {
      const { code, find } = await examine(cluster.kubeconfig);
      expect(find('Volcano jobs')).toMatchObject({
        level: 'fail',
        message: expect.stringMatching(/jobs\.batch\.volcano\.sh.*no job can start/),
        hint: expect.stringContaining('Volcano 1.14')
      });
      expect(find('Volcano queues and pod groups')).toMatchObject({ level: 'fail', message: expect.stringMatching(/podgroups\.scheduling\.volcano\.sh\/v1beta1 are not there/) });
      expect(find('KubeRay')).toMatchObject({ level: 'warn', message: expect.stringContaining('Ray jobs are refused') });
      expect(find('Nodes')).toMatchObject({ level: 'fail' });
      expect(code).toBe(1);
      expect(await namespacesOf(cluster)).toBe('');
    });
  });
}

function kubeconfigOf(cluster: object, user: object): string {
  const name = 'test';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name
  });
}

function unsafeFindings(value: unknown): readonly Finding[] {
  return value as readonly Finding[];
}
