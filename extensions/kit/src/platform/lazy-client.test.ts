import { createClient } from '@stratalab/client';
import { controlRoutes } from '@stratalab/contracts/control';
import { lazyClient } from './lazy-client';

describe('a lazy client', () => {
  it('fetches its contract with the first call, once, and passes calls and answers through', async () => {
    const paths: string[] = [];
    let loads = 0;
    const stratalab = {
      clientFor: <Table extends Parameters<typeof createClient>[0]>(table: Table) =>
        createClient(table, async ({ path }) => {
          paths.push(path);
          return { status: 200, headers: {}, body: { items: [] } };
        })
    };
    const control = lazyClient(stratalab, async () => {
      loads += 1;
      return controlRoutes;
    });
    expect(await Promise.resolve(control)).toBe(control);
    expect(loads).toBe(0);
    expect(await control.listProfiles({})).toEqual({ items: [] });
    await control.getQuotas({ params: { tenant: 'demo' } });
    expect(loads).toBe(1);
    expect(paths).toEqual(['/api/control/v1/profiles', '/api/control/v1/tenants/demo/quotas']);
  });
});
