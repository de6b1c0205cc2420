import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controlRoutes } from '@stratalab/contracts/control';
import { mountService } from '@stratalab/kernel';
import { administrator, createTenant, createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import { control } from './index.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const slice = {
  ...{ displayName: 'Slice of a GPU', description: 'Small models', cpu: 2, memoryMiB: 8192, gpuCount: 1, isDefault: false, tenants: null, gpuResource: 'nvidia.com/mig-1g.18gb' },
  nodeSelector: { 'example.org/pool': 'gpu' },
  tolerations: [{ key: 'gpu', operator: 'Exists' as const, effect: 'NoSchedule' as const }],
  images: [{ name: 'torch', displayName: 'PyTorch', image: `registry.example/notebook-gpu@${digest}` }]
};

describe('workspace profiles', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await createTestHost({ services: [mountService(control, fakeControlPorts())] });
  });
  afterAll(() => host.close());
  const admin = () => host.clientFor(controlRoutes, administrator);
  const put = (body: object, name = 'slice') => host.request(administrator, 'PUT', `/api/control/v1/profiles/${name}`, body);
  const names = async (): Promise<readonly string[]> => (await admin().listProfiles({})).items.map(({ name }) => name);

  test('an administrator offers a profile with its GPUs, nodes and images, and the Hub is given all of it', async () => {
    expect(await admin().putProfile({ params: { profile: 'slice' }, body: slice })).toEqual({ name: 'slice', ...slice });
    const admitted = await admin().admitWorkspace({ body: { subject: 'ann', server: '', profile: 'slice', groups: ['demo:editor'] } });
    expect(admitted.profile).toEqual({ name: 'slice', ...slice });
    await admin().releaseWorkspace({ params: { subject: 'ann' } });
    expect(await names()).toEqual(['small', 'large', 'slice']);
  });

  test('a change keeps the place in the list; a new default takes that from the old one and cannot be removed', async () => {
    await put({ ...slice, isDefault: true });
    expect(await names()).toEqual(['slice', 'small', 'large']);
    expect((await host.request(administrator, 'DELETE', '/api/control/v1/profiles/slice')).status).toBe(409);
    await put({ ...slice, displayName: 'Small', gpuCount: 0, isDefault: true }, 'small');
    expect(await names()).toEqual(['small', 'large', 'slice']);
    await admin().removeProfile({ params: { profile: 'slice' } });
    await admin().removeProfile({ params: { profile: 'slice' } });
    expect(await names()).toEqual(['small', 'large']);
  });

  test('there is always a default', async () => {
    expect(await admin().putProfile({ params: { profile: 'small' }, body: { ...slice, isDefault: false } })).toMatchObject({ isDefault: true });
  });

  test('T62 an image that is not named by digest, and anything that is no label of a node, is refused', async () => {
    const image = (text: string) => ({ ...slice, images: [{ name: 'x', displayName: 'X', image: text }] });
    expect((await put(image('registry.example/notebook:latest'))).status).toBe(400);
    expect((await put({ ...slice, nodeSelector: { 'no label': 'x' } })).status).toBe(400);
    expect((await put({ ...slice, gpuResource: 'cpu' })).status).toBe(400);
    expect((await put({ ...slice, images: [...slice.images, ...slice.images] })).status).toBe(422);
  });

  test('a profile for some tenants is offered to and admitted for those alone, and others hear nothing of it', async () => {
    await createTenant(host, 'vision');
    await put({ ...slice, tenants: ['vision'] }, 'vision-gpu');
    const offered = async (...groups: string[]): Promise<readonly string[]> => (await admin().listOfferedProfiles({ body: { groups } })).items.map(({ name }) => name);
    expect(await offered('vision:editor')).toEqual(['small', 'large', 'vision-gpu']);
    // The tenant that pays decides, not the one that might.
    expect(await offered('demo:editor', 'vision:editor')).toEqual(['small', 'large']);
    expect(await offered('staff')).toEqual([]);
    const admit = (group: string) => admin().admitWorkspace({ body: { subject: 'mia', server: '', profile: 'vision-gpu', groups: [group] } });
    await expect(admit('demo:editor')).rejects.toMatchObject({ code: 'not-found', details: { hint: 'Choose another size.' } });
    expect((await admit('vision:editor')).profile.tenants).toEqual(['vision']);
    await admin().releaseWorkspace({ params: { subject: 'mia' } });
    const seenBy = async (tenants: Readonly<Record<string, 'editor'>>) => (await host.clientFor(controlRoutes, testActor({ subject: 'eve', tenants })).listProfiles({})).items;
    expect(JSON.stringify(await seenBy({ demo: 'editor' }))).not.toContain('vision');
    await put({ ...slice, tenants: ['demo', 'vision'] }, 'vision-gpu');
    expect((await seenBy({ demo: 'editor' })).find(({ name }) => name === 'vision-gpu')?.tenants).toEqual(['demo']);
    await admin().removeProfile({ params: { profile: 'vision-gpu' } });
  });

  test('the default profile is for every tenant', async () => {
    expect((await put({ ...slice, isDefault: true, tenants: ['demo'] })).status).toBe(422);
    expect((await put({ ...slice, isDefault: false, tenants: ['demo'] }, 'small')).status).toBe(422);
    expect(await names()).not.toContain('slice');
  });

  test('nobody else changes what is on offer', async () => {
    const ann = testActor({ subject: 'ann', tenants: { demo: 'admin' } });
    expect((await host.request(ann, 'PUT', '/api/control/v1/profiles/slice', slice)).status).toBe(403);
    expect((await host.request(ann, 'DELETE', '/api/control/v1/profiles/large')).status).toBe(403);
  });
});
