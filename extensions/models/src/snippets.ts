import type { Snippet } from '@stratalab/lab-kit';

/** First steps of tracking: in a workspace or a job the address and the credential are there already. */
export function trackSnippets(url: string, tenant: string, experiment = 'my-experiment'): readonly Snippet[] {
  const code = `import mlflow

mlflow.set_experiment(${JSON.stringify(experiment)})
with mlflow.start_run():
    mlflow.log_param("depth", 3)
    for step in range(100):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)`;
  const outside = `# From anywhere else, with an access key of yours
export MLFLOW_TRACKING_URI=${url}/mlflow/${tenant}
export MLFLOW_TRACKING_TOKEN=sk-strata-…
curl -s -H "Authorization: Bearer $MLFLOW_TRACKING_TOKEN" \\
  "$MLFLOW_TRACKING_URI/api/2.0/mlflow/experiments/search?max_results=10"`;
  return [
    { language: 'Python', code },
    { language: 'curl', code: outside }
  ];
}

/** Reads a run back. */
export function runSnippets(runId: string): readonly Snippet[] {
  return [
    {
      language: 'Python',
      code: `from mlflow import MlflowClient

client = MlflowClient()
run = client.get_run(${JSON.stringify(runId)})
print(run.data.metrics, run.data.params)
print(client.list_artifacts(run.info.run_id))`
    }
  ];
}

/** Loads a version; by alias where there is one, so that the code follows when the alias moves. */
export function modelSnippets(model: string, version: number, alias: string | undefined, isSklearn: boolean): readonly Snippet[] {
  const uri = alias === undefined ? `models:/${model}/${version}` : `models:/${model}@${alias}`;
  const load = `import mlflow.sklearn

model = mlflow.sklearn.load_model(${JSON.stringify(uri)})
print(model)`;
  const download = `import mlflow

folder = mlflow.artifacts.download_artifacts(${JSON.stringify(uri)})
print(folder)`;
  return [{ language: 'Python', code: isSklearn ? load : download }];
}
