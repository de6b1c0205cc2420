import { expect, test } from '@playwright/test';
import { execute, openEmptyLab, takePicture } from '../lab';
import { platform } from '../platform';

const run = Date.now().toString(36);
const tenant = `desks-${run}`;
const member = `zoe-${run}`;
const profiles = 'control/v1/profiles';
const digest = `sha256:${'a1b2c3d4'.repeat(8)}`;

test.use({ actionTimeout: 20_000 });

test('an administrator makes a profile for one tenant, and its people find it where they start a workspace', async ({ page, browser }) => {
  await openEmptyLab(page);
  await platform(page, 'control/v1/tenants', { method: 'POST', body: { name: tenant, displayName: 'Desks' } });
  const { invitation } = (await platform(page, `control/v1/tenants/${tenant}/members/${member}`, { method: 'PUT', body: { role: 'editor' } })) as {
    readonly invitation: { readonly url: string };
  };
  try {
    await execute(page, 'stratalab:open-administration', { tab: 'profiles' });
    const panel = page.locator('.jp-Strata-administration');
    await panel.getByRole('button', { name: 'Create a profile' }).click();
    const form = panel.getByRole('form', { name: 'Create a profile' });
    await form.getByLabel('Shown as').fill('Wide desk');
    await form.getByLabel('Name', { exact: true }).fill(`wide-${run}`);
    await form.getByLabel('Description').fill('Data that just fits into memory');
    await form.getByLabel('Cores').fill('none');
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(form.getByText('From 0.1 to 1024')).toBeVisible();
    await expect(form.getByLabel('Cores')).toBeFocused();
    await form.getByLabel('Cores').fill('1');
    await form.getByLabel('Memory in GiB').fill('1,5');
    await form.getByLabel('Only these tenants').first().check();
    await form.getByLabel(tenant).check();
    await form.getByRole('button', { name: 'Add an image' }).click();
    await form.getByLabel('Name of the image').fill('PyTorch');
    await form.getByLabel('Image by digest').fill(`registry.example/notebook@${digest}`);
    await takePicture(page, 'profile');
    await page.keyboard.press('Enter');
    const made = panel.getByRole('row').filter({ hasText: 'Wide desk' });
    await expect(made).toContainText('1 core, 1.5 GiB');
    await expect(made).toContainText(tenant);
    await expect(panel.getByRole('button', { name: 'Create a profile' })).toBeFocused();

    const zoe = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await zoe.goto(new URL(invitation.url, page.url()).href);
    await zoe.locator('#password').fill('a long enough password');
    await zoe.getByRole('button', { name: /set password/i }).click();
    await expect(zoe.getByText('Wide desk')).toBeVisible({ timeout: 60_000 });
    await expect(zoe.getByText('1 core, 1.5 GiB')).toBeVisible();
    await zoe.context().close();

    await made.getByRole('button', { name: 'Delete the profile Wide desk' }).click();
    await page.locator('.jp-Dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(made).toHaveCount(0);
    await panel.getByRole('button', { name: 'Undo' }).click();
    await expect(made).toContainText('1 core, 1.5 GiB');
  } finally {
    await platform(page, `${profiles}/wide-${run}`, { method: 'DELETE' });
  }
});
