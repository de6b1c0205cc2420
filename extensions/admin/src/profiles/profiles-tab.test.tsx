import { afterEach, describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import type { Profile } from '@stratalab/contracts/control';
import * as React from 'react';
import { act } from 'react';
import { mount, press, until } from '../../../kit/src/testing/render.test-support';
import { button, choose, farSide, field, root, type, type Answers, type FarSide } from '../testing/platform.test-support';
import { ProfilesTab } from './profiles-tab';

const placement = { tenants: null, gpuResource: null, nodeSelector: {}, tolerations: [], images: [] };
const small: Profile = { name: 'small', displayName: 'Small', description: '', cpu: 1, memoryMiB: 2048, gpuCount: 0, isDefault: true, ...placement };
const slice: Profile = {
  ...small,
  ...{ name: 'slice', displayName: 'Slice', isDefault: false, gpuCount: 1, gpuResource: 'nvidia.com/mig-1g.18gb', nodeSelector: { pool: 'gpu' }, tenants: ['vision'] }
};
const list = 'GET /profiles';
const pool = { items: [{ labels: { pool: 'a100', 'kubernetes.io/hostname': 'a' } }], devices: [{ resource: 'nvidia.com/mig-1g.18gb' }] };

let unmount = (): void => undefined;
afterEach(() => {
  unmount();
  document.body.replaceChildren();
});

async function show(answers: Answers): Promise<FarSide> {
  const suite = farSide(root, { [list]: { items: [small, slice] }, 'GET /api/compute/v1/pool': pool, ...answers });
  ({ unmount } = mount(<ProfilesTab tenants={['demo', 'vision']} />, suite));
  await until(() => document.querySelector('[aria-busy=true]') === null);
  return suite;
}
const shows = (text: string): Promise<void> => until(() => document.body.textContent?.includes(text) ?? false);
const alerts = (): readonly (string | null)[] => [...document.querySelectorAll('[role=alert]')].map(({ textContent }) => textContent);
const sent = (suite: FarSide): readonly string[] => suite.asked.filter(line => !line.startsWith('GET'));

describe('workspace profiles', () => {
  test('lists size, devices, machines and whose they are; the default one cannot be deleted', async () => {
    await show({});
    const rows = [...document.querySelectorAll('.jp-Strata-tableRow')].map(row => [...row.children].map(({ textContent }) => textContent?.trim()));
    expect(rows).toEqual([
      ['Small default', '1 core, 2 GiB', '–', 'any machine', 'standard', 'every tenant', 'Change'],
      ['Slice', '1 core, 2 GiB, 1 GPU', 'nvidia.com/mig-1g.18gb', 'pool=gpu', 'standard', 'vision', 'ChangeDelete…']
    ]);
  });

  test('a new one is sent with what was typed; names come from the pool; the focus goes back', async () => {
    const suite = await show({ 'PUT /profiles/wide': slice });
    await choose(button('Create a profile'));
    const offered = (label: string): readonly string[] => {
      const input = field(label);
      return input instanceof HTMLInputElement ? [...(input.list?.querySelectorAll('option') ?? [])].map(({ value }) => value) : [];
    };
    expect(offered('Kind of GPU')).toEqual(['nvidia.com/gpu', 'nvidia.com/mig-1g.18gb']);
    type(field('Shown as'), 'Wide');
    type(field('Memory in GiB'), '1,5');
    await choose(button('Add a label'));
    expect(offered('Label of the machines')).toEqual(['pool=a100']);
    type(field('Label of the machines'), 'pool=a100');
    await choose(field('Only these tenants'));
    await choose(field('vision'));
    await choose(button('Create'));
    await until(() => sent(suite).length === 1);
    const { isDefault: _isDefault, ...rest } = { ...placement, isDefault: false };
    expect(JSON.parse(sent(suite)[0]?.replace('PUT /profiles/wide ', '') ?? '')).toEqual({
      ...rest,
      ...{ displayName: 'Wide', description: '', isDefault: false, cpu: 2, memoryMiB: 1536, gpuCount: 0, tenants: ['vision'], nodeSelector: { pool: 'a100' } }
    });
    await until(() => document.activeElement?.textContent === 'Create a profile');
  });

  test('what is wrong is said beside its field, the first one has the focus, and nothing is sent', async () => {
    const suite = await show({});
    await choose(button('Create a profile'));
    type(field('Shown as'), 'Small');
    type(field('Cores'), 'many');
    await choose(button('Create'));
    expect(alerts()).toEqual(['There is a profile of this name', 'From 0.1 to 1024', 'Some fields need another look.']);
    expect(document.activeElement).toBe(field('Name'));
    expect(sent(suite)).toEqual([]);
    press(document.activeElement, 'Escape');
    await until(() => document.querySelector('form') === null);
  });

  test('a refusal of the platform is told in the form, and what was typed stays', async () => {
    await show({ 'PUT /profiles/slice': new Problem('invalid-input', { detail: 'The default profile is for every tenant.' }) });
    await choose(button('Change the profile Slice'));
    expect(field('Name')).toHaveProperty('readOnly', true);
    type(field('Cores'), '4');
    await choose(button('Save'));
    await shows('The default profile is for every tenant.');
    expect(field('Cores')).toHaveProperty('value', '4');
  });

  test('Escape in a field that completes closes its list, not the form', async () => {
    await show({});
    await choose(button('Create a profile'));
    press(field('Kind of GPU'), 'Escape');
    expect(document.querySelector('form')).not.toBeNull();
    press(field('Cores'), 'Escape');
    await until(() => document.querySelector('form') === null);
  });

  test('one that was deleted comes back as it was', async () => {
    const suite = await show({ 'DELETE /profiles/slice': {}, 'PUT /profiles/slice': slice });
    await choose(button('Delete the profile Slice'));
    await shows('Workspaces that run with it go on');
    await act(async () => document.querySelector<HTMLElement>('.jp-Dialog .jp-mod-accept')?.click());
    await shows('Slice is offered no longer.');
    await choose(button('Undo'));
    await until(() => sent(suite).length === 2);
    const { name: _name, ...body } = slice;
    expect(sent(suite)[1]).toBe(`PUT /profiles/slice ${JSON.stringify(body)}`);
    await until(() => document.querySelector('.jp-Strata-undo') === null);
  });

  test('none at all teaches the next step; a failure offers another try', async () => {
    await show({ [list]: { items: [] } });
    await shows('No profile is offered, so nobody can start a workspace.');
    unmount();
    await show({ [list]: new Problem('unavailable', { hint: 'Wait a moment.' }) });
    await shows('Wait a moment.');
    button('Try again');
  });
});
