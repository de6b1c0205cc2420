import { expect, test, type Page } from '@playwright/test';
import { collectComplaints, execute, openEmptyLab, takePicture } from '../../lab';
import { platform } from '../../platform';

const jobs = 'compute/v1/tenants/demo/jobs';
const memoryMiB = 256;

test.use({ actionTimeout: 20_000 });

interface Sent {
  readonly id: string;
  readonly urn: string;
}

interface QueueFacts {
  readonly running: number;
  readonly waiting: number;
  readonly free: { readonly cpu: number };
}

/**
 * Half of the cores that are free, in the steps of the form: two such processes fit, and no longer when another one runs.
 * Asked when nothing of an earlier story runs any more: what that gives back later would make room for the large one.
 */
async function readHalf(page: Page): Promise<number> {
  let cpu = 0;
  const readUse = async (): Promise<readonly number[]> => {
    const { running, waiting, free } = (await platform(page, 'compute/v1/tenants/demo/queue')) as QueueFacts;
    cpu = free.cpu;
    return [running, waiting];
  };
  await expect.poll(readUse).toEqual([0, 0]);
  return Math.floor(cpu * 5) / 10;
}

async function send(page: Page, name: string, given: { readonly processes: number; readonly cpu: number; readonly text: string }): Promise<Sent> {
  const { processes, cpu, text } = given;
  const code = { kind: 'script', text, fileName: 'main.py' };
  return (await platform(page, jobs, { method: 'POST', body: { name, code, processes, resourcesPerProcess: { cpu, memoryMiB, gpu: 0 } } })) as Sent;
}

async function readState(page: Page, { id }: Sent): Promise<string> {
  return ((await platform(page, `${jobs}/${id}`)) as { readonly state: string }).state;
}

/** A job that holds half of what is free until it is cancelled, and one that would need all of it. */
async function fill(page: Page, suffix: string): Promise<{ readonly holder: Sent; readonly large: Sent; readonly name: string }> {
  const cpu = await readHalf(page);
  const holder = await send(page, `holds-half-${suffix}`, { processes: 1, cpu, text: 'import signal\nsignal.pause()\n' });
  await expect.poll(() => readState(page, holder)).toBe('running');
  const name = `needs-all-${suffix}`;
  const text = "import os\nprint(f\"process {os.environ['RANK']} of {os.environ['WORLD_SIZE']}\", flush=True)\n";
  return { holder, large: await send(page, name, { processes: 2, cpu, text }), name };
}

async function cancel(page: Page, job: Sent): Promise<void> {
  const isOver = ['succeeded', 'failed', 'cancelled'].includes(await readState(page, job));
  if (!isOver) await platform(page, `${jobs}/${job.id}/cancel`, { method: 'POST' });
}

/** The page of the job that was sent in the place of the one that waited: it ran, with one process. */
async function expectSmaller(page: Page, name: string): Promise<void> {
  const job = page.getByRole('tabpanel', { name });
  await expect(job.getByText(/Succeeded/).first()).toBeVisible();
  await expect(job.getByText('process 0 of 1').first()).toBeVisible();
}

test('J3 a job that is too large for what is free waits with its reason; asked for less in the queue, it starts, and the large one leaves', async ({ page }) => {
  const complaints = collectComplaints(page);
  await openEmptyLab(page);
  const { holder, large, name } = await fill(page, 'click');
  try {
    await execute(page, 'stratalab:show-queue');
    const waiting = page.getByRole('list', { name: 'Waiting jobs' }).getByRole('listitem').filter({ hasText: name });
    await expect(waiting).toContainText(/Waiting for free slots: it needs .* cores?, and .* free/);
    await expect(waiting).toContainText('Asks for 2 processes');
    await takePicture(page, 'queue');
    await execute(page, 'stratalab:open-administration', { tab: 'pool' });
    await expect(page.getByText('The largest gang that would start now')).toBeVisible();
    await takePicture(page, 'pool');
    await execute(page, 'stratalab:show-queue');
    await waiting.getByRole('button', { name: 'Start now with 1 process' }).click();
    const form = page.getByRole('form', { name: 'Run a job' });
    await expect(form.getByLabel('How many')).toHaveValue('1');
    await expect(form.getByText('It would start at once')).toBeVisible();
    await form.getByRole('button', { name: 'Run the job' }).click();
    await expectSmaller(page, name);
    await expect.poll(() => readState(page, large)).toBe('cancelled');
    expect(await readState(page, holder)).toBe('running');
  } finally {
    await cancel(page, holder);
    await cancel(page, large);
  }
  expect(complaints).toEqual([]);
});

test('J3 asking for less works without a mouse: from the palette to the queue, to the button, to the form', async ({ page }) => {
  await openEmptyLab(page);
  const { holder, large, name } = await fill(page, 'keys');
  try {
    await page.keyboard.press('Control+Shift+C');
    await page.locator('.lm-CommandPalette-input').fill('Show the queue of jobs');
    await page.keyboard.press('Enter');
    const less = page.getByRole('button', { name: 'Start now with 1 process' });
    await expect(less).toBeVisible();
    await tabTo(page, 'Start now with 1 process');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('form', { name: 'Run a job' }).getByRole('button', { name: 'Run the job' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expectSmaller(page, name);
    await expect.poll(() => readState(page, large)).toBe('cancelled');
  } finally {
    await cancel(page, holder);
    await cancel(page, large);
  }
});

/** Tab, as often as it takes; fails when the button is not on the way. */
async function tabTo(page: Page, label: string): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === label) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to '${label}'.`);
}
