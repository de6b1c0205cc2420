import { afterEach, describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { mount, until } from '../../../kit/src/testing/render.test-support';
import { ada, button, choose, farSide, field, root, type, type Answers, type FarSide } from '../testing/platform.test-support';
import { AdministrationPage } from './administration-page';
import type { Place } from './place';

const tenant = (name: string, isSample = false) => ({ name, displayName: name, createdAt: '2026-01-01T00:00:00.000Z', isSample, state: 'active' });
const tenants = { items: [tenant('demo', true), tenant('lab')], nextCursor: null };
const cpu = { resource: 'cpu', unit: 'cores', limit: 8, used: 3, reserved: 1 };
const memory = { resource: 'memory-mib', unit: 'MiB', limit: 8192, used: 0, reserved: 0 };

let unmount = (): void => undefined;
afterEach(() => {
  unmount();
  document.body.replaceChildren();
});

function show(suite: FarSide, place?: Place): HTMLElement {
  const mounted = mount(<AdministrationPage {...(place === undefined ? {} : { place })} />, suite);
  ({ unmount } = mounted);
  return mounted.root;
}
const shows = (text: string): Promise<void> => until(() => document.body.textContent?.includes(text) ?? false);

describe('administration page', () => {
  test('an administrator of the installation without a tenant of their own sees every tenant', async () => {
    show(farSide(root, { 'GET /tenants': tenants }));
    await shows('demo (sample)');
    const tabs = [...document.querySelectorAll('[role=tab]')].map(tab => tab.textContent).join(', ');
    expect(tabs).toBe('Tenants2, Pool, Profiles, Members, Quotas, Usage, Access keys, Audit');
  });

  test('an admin of a tenant has no tenants tab and asks for nobody else', async () => {
    const suite = farSide(ada);
    show(suite);
    await shows('Nobody works in this tenant yet.');
    expect(document.querySelectorAll('[role=tab]')).toHaveLength(5);
    expect(suite.asked).toEqual(['GET /tenants/lab/members?limit=100']);
  });

  test('somebody who looks after nothing is told whom to ask', async () => {
    show(farSide({ subject: 'vic', isAdministrator: false, tenants: [{ name: 'lab', displayName: 'Lab', role: 'editor' }] }));
    await shows('Ask an administrator for the role admin.');
  });

  test('a failure is a notice with a way to try again', async () => {
    show(farSide(root, { 'GET /tenants': new Problem('unavailable', { hint: 'Wait a moment.' }) }));
    await shows('Wait a moment.');
    expect(button('Try again')).toBeDefined();
  });

  test('a new tenant gets a name from what it is called, and its members are next', async () => {
    const suite = farSide(root, { 'GET /tenants': { items: [tenant('vision-team')], nextCursor: null }, 'POST /tenants': tenant('vision-team') });
    show(suite);
    await shows('vision-team');
    await choose(button('Create a tenant'));
    type(field('Shown as'), 'Vision Team');
    await choose(button('Create'));
    await until(() => suite.asked.some(line => line.startsWith('POST /tenants')));
    expect(suite.asked).toContain('POST /tenants {"name":"vision-team","displayName":"Vision Team"}');
    await shows('Nobody works in this tenant yet.');
  });

  test('the page is about the new tenant before the list has it, and keeps what was begun there when the list arrives', async () => {
    const list = Promise.withResolvers<unknown>();
    const answers: Record<string, unknown> = { 'GET /tenants': tenants, 'POST /tenants': tenant('vision-team') };
    const suite = farSide(root, answers);
    show(suite);
    await shows('demo (sample)');
    await choose(button('Create a tenant'));
    type(field('Shown as'), 'Vision Team');
    answers['GET /tenants'] = list.promise;
    await choose(button('Create'));
    await shows('Nobody works in this tenant yet.');
    expect(suite.asked.filter(line => line.includes('/members'))).toEqual(['GET /tenants/vision-team/members?limit=100']);
    await choose(button('Add a member'));
    type(field('User name'), 'mia');
    list.resolve({ items: [...tenants.items, tenant('vision-team')], nextCursor: null });
    await until(() => document.querySelector<HTMLSelectElement>('header select')?.value === 'vision-team');
    expect(field('User name')).toHaveProperty('value', 'mia');
  });

  test('an invitation link is shown once, as a whole address', async () => {
    const answers: Answers = {
      'PUT /tenants/lab/members/mia': { member: { user: 'mia', role: 'editor' }, invitation: { url: '/hub/welcome#once', expires: '2026-01-04T00:00:00.000Z' } }
    };
    show(farSide(ada, answers));
    await shows('Nobody works in this tenant yet.');
    await choose(button('Add a member'));
    type(field('User name'), 'mia');
    await choose(button('Add'));
    await shows('Invitation link for mia');
    expect(document.querySelector<HTMLInputElement>('.jp-Strata-once input')?.value).toBe('http://localhost/hub/welcome#once');
    await choose(button('Done'));
    expect(document.querySelector('.jp-Strata-once')).toBeNull();
  });

  test('a limit is typed in the unit people think in and saved in the unit of the quota', async () => {
    const suite = farSide(root, { 'GET /tenants': tenants, 'GET /tenants/lab/quotas': { items: [cpu, memory] }, 'PUT /tenants/lab/quotas/memory-mib': memory });
    show(suite, { tenant: 'lab', tab: 'quotas' });
    await shows('used 3 · reserved 1 · limit 8');
    await choose(button('Change the limit of Memory'));
    type(field('Limit of Memory in GiB'), '4');
    await choose(button('Save'));
    await until(() => suite.asked.some(line => line.startsWith('PUT')));
    expect(suite.asked).toContain('PUT /tenants/lab/quotas/memory-mib {"limit":4096}');
  });

  test('a closed tenant is opened again or deleted for good; an open one can only be closed', async () => {
    const closed = { ...tenant('old'), state: 'closed' };
    const suite = farSide(root, { 'GET /tenants': { items: [tenant('lab'), closed], nextCursor: null }, 'POST /tenants/old/reopen': tenant('old') });
    show(suite);
    await shows('Closed');
    button('Close the tenant lab');
    expect(document.querySelector('[aria-label="Delete the tenant lab for good"]')).toBeNull();
    button('Delete the tenant old for good');
    await choose(button('Open the tenant old again'));
    await until(() => suite.asked.includes('POST /tenants/old/reopen'));
  });

  test('what was put right on the cluster is shown beside the limits', async () => {
    const repairs = [{ time: '2026-01-01T00:00:00.000Z', object: 'Queue tenant-lab', change: 'changed', fields: ['spec.capability.cpu'] }];
    const place = { isOnCluster: true, checkedAt: '2026-01-01T00:00:00.000Z', problem: 'The cluster does not answer.', repairs, foreignObjects: ['RoleBinding tenant-lab/guest'] };
    show(farSide(ada, { 'GET /tenants/lab/quotas': { items: [cpu] }, 'GET /tenants/lab/place': place }), { tab: 'quotas' });
    await shows('was changed and put back: spec.capability.cpu');
    expect([...document.querySelectorAll('[role="alert"]')].map(({ textContent }) => textContent)).toEqual([
      'The place of this tenant does not follow its limits: The cluster does not answer.',
      'Objects of others may open what is closed here; they were left alone: RoleBinding tenant-lab/guest'
    ]);
  });

  test('an admin of a tenant reads limits and cannot change them; use above the limit is explained', async () => {
    show(farSide(ada, { 'GET /tenants/lab/quotas': { items: [{ ...cpu, limit: 2 }] } }), { tab: 'quotas' });
    await shows('More is in use than the limit allows.');
    expect(document.body.textContent).toContain('Limits are set by administrators of the installation.');
    expect(document.querySelector('[aria-label^="Change the limit"]')).toBeNull();
  });

  test('the secret of a key is shown once, and only scopes one holds are offered', async () => {
    const key = {
      id: 'k',
      name: 'bot',
      kind: 'access-key',
      createdBy: 'ada',
      scopes: [],
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
      hint: 'abcd'
    };
    const suite = farSide(ada, { 'POST /tenants/lab/access-keys': { key, secret: 'sk-strata-secret' } });
    show(suite, { tab: 'access-keys' });
    await shows('There are no access keys.');
    await choose(document.querySelectorAll('.jp-Strata-adminTab button')[0]);
    expect(document.body.textContent).not.toContain('platform:administer');
    type(field('Name'), 'bot');
    await choose(button('Create'));
    await shows('it is not shown again');
    expect(suite.asked.find(line => line.startsWith('POST'))).toContain('"scopes":["endpoint:invoke","endpoint:read"],"expiresInSeconds":7776000');
    expect(document.querySelector<HTMLInputElement>('.jp-Strata-once input')?.value).toBe('sk-strata-secret');
  });

  test('the audit log is filtered by the service, and its chain verified', async () => {
    const suite = farSide(root, { 'GET /tenants': tenants, 'GET /tenants/lab/audit/verification': { isIntact: false, checked: 16, brokenAt: 17 } });
    show(suite, { tenant: 'lab', tab: 'audit' });
    await shows('Nothing fits these filters.');
    type(field('Decision'), 'denied');
    await until(() => suite.asked.includes('GET /tenants/lab/audit?limit=100&decision=denied'));
    await choose(button('Verify the chain'));
    await shows('Changed: entry 17 does not fit');
  });
});
