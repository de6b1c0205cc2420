import { expect, test, type Locator, type Page } from '@playwright/test';
import { leaveInHome, objectsOf } from '../cluster';
import { collectComplaints, takePicture } from '../lab';
import { list, platform } from '../platform';
import { openSection, signIn } from '../product';

/** Its two processes read halves of a dataset, the second sends its count to the first and hears the sum, both wait to be looked at, and the first reports and writes. */
const code = `import json, os, pathlib, socket, time
from stratalab import progress

rank, world, port = (int(os.environ[name]) for name in ("RANK", "WORLD_SIZE", "MASTER_PORT"))
home = pathlib.Path.home()
content = b"".join(path.read_bytes() for path in sorted((home / "datasets/airlines@1").rglob("*")) if path.is_file())
mine = {"rank": rank, "host": socket.gethostname(), "bytes": len(content[rank::world])}
names = sorted(name for name in os.environ if not name.startswith("RAY_") and name != "STRATALAB_GANG")
print(f"process {rank} of {world} reads {mine['bytes']} bytes", "variables: " + " ".join(names), sep="\\n", flush=True)

def meet():
    for attempt in range(600):
        try:
            return socket.create_connection((os.environ["MASTER_ADDR"], port), timeout=5)
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The first process is not there.")

def wait_for_go():
    while not (home / "go").exists():
        time.sleep(0.1)

if rank > 0:
    with meet() as first, first.makefile("rw") as lines:
        first.settimeout(None)
        print(json.dumps(mine), file=lines, flush=True)
        print(f"process {rank} hears {lines.readline().strip()}", flush=True)
    wait_for_go()
else:
    with socket.create_server(("", port)) as server:
        other, _ = server.accept()
        with other, other.makefile("rw") as lines:
            parts = [mine, json.loads(lines.readline())]
            total = sum(part["bytes"] for part in parts)
            print(f"{total} bytes in all", file=lines, flush=True)
    print(f"process 0 adds up {total} bytes from {len({part['host'] for part in parts})} hosts", flush=True)
    for step in range(1, 5):
        progress(step / 4, f"step {step} of 4", step=step, loss=1 / step)
        if step == 2:
            wait_for_go()
        time.sleep(0.3)
    with open(os.environ["STRATALAB_OUTPUTS"] + "/counted/bytes.csv", "w") as file:
        file.write("rank,bytes\\n" + "".join(f"{part['rank']},{part['bytes']}\\n" for part in parts))
`;

const demo = 'v1/tenants/demo';
const name = 'count-bytes';
const kinds = ['vcjob', 'rayjob', 'raycluster', 'pod', 'secret'] as const;

test.use({ actionTimeout: 60_000 });
test.setTimeout(540_000);

test('one job, sent as a gang and then, with nothing but its launcher changed, as a Ray job: the same logs, metrics, output and lineage', async ({ page }) => {
  const complaints = collectComplaints(page);
  await signIn(page);
  await openSection(page, 'Jobs');
  await page.locator('#stratalab-sidebar').getByRole('button', { name: 'Run a job' }).click();
  const form = page.getByRole('form', { name: 'Run a job' });
  await fill(form);
  await form.getByRole('button', { name: 'Run the job' }).click();
  const gang = await follow(page, 'python');

  await panel(page).getByLabel('More actions').click();
  await panel(page).getByRole('button', { name: 'Change and run' }).click();
  await expect(form.getByLabel('How many')).toHaveValue('2');
  await form.getByLabel('Started by').selectOption({ label: 'Ray' });
  await takePicture(page, 'form-with-ray');
  await form.getByRole('button', { name: 'Run the job' }).click();
  const ray = await follow(page, 'ray');

  expect(ray).toEqual(gang);
  expect((await list(page, `catalog/${demo}/datasets/counted-bytes/versions`)).map(({ version }) => version)).toEqual(['2', '1']);
  expect(complaints).toEqual([]);
  // From here on the pages of the jobs, still open, find them gone.
  const ids = (await jobs(page)).map(({ id }) => String(id));
  for (const id of ids) await platform(page, `compute/${demo}/jobs/${id}`, { method: 'DELETE' });
  const left = async (): Promise<readonly string[]> => (await Promise.all(ids.flatMap(id => kinds.map(kind => objectsOf(id, kind))))).flat().map(({ metadata }) => metadata.name);
  await expect.poll(left, { timeout: 120_000 }).toEqual([]);
});

/** The page of the job that is open; a form that was sent gives its place to it. */
function panel(page: Page): Locator {
  return page.getByRole('tabpanel', { name, exact: true });
}

async function jobs(page: Page): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await list(page, `compute/${demo}/jobs`)).filter(job => job['name'] === name);
}

async function fill(form: Locator): Promise<void> {
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await form.getByRole('textbox', { name: 'main.py' }).fill(code);
  await form.getByLabel('How many').fill('2');
  await form.getByLabel('Cores each').fill('0.2');
  await form.getByLabel('MiB each').fill('256');
  await form.getByRole('button', { name: 'Add a dataset' }).click();
  await form.getByLabel('Dataset', { exact: true }).fill('airlines');
  await form.getByRole('button', { name: 'Add an output' }).click();
  await form.getByLabel('Output folder').fill('counted');
  await form.getByLabel('Name of what it becomes').fill('counted-bytes');
}

/** Watches the newest job of the story from its start to its end, on the screen and on the cluster. @returns all that must not depend on how it was started */
async function follow(page: Page, launcher: 'python' | 'ray'): Promise<unknown> {
  await expect(panel(page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50', { timeout: 180_000 });
  await expect(panel(page).getByText(/^. Running$/)).toBeVisible();
  const [job] = await jobs(page);
  const id = String(job?.['id']);
  expect(job).toMatchObject({ launcher, state: 'running' });
  // What a kubelet and the operator say of it may come a moment after what the job says itself.
  await expect(() => expectPods(id, launcher)).toPass({ timeout: 60_000 });
  await takePicture(page, `running-${launcher}`);
  await leaveInHome(id, 'go');

  await expect(panel(page).getByText(/^. Succeeded$/)).toBeVisible({ timeout: 120_000 });
  await expectOnScreen(page);
  await takePicture(page, `finished-${launcher}`);
  const kept = await read(page, id);
  await expectGone(id);
  return kept;
}

/** Two real pods on a real node, made from what the launcher stands for, and nothing of the other one. */
async function expectPods(id: string, launcher: 'python' | 'ray'): Promise<void> {
  const [gangs, rays, clusters, pods] = await Promise.all(['vcjob', 'rayjob', 'raycluster', 'pod'].map(kind => objectsOf(id, kind)));
  expect(pods).toHaveLength(2);
  for (const pod of pods ?? []) expect(pod).toMatchObject({ spec: { nodeName: 'real-0' }, status: { phase: 'Running' } });
  if (launcher === 'python') {
    expect(gangs).toMatchObject([{ spec: { minAvailable: 2 }, status: { state: { phase: 'Running' } } }]);
    expect([rays, clusters]).toEqual([[], []]);
    return;
  }
  expect(gangs).toEqual([]);
  expect(rays).toMatchObject([{ status: { jobDeploymentStatus: 'Running' } }]);
  expect(clusters).toMatchObject([{ status: { state: 'ready' } }]);
  expect(pods?.map(({ metadata }) => metadata.labels?.['ray.io/node-type']).sort()).toEqual(['head', 'worker']);
}

/** The page of a job that is over: the log of each process, its chart, what it reads and made. */
async function expectOnScreen(page: Page): Promise<void> {
  const job = panel(page);
  const log = job.getByRole('log');
  await expect(log).toContainText(/process 0 of 2 reads \d+ bytes/);
  await expect(log).toContainText(/process 0 adds up \d+ bytes from 2 hosts/);
  await job.getByLabel('Part of the log').selectOption({ label: 'process 1' });
  await expect(log).toContainText(/process 1 hears \d+ bytes in all/);
  await job.getByRole('tab', { name: /^Metrics/ }).click();
  await expect(job.getByRole('img', { name: /^loss/ })).toBeVisible();
  const lineage = job.getByRole('navigation', { name: 'Lineage' });
  await expect(lineage.getByRole('button', { name: 'airlines @1' })).toBeVisible();
  await expect(lineage.getByRole('button', { name: /^counted-bytes @\d+$/ })).toBeVisible();
  await job.getByRole('tab', { name: 'Log' }).click();
}

/** What the platform keeps of a job: all of it but ids, times, versions and the launcher. */
async function read(page: Page, id: string): Promise<unknown> {
  const job = (await platform(page, `compute/${demo}/jobs/${id}`)) as { readonly urn: string; readonly outputs: readonly { readonly urn: string }[]; readonly logParts: string[] };
  const output = job.outputs[0]?.urn ?? '';
  const [dataset = '', version = ''] = output.replace(/.*:/, '').split('@');
  const parts = job.logParts.filter(part => part !== 'launcher');
  const kept = {
    job,
    logs: await Promise.all(parts.map(part => platform(page, `compute/${demo}/jobs/${id}/log?rank=${part}`))),
    metrics: await list(page, `compute/${demo}/jobs/${id}/metrics`),
    version: await platform(page, `catalog/${demo}/datasets/${dataset}/versions/${version}`),
    rows: await platform(page, `catalog/${demo}/datasets/${dataset}/versions/${version}/rows`),
    lineage: await platform(page, `catalog/${demo}/lineage?direction=both&urn=${encodeURIComponent(job.urn)}`),
    lineageOfOutput: await platform(page, `catalog/${demo}/lineage?direction=up&depth=3&urn=${encodeURIComponent(output)}`)
  };
  expect(kept.job).toMatchObject({ state: 'succeeded', exitCode: 0, reason: null, attempt: 1, progress: { fraction: 1, message: 'step 4 of 4' } });
  expect(kept.metrics).toMatchObject([{ name: 'loss', points: [1, 2, 3, 4].map(step => ({ step, value: 1 / step })) }]);
  return withoutPlaceAndTime(kept, id, output);
}

/** When, where and by what it ran, and what the next version of a dataset says of the one before it. */
const placeAndTime = new Set(['launcher', 'etaSeconds', 'drift']);
const timePattern = /^\d{4}-\d\d-\d\dT/;

function withoutPlaceAndTime(value: unknown, id: string, output: string): unknown {
  const text = JSON.stringify(value, (key, part: unknown) => {
    if (placeAndTime.has(key)) return undefined;
    if (typeof part === 'string' && timePattern.test(part)) return 'a time';
    const isOutput = typeof part === 'object' && part !== null && 'urn' in part && part.urn === output;
    return isOutput ? { ...part, version: 'its version' } : part;
  });
  return JSON.parse(text.replaceAll(output, 'the output').replaceAll(id, 'the job'));
}

/** When a job is over nothing of it holds room or a credential; what Volcano and the operator wrote down of it goes with the job itself. */
async function expectGone(id: string): Promise<void> {
  const left = async (): Promise<readonly string[]> => {
    const [clusters, pods, secrets] = await Promise.all(['raycluster', 'pod', 'secret'].map(kind => objectsOf(id, kind)));
    const alive = (pods ?? []).filter(({ status }) => status?.phase !== 'Succeeded');
    return [...(clusters ?? []), ...alive, ...(secrets ?? [])].map(({ metadata }) => metadata.name);
  };
  await expect.poll(left, { timeout: 120_000 }).toEqual([]);
}
