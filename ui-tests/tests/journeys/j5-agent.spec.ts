import { expect, test } from '@playwright/test';
import { collectComplaints, execute, openEmptyLab, takePicture } from '../../lab';

test.use({ actionTimeout: 20_000 });

test('J5 J8 a question to a collection is answered with citations; the trace shows every candidate, and lineage leads from the answer to its documents', async ({ page }) => {
  const complaints = collectComplaints(page);
  await openEmptyLab(page);
  await execute(page, 'stratalab:open-object', { urn: 'urn:strata:demo:collection:handbook' });
  const collection = page.getByRole('tabpanel', { name: 'handbook' });
  await collection.getByLabel('Question').first().fill('What are the four layers?');
  await collection.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(collection.getByRole('heading', { name: 'What the documents say' })).toBeVisible({ timeout: 60_000 });
  await expect(collection.getByRole('grid', { name: 'Candidates' }).getByRole('row').nth(2)).toBeVisible();
  await takePicture(page, 'answer');
  await execute(page, 'stratalab:show-lineage', { urn: 'urn:strata:demo:dataset:flights_by_carrier@1' });
  await expect(page.locator('#stratalab-lineage').getByText('flights').first()).toBeVisible();
  await takePicture(page, 'lineage');
  expect(complaints).toEqual([]);
});
