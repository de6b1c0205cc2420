"""Runs the stock MLflow client against a tracking server and prints one JSON line per check.

Arguments: none; MLFLOW_TRACKING_URI and MLFLOW_TRACKING_TOKEN say where. The assertions follow MLflow's own REST tests.
"""

import json
import math
import os
import pathlib
import sys
import tempfile
import time
import traceback

os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["GIT_PYTHON_REFRESH"] = "quiet"

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Metric, Param, RunTag, ViewType  # noqa: E402
from mlflow.exceptions import MlflowException, RestException  # noqa: E402

client = MlflowClient()
checks = []


def check(function):
    checks.append(function)
    return function


def refused(code, work):
    try:
        work()
    except (MlflowException, RestException) as error:
        assert error.error_code == code, (error.error_code, str(error))
        return str(error)
    raise AssertionError(f"expected {code}")


def new_run(name="e", **tags):
    experiment = client.get_experiment_by_name(name)
    experiment_id = experiment.experiment_id if experiment else client.create_experiment(name)
    return client.create_run(experiment_id, tags=tags)


@check
def default_experiment_is_there():
    assert [e.name for e in client.search_experiments()] == ["Default"]
    with mlflow.start_run() as run:
        mlflow.log_metric("m", 1)
    assert run.info.experiment_id == "0"
    assert client.get_run(run.info.run_id).info.status == "FINISHED"


@check
def experiments_live_and_die():
    first = client.create_experiment("alpha", tags={"team": "blue"})
    experiment = client.get_experiment(first)
    assert (experiment.name, experiment.tags, experiment.lifecycle_stage) == ("alpha", {"team": "blue"}, "active")
    assert experiment.artifact_location == f"mlflow-artifacts:/{first}"
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_experiment("alpha"))
    client.rename_experiment(first, "alpha two")
    assert client.get_experiment_by_name("alpha two").experiment_id == first
    assert client.get_experiment_by_name("nobody") is None
    client.set_experiment_tag(first, "team", "red")
    assert [e.experiment_id for e in client.search_experiments(filter_string="tags.team = 'red'")] == [first]
    assert [e.name for e in client.search_experiments(filter_string="name LIKE 'alpha%'")] == ["alpha two"]
    client.delete_experiment(first)
    assert first in [e.experiment_id for e in client.search_experiments(view_type=ViewType.DELETED_ONLY)]
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_run(first))
    client.restore_experiment(first)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_experiment("00000000000000000000000000"))


@check
def a_thousand_metrics():
    run = new_run()
    now = int(time.time() * 1000)
    client.log_batch(run.info.run_id, metrics=[Metric("loss", 1.0 / (i + 1), now + i, i) for i in range(1000)])
    history = client.get_metric_history(run.info.run_id, "loss")
    assert len(history) == 1000 and [m.step for m in history] == list(range(1000))
    assert client.get_run(run.info.run_id).data.metrics["loss"] == 1.0 / 1000
    assert client.get_metric_history(run.info.run_id, "unknown") == []


@check
def limits_of_a_batch():
    run = new_run().info.run_id
    # The client splits what is too large for one request; the limits themselves are checked over plain HTTP.
    client.log_batch(run, metrics=[Metric("many", 1, 0, i) for i in range(1001)])
    assert len(client.get_metric_history(run, "many")) == 1001
    client.log_batch(run, [Metric("m", 1, 0, i) for i in range(800)], [Param(f"p{i}", "v") for i in range(100)], [RunTag(f"t{i}", "v") for i in range(100)])
    data = client.get_run(run).data
    assert len(data.params) == 100 and len([t for t in data.tags if t.startswith("t")]) == 100


@check
def params_never_change():
    run = new_run().info.run_id
    client.log_param(run, "depth", 3)
    client.log_param(run, "depth", 3)
    client.log_param(run, "empty", "")
    text = refused("INVALID_PARAMETER_VALUE", lambda: client.log_batch(run, params=[Param("depth", "4")]))
    assert "Changing param values is not allowed" in text
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_batch(run, params=[Param("x", "1"), Param("x", "2")]))
    assert client.get_run(run).data.params == {"depth": "3", "empty": ""}


@check
def tags_and_names():
    run = client.create_run("0", tags={"a": "1"}, run_name="first name")
    run_id = run.info.run_id
    assert run.info.run_name == "first name" and run.data.tags["mlflow.runName"] == "first name"
    client.set_tag(run_id, "a", "2")
    client.set_tag(run_id, "empty", "")
    client.delete_tag(run_id, "a")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.delete_tag(run_id, "a"))
    client.update_run(run_id, name="second name")
    client.set_tag(run_id, "mlflow.runName", "third name")
    read = client.get_run(run_id)
    assert read.info.run_name == "third name" and "a" not in read.data.tags and read.data.tags["empty"] == ""
    assert client.create_run("0").info.run_name != ""


@check
def numbers_that_are_none():
    run = new_run().info.run_id
    for step, value in enumerate([math.nan, math.inf, -math.inf]):
        client.log_metric(run, "odd", value, step=step)
    values = [m.value for m in client.get_metric_history(run, "odd")]
    assert math.isnan(values[0]) and values[1] >= 1.797e308 and values[2] <= -1.797e308
    client.log_metric(run, "nan", math.nan)
    assert math.isnan(client.get_run(run).data.metrics["nan"])


@check
def a_repeated_batch_changes_nothing():
    run = new_run().info.run_id
    batch = [Metric("m", float(i), 1000 + i, i) for i in range(100)]
    for _ in range(3):
        client.log_batch(run, metrics=batch, params=[Param("a", "b")], tags=[RunTag("t", "v")])
    assert len(client.get_metric_history(run, "m")) == 100
    # The last metric is the one of the highest step, then time, then value, in whatever order they arrive.
    client.log_metric(run, "m", 5.0, timestamp=1, step=1)
    assert client.get_run(run).data.metrics["m"] == 99.0


@check
def searches():
    experiment = client.create_experiment("search")
    ids = []
    for index in range(6):
        run = client.create_run(experiment, start_time=1_000 + index, run_name=f"run {index}", tags={"group": "even" if index % 2 == 0 else "odd"})
        client.log_batch(run.info.run_id, [Metric("loss", index / 10, 0, 0), Metric("train/acc", 1 - index / 10, 0, 0)], [Param("depth", str(index)), Param("batch size", "32")])
        ids.append(run.info.run_id)
    client.set_terminated(ids[0], "FAILED")

    def found(text, **more):
        return [ids.index(r.info.run_id) for r in client.search_runs([experiment], text, **more)]

    assert found("") == [5, 4, 3, 2, 1, 0]
    assert found("metrics.loss < 0.25 and params.depth != '0'") == [2, 1]
    assert found('metrics."train/acc" >= 0.9') == [1, 0]
    assert found("metrics.`train/acc` >= 0.9") == [1, 0]
    assert found("params.`batch size` = '32' AND tags.group = 'odd'") == [5, 3, 1]
    assert found("attributes.status = 'FAILED'") == [0]
    assert found("run_name ILIKE 'RUN 3'") == [3]
    assert found("attributes.start_time >= 1004") == [5, 4]
    assert found("tags.group IS NOT NULL and params.nothing IS NULL") == [5, 4, 3, 2, 1, 0]
    assert found(f"attributes.run_id IN ('{ids[1]}', '{ids[4]}')") == [4, 1]
    assert found("", order_by=["metrics.loss ASC"]) == [0, 1, 2, 3, 4, 5]
    assert found("", order_by=["params.depth DESC", "attributes.start_time ASC"]) == [5, 4, 3, 2, 1, 0]
    refused("INVALID_PARAMETER_VALUE", lambda: client.search_runs([experiment], "metrics.loss = 'x'"))
    refused("INVALID_PARAMETER_VALUE", lambda: client.search_runs([experiment], "params.depth = '1' OR params.depth = '2'"))
    refused("INVALID_PARAMETER_VALUE", lambda: client.search_runs([experiment], "attributes.nothing = 'x'"))
    refused("INVALID_PARAMETER_VALUE", lambda: client.search_runs([experiment], "params.depth = '1'' OR 1=1'"))
    pages, token = [], None
    while True:
        page = client.search_runs([experiment], max_results=4, page_token=token)
        pages.append(len(page))
        token = page.token
        if not token:
            break
    assert pages == [4, 2]
    client.delete_run(ids[5])
    assert found("") == [4, 3, 2, 1, 0] and found("", run_view_type=ViewType.DELETED_ONLY) == [5]
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_metric(ids[5], "m", 1))
    client.restore_run(ids[5])


@check
def artifacts_go_up_and_come_down():
    run = new_run().info.run_id
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "a b.txt")
        path.write_text("hello")
        pathlib.Path(folder, "sub").mkdir()
        pathlib.Path(folder, "sub", "empty.bin").write_bytes(b"")
        client.log_artifacts(run, folder, "files")
        client.log_artifact(run, str(path))
        client.log_text(run, "ümlaut", "notes/ü.txt")
        client.log_dict(run, {"a": 1}, "conf.json")
        assert [(f.path, f.is_dir) for f in client.list_artifacts(run)] == [("a b.txt", False), ("conf.json", False), ("files", True), ("notes", True)]
        assert [(f.path, f.file_size) for f in client.list_artifacts(run, "files/sub")] == [("files/sub/empty.bin", 0)]
        assert client.list_artifacts(run, "conf.json") == []
        path.write_text("hello again")
        client.log_artifact(run, str(path))
        got = client.download_artifacts(run, "", folder + "/down") if pathlib.Path(folder, "down").mkdir() is None else ""
        assert pathlib.Path(got, "a b.txt").read_text() == "hello again"
        assert pathlib.Path(got, "files", "a b.txt").read_text() == "hello"
        assert pathlib.Path(got, "notes", "ü.txt").read_text() == "ümlaut"
        assert json.loads(pathlib.Path(got, "conf.json").read_text()) == {"a": 1}
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.list_artifacts("00000000000000000000000000"))


@check
def inputs_are_kept():
    import mlflow.data
    import numpy

    with mlflow.start_run() as run:
        mlflow.log_input(mlflow.data.from_numpy(numpy.arange(6).reshape(3, 2), source="/home/ann/datasets/flights@3/part.parquet", name="flights"), context="training")
    (read,) = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert read.dataset.name == "flights" and {t.key: t.value for t in read.tags} == {"mlflow.data.context": "training"}
    assert len(client.search_runs(["0"], "dataset.name = 'flights'")) == 1


@check
def a_sklearn_model_is_logged_registered_and_loaded():
    import mlflow.sklearn
    import numpy
    from sklearn.linear_model import LogisticRegression

    x, y = numpy.array([[0.0], [1.0], [2.0], [3.0]]), numpy.array([0, 0, 1, 1])
    with mlflow.start_run() as run:
        mlflow.log_param("C", 1.0)
        mlflow.log_metric("acc", 1.0)
        info = mlflow.sklearn.log_model(
            LogisticRegression().fit(x, y),
            name="classifier",
            registered_model_name="toy",
            input_example=x[:1],
            pip_requirements=["scikit-learn"],
        )
    assert info.model_id.startswith("m-")
    version = client.get_model_version("toy", "1")
    assert (version.status, version.run_id) == ("READY", run.info.run_id), version
    client.set_registered_model_alias("toy", "champion", "1")
    assert client.get_model_version_by_alias("toy", "champion").version == "1"
    for uri in ("models:/toy/1", "models:/toy@champion", "models:/toy/latest", f"models:/{info.model_id}", info.model_uri):
        assert list(mlflow.sklearn.load_model(uri).predict(x)) == [0, 0, 1, 1], uri
    logged = client.get_logged_model(info.model_id)
    assert logged.params["C"] == "1.0" and str(logged.status).endswith("READY") and {m.key: m.value for m in logged.metrics} == {"acc": 1.0}
    assert [m.model_id for m in client.search_logged_models(["0"], filter_string="name = 'classifier'")] == [info.model_id]
    assert [o.model_id for o in client.get_run(run.info.run_id).outputs.model_outputs] == [info.model_id]
    second = mlflow.register_model(f"models:/{info.model_id}", "toy")
    assert second.version == "2"
    copy = client.copy_model_version("models:/toy/1", "toy-copy")
    assert (copy.name, copy.version) == ("toy-copy", "1")
    assert list(mlflow.sklearn.load_model("models:/toy-copy/1").predict(x)) == [0, 0, 1, 1]


@check
def models_versions_and_stages():
    client.create_registered_model("m.one", tags={"k": "v"}, description="d")
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model("m.one"))
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_registered_model("a/b"))
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model("nobody"))
    run = new_run()
    client.log_text(run.info.run_id, "weights", "model/weights.txt")
    source = f"{run.info.artifact_uri}/model"
    first = client.create_model_version("m.one", source, run.info.run_id, tags={"t": "1"}, description="first")
    assert (first.version, first.status, first.source) == ("1", "READY", source)
    client.create_model_version("m.one", f"runs:/{run.info.run_id}/model", run.info.run_id)
    assert [v.version for v in client.search_model_versions("name = 'm.one'", order_by=["version_number ASC"])] == ["1", "2"]
    client.transition_model_version_stage("m.one", "2", "Production")
    assert [v.version for v in client.get_latest_versions("m.one", ["Production"])] == ["2"]
    client.update_model_version("m.one", "1", "changed")
    client.set_model_version_tag("m.one", "1", "t", "2")
    read = client.get_model_version("m.one", "1")
    assert (read.description, read.tags) == ("changed", {"t": "2"})
    assert pathlib.Path(mlflow.artifacts.download_artifacts("models:/m.one/1"), "weights.txt").read_text() == "weights"
    client.delete_model_version("m.one", "2")
    assert client.create_model_version("m.one", source, run.info.run_id).version == "3"
    refused("INVALID_PARAMETER_VALUE", lambda: client.set_registered_model_alias("m.one", "latest", "1"))
    refused("INVALID_PARAMETER_VALUE", lambda: client.set_registered_model_alias("m.one", "v2", "1"))
    client.set_registered_model_alias("m.one", "candidate", "3")
    client.delete_registered_model_alias("m.one", "candidate")
    refused("INVALID_PARAMETER_VALUE", lambda: client.get_model_version_by_alias("m.one", "candidate"))
    client.rename_registered_model("m.one", "m.two")
    assert [m.name for m in client.search_registered_models("name LIKE 'm.%'")] == ["m.two"]
    client.delete_registered_model("m.two")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model("m.two"))


@check
def foreign_places_are_refused():
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_experiment("elsewhere", artifact_location="s3://bucket/x"))
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_experiment("elsewhere", artifact_location="file:///etc"))
    client.create_registered_model("guarded")
    run, other = new_run(), new_run()
    client.log_text(run.info.run_id, "w", "model/w.txt")
    for source in ("/etc", "file:///etc", "s3://b/k", "http://169.254.169.254/x", f"{run.info.artifact_uri}/../../x", f"{run.info.artifact_uri}/model#x", "mlflow-artifacts://host/x"):
        refused("INVALID_PARAMETER_VALUE", lambda s=source: client.create_model_version("guarded", s, run.info.run_id))
    source = f"{run.info.artifact_uri}/model"
    text = refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version("guarded", source))
    assert "run_id request parameter must identify" in text
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version("guarded", source, other.info.run_id))
    assert client.search_model_versions("name = 'guarded'") == []


def main():
    for function in checks:
        started = time.time()
        try:
            function()
            result = {"check": function.__name__, "ok": True}
        except BaseException:  # noqa: B902
            result = {"check": function.__name__, "ok": False, "error": traceback.format_exc()[-1500:]}
        print(json.dumps({**result, "seconds": round(time.time() - started, 2)}), flush=True)
    sys.exit(0)


main()
