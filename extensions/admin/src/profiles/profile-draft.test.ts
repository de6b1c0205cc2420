import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, test } from '@jest/globals';
import type { Profile } from '@stratalab/contracts/control';
import { draftOf, emptyDraft, inputOf, nameOf, problemsOf, type ProfileDraft } from './profile-draft';

const texts = nullTranslator.load('stratalab');
const image = `registry.example/notebook@sha256:${'a'.repeat(64)}`;
const profile: Profile = {
  ...{ name: 'slice', displayName: 'Slice of a GPU', description: 'Small models', cpu: 2.5, memoryMiB: 8200, gpuCount: 1, isDefault: false },
  ...{ tenants: ['vision'], gpuResource: 'nvidia.com/mig-1g.18gb', nodeSelector: { 'example.org/pool': 'gpu', spot: '' } },
  tolerations: [
    { key: 'gpu', operator: 'Exists' },
    { key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute' },
    { key: 'c', operator: 'Exists', effect: 'NoSchedule' }
  ],
  images: [{ name: 'torch', displayName: 'PyTorch', image }]
};
const good: ProfileDraft = { ...emptyDraft, displayName: 'Large' };
const wrong = (part: Partial<ProfileDraft>): readonly string[] => [...problemsOf({ ...good, ...part }, texts).keys()];

describe('the form of a profile', () => {
  test('a profile goes through the form unchanged', () => {
    const { name, ...input } = profile;
    expect(inputOf(draftOf(profile))).toEqual(input);
    expect(nameOf(draftOf(profile))).toBe(name);
    expect(draftOf(profile)).toMatchObject({ labels: ['example.org/pool=gpu', 'spot='], taints: ['gpu', 'a=b:NoExecute', 'c:NoSchedule'] });
    expect(problemsOf(draftOf(profile), texts).size).toBe(0);
  });

  test('a name follows what people see until one is typed; empty lines are nothing', () => {
    expect(nameOf(good)).toBe('large');
    expect(nameOf({ ...good, name: 'xl' })).toBe('xl');
    expect(inputOf({ ...good, cpu: '1,5', labels: [' '], taints: [''], images: [{ displayName: '', image: ' ' }] })).toMatchObject({
      cpu: 1.5,
      nodeSelector: {},
      tolerations: [],
      images: []
    });
  });

  test('new images get names of their own beside those that have one', () => {
    const images = [profile.images[0] ?? { displayName: '', image }, { displayName: 'Torch', image }, { displayName: '火炬', image }];
    expect(inputOf({ ...good, images }).images?.map(({ name }) => name)).toEqual(['torch', 'torch-2', 'image']);
  });

  test('each field says what is wrong with it', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ displayName: ' ', name: 'x' })).toEqual(['displayName']);
    // A name that follows from nothing is not a second mistake.
    expect(wrong({ displayName: '' })).toEqual(['displayName']);
    expect(wrong({ name: 'Two Words' })).toEqual(['name']);
    for (const cpu of ['', '0', '-1', '2 cores', '1025']) expect(wrong({ cpu })).toEqual(['cpu']);
    for (const memoryGiB of ['0.1', 'much', '99999999']) expect(wrong({ memoryGiB })).toEqual(['memoryGiB']);
    for (const gpuCount of ['0.5', '65', '']) expect(wrong({ gpuCount })).toEqual(['gpuCount']);
    expect(wrong({ tenants: [] })).toEqual(['tenants']);
    expect(wrong({ gpuResource: 'cpu' })).toEqual(['gpuResource']);
    for (const label of ['pool', 'no label=x', 'pool=a b', '=x']) expect(wrong({ labels: [label] })).toEqual(['labels']);
    for (const taint of ['gpu:Never', 'a b', ':NoSchedule', 'a=b:', 'a:b:NoSchedule']) expect(wrong({ taints: [taint] })).toEqual(['taints']);
    for (const text of ['registry.example/notebook:latest', '']) expect(wrong({ images: [{ displayName: 'X', image: text }] })).toEqual(['images']);
  });

  test('the default profile is for every tenant, and says so first of all', () => {
    expect(problemsOf({ ...good, isDefault: true, tenants: ['demo'] }, texts).get('tenants')).toBe('The default profile is for every tenant');
    expect(problemsOf({ ...good, isDefault: true, tenants: [] }, texts).get('tenants')).toBe('Choose at least one tenant');
  });
});
