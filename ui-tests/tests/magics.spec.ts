import { expect, test } from '@playwright/test';
import { openEmptyLab } from '../lab';
import { newNotebook, runCell } from '../notebook';

const job = `%%job processes=2 name=greet datasets=flights
import os
from stratalab import progress
print("rank", os.environ["RANK"], os.listdir(os.path.expanduser("~/datasets")))
progress(1.0, "greeted")`;

test('J3 magics: data is found and mounted, a job is watched, watched again from its beginning, and opened from its card', async ({ page }) => {
  await openEmptyLab(page);
  const notebook = await newNotebook(page);
  const output = async (code: string) => (await runCell(page, notebook, code)).locator('.jp-OutputArea').first();
  await expect(await output('%load_ext stratalab\n%datasets flights')).toContainText('336776', { timeout: 60_000 });

  const ran = await output(job);
  await expect(ran).toContainText("[1] rank 1 ['flights@1']", { timeout: 90_000 });
  await expect(ran).toContainText('succeeded', { timeout: 60_000 });
  const id = /[0-9a-z]{26}/.exec((await ran.textContent()) ?? '')?.[0] ?? '';
  await expect(await output(`%job ${id}`)).toContainText("[0] rank 0 ['flights@1']", { timeout: 60_000 });

  const refused = await output('%dataset nothing-of-this-name');
  await expect(refused).toContainText('There is no such object');
  await expect(refused).not.toContainText('Traceback');

  await ran.getByRole('button', { name: 'Open here' }).click();
  await expect(page.locator('.jp-Strata-page h2', { hasText: 'greet' })).toBeVisible();
});
