import { expect, test } from '@playwright/test';
import { collectComplaints, execute, openEmptyLab, takePicture } from '../../lab';
import { newNotebook, runCell } from '../../notebook';

const ask = `import os
from openai import OpenAI
client = OpenAI(base_url=os.environ["STRATALAB_URL"] + "openai/v1", api_key=os.environ["MLFLOW_TRACKING_TOKEN"])
answer = client.chat.completions.create(model="chat", max_tokens=12, messages=[{"role": "user", "content": "Say hello."}])
print("said:", answer.choices[0].message.content, answer.usage.completion_tokens > 0)`;

test.use({ actionTimeout: 20_000 });

test('J4 a registered model fits, is deployed in three clicks, and answers a stock OpenAI client', async ({ page }) => {
  const complaints = collectComplaints(page);
  await openEmptyLab(page);
  await execute(page, 'stratalab:open-object', { urn: 'urn:strata:demo:model:smollm2-135m-instruct' });
  await expect(page.getByRole('heading', { name: /smollm2/ })).toBeVisible();
  await takePicture(page, 'model');
  await page
    .getByRole('button', { name: /^Deploy/ })
    .first()
    .click();
  const dialog = page.getByRole('tabpanel', { name: 'Deploy a model' });
  await dialog.getByLabel('Name of the endpoint').fill('chat');
  await expect(dialog.getByText(/^It needs .* MiB/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
  const endpoint = page.getByRole('tabpanel', { name: 'chat' });
  await expect(endpoint.getByText('1 replica answers.')).toBeVisible({ timeout: 60_000 });
  const notebook = await newNotebook(page);
  const cell = await runCell(page, notebook, ask);
  await expect(cell.locator('.jp-OutputArea').first()).toContainText(/said: .* True/s, { timeout: 90_000 });
  await takePicture(page, 'endpoint');
  expect(complaints).toEqual([]);
});
