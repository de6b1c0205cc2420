import { expect, test, type Locator, type Page } from '@playwright/test';
import { openEmptyLab } from '../../lab';
import { platform } from '../../platform';
import { openSection } from '../../product';

const limitOfJobs = 'control/v1/tenants/demo/quotas/jobs';

test.use({ actionTimeout: 20_000 });

/** Changes the limit of jobs where an administrator does; the page of administration is in front. */
async function limitJobs(panel: Locator, limit: string): Promise<void> {
  await panel.getByRole('button', { name: 'Change the limit of Jobs at once' }).click();
  await panel.getByLabel('Limit of Jobs at once in jobs').fill(limit);
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByRole('region', { name: 'Jobs at once' })).toContainText(`limit ${limit}`);
}

async function readLimit(page: Page): Promise<number | null> {
  const { items } = (await platform(page, 'control/v1/tenants/demo/quotas')) as { items: { resource: string; limit: number | null }[] };
  return items.find(({ resource }) => resource === 'jobs')?.limit ?? null;
}

test('J7 a lowered quota refuses the next job with the numbers; raised again, the same form is accepted', async ({ page }) => {
  await openEmptyLab(page);
  const limit = await readLimit(page);
  try {
    await openSection(page, 'Administration');
    await page.getByRole('button', { name: 'Open administration' }).click();
    const panel = page.locator('.jp-Strata-administration');
    await panel.getByRole('tab', { name: 'Quotas' }).click();
    await limitJobs(panel, '0');

    await openSection(page, 'Jobs');
    await page.locator('#stratalab-sidebar').getByRole('button', { name: 'Run a job' }).click();
    const form = page.getByRole('form', { name: 'Run a job' });
    await form.getByRole('combobox', { name: 'Start from a saved job' }).selectOption('delay-by-carrier');
    await form.getByRole('button', { name: 'Run the job' }).click();
    await expect(form.getByRole('alert')).toContainText(/Limit 0, used \d+, requested 1/);

    await page.getByRole('tab', { name: 'Administration', exact: true }).click();
    await limitJobs(panel, '4');
    await page.getByRole('tab', { name: 'Run a job', exact: true }).click();
    await form.getByRole('button', { name: 'Run the job' }).click();
    await expect(
      page
        .getByRole('tabpanel', { name: 'delay-by-carrier' })
        .getByText(/Succeeded/)
        .first()
    ).toBeVisible();
  } finally {
    await platform(page, limitOfJobs, { method: 'PUT', body: { limit } });
  }
});
