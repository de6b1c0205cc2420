import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until, type Cluster } from '../cluster.ts';
import { nodeName } from '../settings.ts';
import { hubOf, opsToken, password, tellStory, type Hub } from '../workspaces/product.test-support.ts';
import { giveImage, homesVolume, prepareGround, tenantsVolume, type Ground } from './ground.test-support.ts';
import { chartFolder, createHelm, type Helm } from './helm.ts';

const namespace = 'stratalab-with-hub';
const prefix = 'tenant-of-hub-';
const image = 'localhost/stratalab:1';
const release = ['stratalab', chartFolder, '--namespace', namespace] as const;
const patient = ['--wait', '--timeout', '240s'] as const;

/** The chart as it is by default: Hub, proxy and services in one pod; workspaces and jobs are pods, all of the strictest level, from images alone. */
export function describeIncludedHub(cluster: () => Cluster, folder: () => string): void {
  describe('the chart with its own Hub', () => {
    let ground: Ground;
    let helm: Helm;
    let values = '';
    let url = '';
    let hub: Hub;
    const kubectl = (...args: string[]): Promise<string> => cluster().kubectl(args);
    const logOf = (): Promise<string> => readFile(join(ground.dataFolder, 'logs/hub.log'), 'utf8').catch(String);
    const workspace = async (): Promise<WorkspacePod> => JSON.parse(await kubectl('-n', `${prefix}demo`, 'get', 'pod', 'workspace-admin', '-o', 'json'));

    beforeAll(async () => {
      const hubEnvironment = { STRATALAB_ADMIN_PASSWORD: password, STRATALAB_OPS_TOKEN: opsToken, STRATALAB_UI_TEST: '1' };
      ground = await prepareGround(cluster(), { folder: folder(), namespace, secrets: { 'stratalab-hub': hubEnvironment } });
      await giveImage(cluster(), { archive: join(folder(), 'stratalab.tar'), reference: image, hasHub: true });
      helm = await createHelm(cluster().settings, join(folder(), 'helm'), cluster());
      values = join(folder(), 'values-with-hub.json');
      await writeFile(values, JSON.stringify(valuesOf(ground)));
    }, 600_000);
    afterAll(() => ground.close(), 60_000);

    test('it comes up in one pod, and makes the place of its tenant with the rights of its own account', async () => {
      const { code, errors } = await helm.try(['install', ...release, '--values', values, ...patient]);
      expect({ code, why: code === 0 ? '' : `${errors}\n${await logOf()}\n${await kubectl('-n', namespace, 'describe', 'pods')}`.slice(-6000) }).toEqual({ code: 0, why: '' });
      url = `http://${await kubectl('-n', namespace, 'get', 'service', 'stratalab', '-o', 'jsonpath={.spec.clusterIP}')}:8000`;
      hub = hubOf(url);
      await until('The place of the tenant', async () => (await cluster().tryKubectl(['get', 'queue', `${prefix}demo`])).code === 0, 90_000);
    }, 300_000);

    test('a person signs in with a browser, mounts a dataset in a pod, and a job from the notebook is a gang', async () => {
      await tellStory('notebook-and-gang', { url, cluster: { prefix, data: ground.dataFolder, kubectl: cluster().kubectlWords } });
      const { spec, status } = await workspace();
      expect(status.phase).toBe('Running');
      expect(spec.volumes.filter(volume => volume['hostPath'] !== undefined)).toEqual([]);
      const levels = await kubectl('get', 'namespace', `${prefix}demo`, '-o', String.raw`jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`);
      expect(levels).toBe('restricted');
    }, 600_000);

    test('an upgrade replaces the pod; accounts are kept, and the workspace goes on', async () => {
      const before = await workspace();
      await helm.run(['upgrade', ...release, '--values', values, '--set', 'logLevel=warn', ...patient]);
      // The Hub answers before it has asked the cluster for everybody's pod.
      const isFound = async (): Promise<boolean> => /"ready": ?true/.test((await hub('GET', '/users/admin')).text);
      await until('The workspace being found', isFound, 60_000);
      expect(await workspace()).toMatchObject({ metadata: { uid: before.metadata.uid }, status: { phase: 'Running' } });
      await hub('DELETE', '/users/admin/server');
      const isGone = async (): Promise<boolean> => (await kubectl('get', 'pods', '-n', `${prefix}demo`, '-l', 'stratalab/workspace', '-o', 'name')) === '';
      await until('The end of the workspace', isGone, 60_000);
    }, 400_000);

    test('removing it leaves the data and the accounts', async () => {
      await helm.run(['uninstall', 'stratalab', '--namespace', namespace, '--wait', '--timeout', '180s']);
      const claims = await kubectl('-n', namespace, 'get', 'persistentvolumeclaims', '-o', 'jsonpath={range .items[*]}{.metadata.name}={.status.phase} {end}');
      expect(claims.trim()).toBe('stratalab-data=Bound stratalab-hub=Bound');
    }, 240_000);
  });
}

interface WorkspacePod {
  readonly metadata: { readonly uid: string };
  readonly spec: { readonly volumes: readonly Readonly<Record<string, unknown>>[] };
  readonly status: { readonly phase: string };
}

/** What an installation must say of itself, and how small it is here. */
function valuesOf({ dataFolder }: Ground): object {
  const onNode = { 'kubernetes.io/hostname': nodeName };
  const pod = { nodeSelector: onNode };
  const [repository, tag] = image.split(':');
  return {
    image: { repository, tag, pullPolicy: 'Never' },
    hub: { environmentSecret: 'stratalab-hub' },
    jobs: { image, namespacePrefix: prefix, volume: tenantsVolume(dataFolder), pod },
    workspaces: { image, volume: homesVolume(dataFolder), pod },
    data: { size: '1Gi' },
    resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '2Gi' } },
    nodeSelector: onNode,
    drainSeconds: 5
  };
}
