import { createHash } from 'node:crypto';
import { expect, test, type Page } from '@playwright/test';
import { collectComplaints, execute, openEmptyLab, takePicture } from '../../lab';
import { newNotebook, runCell } from '../../notebook';
import { platform } from '../../platform';

/** Only the stock client, which finds the platform by itself. */
const track = `import mlflow, mlflow.sklearn, sklearn
from sklearn.linear_model import LinearRegression
mlflow.set_experiment("by-hand")
with mlflow.start_run(run_name="by-hand") as run:
    mlflow.log_param("alpha", 0.5)
    mlflow.log_metrics({f"metric-{number}": float(number) for number in range(1000)})
    model = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
    mlflow.sklearn.log_model(model, name="model", registered_model_name="by-hand", pip_requirements=[f"scikit-learn=={sklearn.__version__}"])
print("logged", len(mlflow.get_run(run.info.run_id).data.metrics), "registered", mlflow.MlflowClient().get_model_version("by-hand", "1").status)`;

const train = `%%job processes=2 cpu=0.5 memory=2GiB name=air-time datasets=flights
import glob, os, time
import mlflow
from mlflow.entities import Metric
rank = int(os.environ["RANK"])
mlflow.set_experiment("air-time")
with mlflow.start_run(run_name=f"rank-{rank}") as run:
    points = [Metric("loss", 1 / (step + 1), int(time.time() * 1000), step) for step in range(1000)]
    client = mlflow.MlflowClient()
    client.log_batch(run.info.run_id, metrics=points)
    print("rank", rank, "points", len(client.get_metric_history(run.info.run_id, "loss")), flush=True)
    if rank == 0:
        import mlflow.sklearn, sklearn
        import pyarrow.parquet as parquet
        from sklearn.linear_model import LinearRegression
        [path] = glob.glob(os.path.expanduser("~/datasets/flights@1/*.parquet"))
        table = parquet.read_table(path, columns=["distance", "air_time"]).to_pandas().dropna().astype(float)
        model = LinearRegression().fit(table[["distance"]], table["air_time"])
        signature = mlflow.models.infer_signature(table[["distance"]].head(), model.predict(table[["distance"]].head()))
        requirements = [f"scikit-learn=={sklearn.__version__}"]
        mlflow.sklearn.log_model(model, name="model", registered_model_name="air-time", signature=signature, pip_requirements=requirements)`;

interface JobFacts {
  readonly code: { readonly fileName: string; readonly sha256: string; readonly text: string };
}

test.use({ actionTimeout: 20_000 });

/** Name and digest of the code that a job ran, checked against its text. */
async function codeOf(page: Page, job: string): Promise<JobFacts['code']> {
  const { code } = (await platform(page, `compute/v1/tenants/demo/jobs/${job}`)) as JobFacts;
  expect(createHash('sha256').update(code.text).digest('hex')).toBe(code.sha256);
  expect(code.text).toContain('LinearRegression().fit');
  return code;
}

test('J8 a stock MLflow client logs and registers from a notebook and from a job; the model leads back to job, code and dataset version', async ({ page }) => {
  const complaints = collectComplaints(page);
  await openEmptyLab(page);
  const notebook = await newNotebook(page);
  const output = async (code: string) => (await runCell(page, notebook, code)).locator('.jp-OutputArea').first();
  await expect(await output(track)).toContainText('logged 1000 registered READY', { timeout: 90_000 });

  await output('%load_ext stratalab');
  const ran = await output(train);
  await expect(ran).toContainText('succeeded', { timeout: 90_000 });
  await expect(ran).toContainText('rank 0 points 1000');
  await expect(ran).toContainText('rank 1 points 1000');
  const code = await codeOf(page, /[0-9a-z]{26}/.exec((await ran.textContent()) ?? '')?.[0] ?? '');

  await execute(page, 'stratalab:open-object', { urn: 'urn:strata:demo:model:air-time' });
  const origin = page.getByRole('tabpanel', { name: 'air-time' }).getByLabel('Origin', { exact: true });
  await expect(origin).toContainText(code.fileName);
  await expect(origin.getByTitle(code.sha256)).toBeVisible();
  await expect(origin.getByRole('button', { name: 'flights@1' })).toBeVisible();
  await takePicture(page, 'origin');

  await origin.getByRole('button', { name: /^job/i }).click();
  const job = page.locator('.jp-Strata-page:visible').filter({ has: page.getByRole('tab', { name: 'Code', exact: true }) });
  await job.getByRole('tab', { name: 'Code', exact: true }).click();
  await expect(job.getByTitle(code.sha256)).toBeVisible();
  await job.getByRole('navigation', { name: 'Lineage' }).getByRole('button', { name: 'flights @1' }).click();
  await expect(page.getByRole('tabpanel', { name: 'flights @1' }).getByText('version 1', { exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
});
