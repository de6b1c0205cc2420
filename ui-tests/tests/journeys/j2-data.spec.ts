import { expect, test } from '@playwright/test';
import { collectComplaints, openEmptyLab, takePicture } from '../../lab';
import { newNotebook, runCell } from '../../notebook';
import { openSidebar } from '../../product';

const count = `import os, pandas
name = next(entry for entry in os.listdir("datasets") if entry.startswith("flights@"))
print(len(pandas.read_parquet(f"datasets/{name}")))`;

test.use({ actionTimeout: 20_000 });

test('J2 a dataset is found, looked at, mounted without a copy, and read in a notebook', async ({ page }) => {
  const complaints = collectComplaints(page);
  await openEmptyLab(page);
  await openSidebar(page, 'Data');
  await page.getByRole('searchbox', { name: /Search datasets/ }).fill('carrier');
  // Every row is new once the search is answered: one of before may go between press and release.
  await page
    .getByRole('option', { name: /^flights sample/ })
    .filter({ hasText: 'Columns: carrier' })
    .click();
  const dataset = page.getByRole('tabpanel', { name: 'flights' });
  await dataset.getByRole('tab', { name: /^Preview/ }).click();
  await expect(dataset.getByRole('columnheader', { name: /dep_delay/ })).toBeVisible();
  await expect(dataset.getByRole('gridcell', { name: '517' }).first()).toBeVisible();
  await takePicture(page, 'data');
  const mount = dataset.getByRole('button', { name: 'Mount', exact: true });
  if (await mount.isVisible()) await mount.click();
  await expect(dataset.getByText('Mounted in your workspace, without a copy:')).toBeVisible();
  const notebook = await newNotebook(page);
  const cell = await runCell(page, notebook, count);
  await expect(cell.locator('.jp-OutputArea-output')).toContainText('336776', { timeout: 60_000 });
  expect(complaints).toEqual([]);
});
