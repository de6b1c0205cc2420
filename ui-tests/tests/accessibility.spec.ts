import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { collectComplaints, execute, useTheme } from '../lab';
import { list } from '../platform';
import { openSidebar, signIn } from '../product';

const lists = [
  'catalog/v1/tenants/demo/datasets',
  'pipelines/v1/tenants/demo/pipelines',
  'compute/v1/tenants/demo/jobs',
  'models/v1/tenants/demo/models',
  'serving/v1/tenants/demo/deployments',
  'agents/v1/tenants/demo/collections'
];

/** Waits until no visible part of the suite says that it is loading. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('.jp-Strata [aria-busy=true]:visible, .jp-Strata[aria-busy=true]:visible')).toHaveCount(0);
}

/** What axe finds serious in what is visible of the suite, one line each. */
async function findings(page: Page, where: string): Promise<string[]> {
  await settle(page);
  const { violations } = await new AxeBuilder({ page }).include('.jp-Strata:not(.lm-mod-hidden)').disableRules(['region', 'page-has-heading-one']).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${where}: ${id} at ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`));
}

test.describe('accessibility', () => {
  test('axe finds nothing serious in any section of the sidebars, light and dark', async ({ page }) => {
    const complaints = collectComplaints(page);
    await signIn(page);
    const found: string[] = [];
    for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
      await useTheme(page, theme);
      await openSidebar(page, 'Data');
      found.push(...(await findings(page, `${theme}, Data`)));
      await openSidebar(page, 'Stratalab');
      const headers = page.locator('#stratalab-sidebar .lm-AccordionPanel-title');
      for (let index = 0; index < (await headers.count()); index++) {
        const header = headers.nth(index);
        if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
        found.push(...(await findings(page, `${theme}, ${await header.innerText()}`)));
        if (index > 0) await header.click();
      }
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('axe finds nothing serious on the page of any kind of object, light and dark', async ({ page }) => {
    const complaints = collectComplaints(page);
    await signIn(page);
    const found: string[] = [];
    for (const path of lists) {
      const [first] = await list(page, path);
      if (typeof first?.['urn'] !== 'string') continue;
      await execute(page, 'stratalab:open-object', { urn: first['urn'] });
      for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
        await useTheme(page, theme);
        found.push(...(await findings(page, `${theme}, ${first['urn']}`)));
      }
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('axe finds nothing serious in the queue, the form of a job and the tabs of administration, light and dark', async ({ page }) => {
    const complaints = collectComplaints(page);
    await signIn(page);
    const found: string[] = [];
    const look = async (where: string): Promise<void> => {
      for (const theme of ['JupyterLab Light', 'JupyterLab Dark'] as const) {
        await useTheme(page, theme);
        found.push(...(await findings(page, `${theme}, ${where}`)));
      }
    };
    for (const command of ['stratalab:show-queue', 'stratalab:run-job']) {
      await execute(page, command);
      await look(command);
    }
    for (const tab of ['tenants', 'pool', 'profiles', 'quotas']) {
      await execute(page, 'stratalab:open-administration', { tab });
      await look(tab);
    }
    await execute(page, 'stratalab:open-administration', { tab: 'profiles' });
    await page.getByRole('button', { name: 'Create a profile' }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await look('a profile with problems');
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
