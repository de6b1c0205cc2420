import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until, type Cluster } from '../cluster.ts';
import { freePorts } from '@stratalab/tooling/free-ports';
import { importRayImage, rayFolder } from '../node/ray-image.test-support.ts';
import { runProgram } from '../run-program.ts';
import { hostAddress } from '../settings.ts';
import { installRights, kubeConfigOf, testSite } from '../tenancy/platform-account.test-support.ts';
import { repository, startProduct, tellStory, type Product, type ProductOptions, type Stage } from './product.test-support.ts';

/** Apart from what other tests of the same cluster make. */
const prefix = 'tenant-lab-';
const namespace = `${prefix}demo`;
const image = 'localhost/hostusr:1';
const user = 1000;

/** The whole product on a real node: workspaces and jobs are pods, made by accounts that have the committed rights and no other. */
export function describeHubOnCluster(cluster: () => Cluster, folder: () => string): void {
  describe('JupyterHub on the cluster', () => {
    let product: Product;
    let options: ProductOptions;
    const data = (): string => join(folder(), 'product');
    const kubectl = (...args: string[]): Promise<string> => cluster().kubectl(args);
    const stage = (): Stage => ({ url: product.url, cluster: { prefix, data: data(), kubectl: cluster().kubectlWords } });

    beforeAll(async () => {
      // The image sees folders of this machine, which no stricter level allows; real tenants are `restricted`.
      const site = testSite(data(), { podSecurity: 'privileged', namespaceOf: tenant => `${prefix}${tenant}` });
      await installRights(cluster(), site);
      const write = async (name: string, account: typeof site.hubAccount): Promise<string> => {
        const path = join(folder(), `${name}.kubeconfig`);
        await writeFile(path, (await kubeConfigOf(cluster(), account)).exportConfig(), { mode: 0o600 });
        return path;
      };
      const port = await freePorts();
      const pod = JSON.stringify(await mountedProduct());
      options = {
        ...{ data: data(), port },
        environment: {
          ...{ KUBECONFIG: await write('platform', site.platformAccount), STRATALAB_WORKSPACE_KUBECONFIG: await write('hub', site.hubAccount) },
          ...{ STRATALAB_SPAWNER: 'kubernetes', STRATALAB_LISTEN: '0.0.0.0', STRATALAB_CLUSTER_POD_SECURITY: 'privileged', STRATALAB_CLUSTER_NAMESPACE_PREFIX: prefix },
          ...{ STRATALAB_CLUSTER_HUB_ACCOUNT: `${site.hubAccount.namespace}/${site.hubAccount.name}` },
          ...{ STRATALAB_WORKSPACE_IMAGE: image, STRATALAB_WORKSPACE_ORIGIN: `http://${hostAddress}:${port}`, STRATALAB_WORKSPACE_POD: pod },
          ...{ STRATALAB_WORKSPACE_ROOT: repository, STRATALAB_WORKSPACE_VENV: join(repository, '.venv') },
          ...{ STRATALAB_JOB_RUNTIME: 'kubernetes', STRATALAB_JOB_IMAGE: image, STRATALAB_JOB_ORIGIN: `http://${hostAddress}:${port}`, STRATALAB_JOB_POD: pod },
          STRATALAB_RAY_IMAGE: await importRayImage(cluster())
        }
      };
      product = await startProduct(options);
      // The platform makes the place of the sample tenant; the last of it is what a workspace needs last.
      const isMade = async (): Promise<boolean> => (await cluster().tryKubectl(['get', 'queue', namespace])).code === 0;
      await until('The place of the tenant', isMade, 60_000);
    });

    afterAll(async () => {
      await product.stop();
      // Workspaces outlive their Hub; these have nobody to come back to them.
      await kubectl('delete', 'pods', '-n', namespace, '-l', 'stratalab/workspace', '--grace-period=1');
    });

    test('a person signs in with a browser, mounts a dataset in a pod, and a job from the notebook is a gang', async () => {
      await tellStory('notebook-and-gang', stage());
      expect(await podOf('admin')).toMatchObject({ status: { phase: 'Running' }, spec: { automountServiceAccountToken: false } });
    });

    test('a job sent from the Jobs panel as a gang and then as a Ray job is the same in everything but its launcher', async () => {
      await tellStory('two-launchers', stage());
    }, 600_000);

    test('F35 a workspace outlives its Hub, is found again, and ends when it is asked to', async () => {
      const before = await podOf('admin');
      await product.stop();
      product = await startProduct(options);
      // The Hub answers before it has asked the cluster for everybody's pod.
      let found: unknown;
      const isFound = async (): Promise<boolean> => {
        const { status, text } = await product.hub('GET', '/users/admin');
        if (status !== 200) return false;
        found = JSON.parse(text);
        return /"ready": ?true/.test(text);
      };
      await until('The workspace being found', isFound, 60_000);
      expect(found).toMatchObject({ servers: { '': { ready: true, stopped: false } } });
      expect(await podOf('admin')).toMatchObject({ metadata: { uid: before.metadata.uid }, status: { phase: 'Running' } });
      await product.hub('DELETE', '/users/admin/server');
      const isGone = async (): Promise<boolean> => (await kubectl('get', 'pods', '-n', namespace, '-l', 'stratalab/workspace', '-o', 'name')) === '';
      await until('The end of the workspace', isGone, 60_000);
    });

    test('a server that ends at its start is told to its owner with its exit code and its own last words', async () => {
      await putIntoDemo('unlucky');
      const home = join(data(), 'home/unlucky');
      await mkdir(join(home, '.jupyter'), { recursive: true });
      await writeFile(join(home, '.jupyter/jupyter_server_config.py'), 'print("broken by its owner", flush=True)\nimport os\nos._exit(7)\n');
      for (const path of [home, join(home, '.jupyter')]) await chown(path, user, user);
      await product.hub('POST', '/users/unlucky/server');
      const told = await failureOf('unlucky');
      expect(told).toContain('The server ended right after its start, with exit code 7');
      expect(told).toContain('broken by its owner');
      expect(await kubectl('get', 'pods', '-n', namespace, '-l', 'stratalab/workspace=unlucky', '-o', 'name')).toBe('');
    });

    test('what the cluster refuses is told in its own words, and leaves nothing behind', async () => {
      await putIntoDemo('crowded');
      await kubectl('create', 'quota', 'full', '-n', namespace, '--hard=pods=0');
      // A quota counts from when the cluster has looked at it, and is told so; before that pods pass it, or are refused in other words.
      const tried = ['run', 'probe', '-n', namespace, `--image=${image}`, '--dry-run=server'];
      await until('The quota being in force', async () => (await cluster().tryKubectl(tried)).errors.includes('exceeded quota: full'), 60_000);
      const answer = await product.hub('POST', '/users/crowded/server');
      await kubectl('delete', 'quota', 'full', '-n', namespace);
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('The cluster has no room left for this tenant');
      expect(answer.text).toContain('exceeded quota: full');
    });

    async function podOf(name: string): Promise<{ readonly metadata: { readonly uid: string } }> {
      return JSON.parse(await kubectl('get', 'pod', `workspace-${name}`, '-n', namespace, '-o', 'json'));
    }

    async function putIntoDemo(name: string): Promise<void> {
      await product.hub('POST', `/users/${name}`);
      await product.hub('POST', '/groups/demo:editor');
      await product.hub('POST', '/groups/demo:editor/users', { users: [name] });
    }

    /** The last event of the start, as the page that waits for it gets it. */
    async function failureOf(name: string): Promise<string> {
      let text = '';
      const isTold = async (): Promise<boolean> => {
        text = (await product.hub('GET', `/users/${name}/server/progress`)).text;
        return text.includes('"failed": true');
      };
      await until(`The failure of ${name}`, isTold, 60_000).catch(async (error: unknown) => {
        const pods = await kubectl('get', 'pods', '-n', namespace, '-o', 'yaml');
        throw new Error(`${String(error)}\nThe Hub said: ${text}\nIts log: ${(await product.log()).slice(-4000)}\nThe pods: ${pods}`, { cause: error });
      });
      return text;
    }
  });
}

/** The programs of this checkout and the tests' Ray, at the same places as here: what an image holds on a real installation. */
async function mountedProduct(): Promise<object> {
  const python = (await runProgram(join(repository, '.venv/bin/python'), ['-c', 'import sys; print(sys.base_prefix)'])).trim();
  const own = ['.venv', 'share', 'hub-config', 'extensions'].map(name => join(repository, name));
  const paths = ['/usr', ...(python.startsWith('/usr') ? [] : [python]), ...own, rayFolder];
  return {
    nodeSelector: { real: 'true' },
    volumes: paths.map((path, index) => ({ name: `host-${index}`, hostPath: { path } })),
    volumeMounts: paths.map((path, index) => ({ name: `host-${index}`, mountPath: path, readOnly: true }))
  };
}
