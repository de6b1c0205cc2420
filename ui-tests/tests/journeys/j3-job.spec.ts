import { expect, test } from '@playwright/test';
import { collectComplaints, comeBack, openEmptyLab, takePicture } from '../../lab';
import { newNotebook, runCell } from '../../notebook';
import { openSection } from '../../product';

const job = `%%job processes=2 name=two-hands
import os, time
for step in range(3):
    print(f"process {os.environ['RANK']} of {os.environ['WORLD_SIZE']}, step {step}", flush=True)
    time.sleep(0.2)`;

test.use({ actionTimeout: 20_000 });

test('J3 a cell becomes a job on two processes; its output comes back, and is still there after the tab was closed', async ({ page }) => {
  const complaints = collectComplaints(page);
  await openEmptyLab(page);
  const notebook = await newNotebook(page);
  await runCell(page, notebook, '%load_ext stratalab');
  const cell = await runCell(page, notebook, job);
  await expect(cell.locator('.jp-OutputArea').first()).toContainText('process 1 of 2, step 2', { timeout: 45_000 });
  const back = await comeBack(page);
  await openSection(back, 'Jobs');
  await back.locator('#stratalab-sidebar').getByText('two-hands').first().click();
  await expect(
    back
      .getByRole('tabpanel')
      .getByText(/step 2/)
      .first()
  ).toBeVisible();
  await takePicture(back, 'job');
  expect(complaints).toEqual([]);
});
