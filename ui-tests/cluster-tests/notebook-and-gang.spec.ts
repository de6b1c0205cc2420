import { expect, test, type Page } from '@playwright/test';
import { collectComplaints, takePicture } from '../lab';
import { newNotebook, runCell } from '../notebook';
import { openSidebar, signIn } from '../product';

const where = `import os, socket
print(socket.gethostname(), os.getuid(), os.listdir(os.path.expanduser("~/datasets")))`;

const gang = `%%job processes=2 cpu=0.2 name=gang datasets=airlines output=carriers
import glob, os, socket
[path] = glob.glob(os.path.expanduser("~/datasets/airlines@1"))
rank, world = os.environ["RANK"], os.environ["WORLD_SIZE"]
print(f"process {rank} of {world} on {socket.gethostname()} sees {os.path.exists(path)}", flush=True)
if rank == "0":
    with open(os.environ["STRATALAB_OUTPUTS"] + "/carriers/carriers.csv", "w") as file:
        file.write("carrier,name\\nAA,American\\n")`;

test.use({ actionTimeout: 60_000 });

/** Searches and waits for the answer: then the rows of before are gone, and none goes between press and release. */
async function search(page: Page, text: string): Promise<void> {
  const answer = page.waitForResponse(response => response.url().includes('/datasets?') && response.url().includes(`search=${text}`));
  await page.getByRole('searchbox', { name: /Search datasets/ }).fill(text);
  await answer;
}

test('a person signs in, works in a pod, mounts a dataset, and a job from the notebook runs as a gang of pods', async ({ page }) => {
  const complaints = collectComplaints(page);
  await signIn(page);
  await openSidebar(page, 'Data');
  await search(page, 'airlines');
  await page.getByRole('option', { name: /^airlines sample/ }).click();
  const dataset = page.getByRole('tabpanel', { name: 'airlines' });
  await dataset.getByRole('button', { name: 'Mount', exact: true }).click();
  await expect(dataset.getByText('Mounted in your workspace, without a copy:')).toBeVisible();

  const notebook = await newNotebook(page);
  const output = async (code: string) => (await runCell(page, notebook, code)).locator('.jp-OutputArea').first();
  await expect(await output(where)).toContainText("workspace-admin 1000 ['airlines@1']");

  await output('%load_ext stratalab');
  const ran = await output(gang);
  await expect(ran).toContainText(/process 1 of 2 on \S+-worker-1 sees True/, { timeout: 120_000 });
  await expect(ran).toContainText(/process 0 of 2 on \S+-worker-0 sees True/);
  await expect(ran).toContainText('urn:strata:demo:dataset:carriers@1', { timeout: 60_000 });
  await takePicture(page, 'gang-from-a-pod');

  await search(page, 'carriers');
  await page.getByRole('option', { name: /^carriers/ }).click();
  await expect(page.getByRole('tabpanel', { name: 'carriers' })).toBeVisible();
  expect(complaints).toEqual([]);
});
