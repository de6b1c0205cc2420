import type { JobInput } from '@stratalab/contracts/compute';

const delayByCarrier = `"""Mean arrival delay of each airline, computed by two processes that share the work over MPI."""
import csv
import glob
import os

import duckdb
from mpi4py import MPI

MONTHS = 12
world = MPI.COMM_WORLD
rank, size = world.Get_rank(), world.Get_size()

# The dataset is mounted read-only; nothing was copied.
[path] = glob.glob("datasets/flights@*/*")
mine = [month for month in range(1, MONTHS + 1) if month % size == rank]
sums: dict[str, float] = {}
counts: dict[str, int] = {}
for number, month in enumerate(mine, start=1):
    query = f"select carrier, sum(arr_delay), count(arr_delay) from '{path}' where month = {month} group by carrier"
    for carrier, total, flights in duckdb.sql(query).fetchall():
        sums[carrier] = sums.get(carrier, 0) + (total or 0)
        counts[carrier] = counts.get(carrier, 0) + flights
    print(f"step {number}/{len(mine)}: month {month}")

parts = world.gather((sums, counts), root=0)
if rank == 0:
    carriers = sorted({carrier for _, part in parts for carrier in part})
    flights = {carrier: sum(part.get(carrier, 0) for _, part in parts) for carrier in carriers}
    delays = {carrier: sum(part.get(carrier, 0) for part, _ in parts) for carrier in carriers}
    # What is written here becomes a new version of the dataset delay-by-carrier.
    with open(os.path.join(os.environ["STRATALAB_OUTPUTS"], "table", "delay-by-carrier.csv"), "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["carrier", "flights", "mean_arrival_delay_minutes"])
        writer.writerows([carrier, flights[carrier], round(delays[carrier] / max(1, flights[carrier]), 2)] for carrier in carriers)
    print(f"{len(carriers)} airlines, {sum(flights.values())} flights")
`;

const trainDelayModel = `"""Trains a model that predicts the arrival delay of a flight from what is known at departure."""
import glob
import os

import duckdb
import mlflow.models
import mlflow.sklearn
import numpy as np
import sklearn
from sklearn.linear_model import SGDRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

EPOCHS = 10
FEATURES = ["dep_delay", "distance", "hour", "month"]

# The dataset is mounted read-only; nothing was copied.
[path] = glob.glob("datasets/flights@*/*")
columns = ", ".join(f"{name}::double as {name}" for name in (*FEATURES, "arr_delay"))
table = duckdb.sql(f"select {columns} from '{path}' where arr_delay is not null and dep_delay is not null").fetchnumpy()
data = np.column_stack([np.asarray(table[name]) for name in (*FEATURES, "arr_delay")])
np.random.default_rng(0).shuffle(data)
split = len(data) * 4 // 5
scaler = StandardScaler().fit(data[:split, :-1])
train, test = scaler.transform(data[:split, :-1]), scaler.transform(data[split:, :-1])
model = SGDRegressor(learning_rate="constant", eta0=1e-6, random_state=0)
for epoch in range(1, EPOCHS + 1):
    model.partial_fit(train, data[:split, -1])
    error = model.predict(test) - data[split:, -1]
    # Lines like this one become the progress bar and the charts of the job.
    print(f"epoch {epoch}/{EPOCHS} rmse={np.sqrt((error**2).mean()):.4f} mae={np.abs(error).mean():.4f}")

# What is written here becomes a new version of the model arrival-delay, with this job and its dataset as its origin.
folder = os.path.join(os.environ["STRATALAB_OUTPUTS"], "model")
signature = mlflow.models.infer_signature(data[:100, :-1], data[:100, -1])
mlflow.sklearn.save_model(make_pipeline(scaler, model), folder, signature=signature, pip_requirements=[f"scikit-learn=={sklearn.__version__}"])
print("model saved")
`;

const gib = 1024;

/** Saved jobs of a sample tenant; they use the sample dataset `flights`. */
export const sampleTemplates: readonly { readonly name: string; readonly description: string; readonly job: JobInput }[] = [
  {
    name: 'delay-by-carrier',
    description: 'Two processes share the work over MPI and make a dataset',
    job: {
      name: 'delay-by-carrier',
      code: { kind: 'script', fileName: 'delay_by_carrier.py', text: delayByCarrier },
      launcher: 'mpi',
      processes: 2,
      resourcesPerProcess: { cpu: 1, memoryMiB: gib, gpu: 0 },
      datasets: [{ name: 'flights' }],
      outputs: [{ name: 'table', kind: 'dataset', as: 'delay-by-carrier' }]
    }
  },
  {
    name: 'train-delay-model',
    description: 'Trains a scikit-learn model, charts its error and makes a model version',
    job: {
      name: 'train-delay-model',
      code: { kind: 'script', fileName: 'train_delay_model.py', text: trainDelayModel },
      launcher: 'python',
      processes: 1,
      resourcesPerProcess: { cpu: 1, memoryMiB: 2 * gib, gpu: 0 },
      datasets: [{ name: 'flights' }],
      outputs: [{ name: 'model', kind: 'model', as: 'arrival-delay' }],
      retries: 1
    }
  }
];
