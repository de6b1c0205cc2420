import { expect, test } from '@playwright/test';
import { collectComplaints, openEmptyLab, takePicture } from '../../lab';
import { openSection, openSidebar } from '../../product';

test.use({ actionTimeout: 20_000 });

test('J1 the first dataset is previewed, the first job runs on two processes, and what it made is a dataset with its lineage', async ({ page }) => {
  const complaints = collectComplaints(page);
  await openEmptyLab(page);
  await openSidebar(page, 'Data');
  await page.getByRole('option', { name: /^flights sample/ }).click();
  const flights = page.getByRole('tabpanel', { name: 'flights' });
  await flights.getByRole('tab', { name: /^Preview/ }).click();
  await expect(flights.getByRole('gridcell', { name: 'UA', exact: true }).first()).toBeVisible();

  await openSection(page, 'Jobs');
  await page.locator('#stratalab-sidebar').getByRole('button', { name: 'Run a job' }).click();
  const form = page.getByRole('form', { name: 'Run a job' });
  await form.getByRole('combobox', { name: 'Start from a saved job' }).selectOption('delay-by-carrier');
  await expect(form.getByLabel('How many')).toHaveValue('2');
  await form.getByRole('button', { name: 'Run the job' }).click();
  const job = page.getByRole('tabpanel', { name: 'delay-by-carrier' });
  await expect(job.getByText(/Succeeded/).first()).toBeVisible();
  await expect(job.getByText(/16 airlines, 327,?346 flights/)).toBeVisible();

  await openSidebar(page, 'Data');
  await page.getByRole('option', { name: /^delay-by-carrier/ }).click();
  const made = page.getByRole('tabpanel', { name: 'delay-by-carrier' }).filter({ hasText: 'mean_arrival_delay_minutes' });
  await made.getByRole('tab', { name: /^Preview/ }).click();
  await expect(made.getByRole('gridcell', { name: 'HA', exact: true })).toBeVisible();
  await made.getByRole('navigation', { name: 'Lineage' }).getByRole('button', { name: /^job/ }).click();
  await job.getByRole('navigation', { name: 'Lineage' }).getByRole('button', { name: 'flights @1' }).click();
  await expect(page.getByRole('tabpanel', { name: 'flights @1' }).getByText('version 1', { exact: true })).toBeVisible();
  await takePicture(page, 'first-job');
  expect(complaints).toEqual([]);
});
