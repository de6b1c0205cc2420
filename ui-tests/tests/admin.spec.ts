import { expect, test, type Browser, type Page } from '@playwright/test';
import { openSection, openSidebar, product, signIn, waitForLayout } from '../product';

const tenant = `vision-${Date.now().toString(36)}`;
const member = `mia-${Date.now().toString(36)}`;
const password = 'a long enough password';
const service = `${product.url}/services/stratalab`;

/** The token of the page, as the suite has it. */
async function tokenOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const data = document.getElementById('jupyter-config-data')?.textContent ?? '{}';
    return String((JSON.parse(data) as { token?: string }).token);
  });
}

async function ask(page: Page, path: string): Promise<number> {
  const answer = await fetch(`${service}${path}`, { headers: { authorization: `token ${await tokenOf(page)}` } });
  return answer.status;
}

/** A browser window without anybody's cookies. */
async function stranger(browser: Browser): Promise<Page> {
  return (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
}

test.describe.serial('administration', () => {
  let invitation = '';

  test('an administrator creates a tenant, invites a member and lowers a quota', async ({ page }) => {
    await signIn(page);
    await openSection(page, 'Administration');
    await page.getByRole('button', { name: 'Open administration' }).click();
    const panel = page.locator('.jp-Strata-administration');
    await panel.getByRole('button', { name: 'Create a tenant' }).click();
    const form = panel.getByRole('form', { name: 'Create a tenant' });
    await form.getByLabel('Shown as').fill('Vision team');
    await form.getByLabel('Name', { exact: true }).fill(tenant);
    await form.getByRole('button', { name: 'Create' }).click();

    await panel.getByRole('button', { name: 'Add a member' }).first().click();
    await panel.getByLabel('User name').fill(member);
    await panel.getByRole('button', { name: 'Add', exact: true }).click();
    invitation = await panel.getByLabel(`Invitation link for ${member}`).locator('input').inputValue();
    expect(invitation).toMatch(/\/hub\/welcome#/);
    await page.screenshot({ path: 'test-results/admin-invitation.png' });
    await panel.getByRole('button', { name: 'Done' }).click();

    await panel.getByRole('tab', { name: 'Quotas' }).click();
    await panel.getByRole('button', { name: 'Change the limit of Workspaces at once' }).click();
    await panel.getByLabel('Limit of Workspaces at once in workspaces').fill('0');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(panel.getByRole('region', { name: 'Workspaces at once' })).toContainText('limit 0');
    await page.screenshot({ path: 'test-results/admin-quotas.png' });
  });

  test('J7 the quota refuses the next workspace with the numbers; raised on the page of the Hub, it lets them in', async ({ page, browser }) => {
    const mia = await stranger(browser);
    await mia.goto(invitation);
    await mia.locator('#password').fill(password);
    await mia.getByRole('button', { name: /set password/i }).click();
    await mia.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(mia.locator('body')).toContainText('Limit 0, used 0, requested 1 workspaces', { timeout: 60_000 });
    await mia.screenshot({ path: 'test-results/admin-refused.png' });

    await page.goto(`${product.url}/hub/login?next=%2Fhub%2Fhome`);
    await page.locator('#username_input').fill(product.admin);
    await page.locator('input[name=password]').fill(product.password);
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.getByRole('link', { name: 'Administration' }).click();
    await page.getByRole('combobox', { name: 'Tenant' }).selectOption(tenant);
    await page.getByRole('tab', { name: 'Quotas' }).click();
    await expect(page.getByRole('region', { name: 'Refused lately' })).toContainText(member);
    await page.getByRole('button', { name: 'Change the limit of Workspaces at once' }).click();
    await page.getByLabel('Limit of Workspaces at once in workspaces').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('region', { name: 'Workspaces at once' })).toContainText('limit 2');
    await page.screenshot({ path: 'test-results/admin-hub-page.png' });

    await mia.goto(`${product.url}/hub/spawn`);
    await mia.getByRole('button', { name: 'Start', exact: true }).click();
    await mia.waitForURL(new RegExp(`/user/${member}/lab`), { timeout: 90_000 });
    await waitForLayout(mia);
    await openSidebar(mia, 'Stratalab');
    await expect(mia.getByTestId('stratalab-identity')).toContainText('editor of this tenant');
    await expect(mia.getByRole('heading', { name: 'Administration Section' })).toHaveCount(0);
    expect(await ask(mia, `/api/control/v1/tenants/${tenant}/quotas`)).toBe(200);
    expect(await ask(mia, '/api/control/v1/tenants/demo/quotas')).toBe(404);
    expect(await ask(mia, '/api/control/v1/tenants')).toBe(403);
    await mia.goto(`${service}/admin/`);
    await expect(mia.getByText('Ask an administrator for the role admin in a tenant.')).toBeVisible();
    await mia.context().close();
  });
});
