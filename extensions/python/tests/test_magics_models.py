"""Models served from a notebook, and questions answered from documents."""

from __future__ import annotations

from typing import Any

from contract_platform import Asked, Platform, Refused
from platform_objects import TIME, deployment, endpoint, model, page


def test_models_are_listed_with_their_aliases(notebook: Any, platform: Platform) -> None:
    platform.answers["listModels"] = page(model())
    assert "@champion = 2" in repr(notebook.run("%models").value)


def test_deploy_waits_until_the_endpoint_answers(notebook: Any, platform: Platform) -> None:
    states = [deployment("starting"), deployment("ready", message="It answers.")]
    platform.answers.update(deployModel=deployment("starting", observedGeneration=0), getDeployment=lambda _asked: states.pop(0) if len(states) > 1 else states[0])
    cell = notebook.run("%deploy Chat_Model@champion replicas=2")
    assert cell.is_good
    assert platform.last("deployModel").body == {"name": "chat-model", "model": "Chat_Model", "replicas": 2, "alias": "champion"}
    assert "It answers." in cell.html


def test_a_name_that_is_taken_by_the_same_model_is_changed(notebook: Any, platform: Platform) -> None:
    def taken(_asked: Asked) -> Any:
        raise Refused(409, "already-exists")

    platform.answers.update(deployModel=taken, getDeployment=deployment("ready"), updateDeployment=deployment("ready", generation=2, observedGeneration=2))
    assert notebook.run("%deploy chat@3").is_good
    assert platform.last("updateDeployment").body == {"replicas": 1, "version": 3}
    other = notebook.run("%deploy other name=chat")
    assert "serves another model, 'chat'" in other.text


def test_a_deployment_that_fails_says_why(notebook: Any, platform: Platform) -> None:
    platform.answers["deployModel"] = deployment("failed", message="Replica 0 keeps dying: out of memory.")
    assert "Replica 0 keeps dying: out of memory." in notebook.run("%deploy chat").text


def answer(**fields: Any) -> dict[str, Any]:
    span = {"from": 0, "to": 10}
    return {
        "id": "01hzzzzzzzzzzzzzzzzzzzzzzz",
        "urn": "urn:strata:demo:answer:01hzzzzzzzzzzzzzzzzzzzzzzz",
        "collection": "handbook",
        "endpoint": "chat",
        "question": "How long?",
        "text": "Two <weeks> [1].",
        "verdict": "cited",
        "citationCount": 1,
        "validCitationCount": 1,
        "usage": {"promptTokens": 10, "completionTokens": 5},
        "durationMs": 100,
        "feedback": None,
        "askedBy": "mia",
        "createdAt": TIME,
        "finishReason": "stop",
        "citations": [
            {
                "marker": 1,
                "span": span,
                "isValid": True,
                "problem": None,
                "chunkId": "c1",
                "documentId": "01hzzzzzzzzzzzzzzzzzzzzzzz",
                "documentName": "leave.md",
                "page": 3,
                "quote": "two weeks",
                "source": span,
            }
        ],
        "sentences": [],
        "passages": [],
        "messages": [],
        "trace": TRACE,
        **fields,
    }


TRACE: dict[str, Any] = {
    "query": "How long?",
    "collection": "handbook",
    "mode": "bm25",
    "k": 6,
    "budgetTokens": 1200,
    "keptTokens": 10,
    "searchableChunkCount": 1,
    "denseMethod": None,
    "embedder": None,
    "terms": ["long"],
    "milliseconds": {"embed": 0, "dense": 0, "bm25": 1, "total": 1},
    "candidates": [],
}


def test_ask_shows_the_answer_with_its_sources(notebook: Any, platform: Platform) -> None:
    platform.answers.update(listEndpoints=page(endpoint("asleep", is_ready=False), endpoint("chat", is_ready=True)), ask=answer())
    cell = notebook.run("%%ask handbook k=6 mode=bm25\nHow long?\n")
    assert platform.last("ask").body == {"question": "How long?", "endpoint": "chat", "k": 6, "mode": "bm25"}
    assert cell.value.text == "Two <weeks> [1]."


def test_an_answer_is_text_sources_and_verdict_all_escaped() -> None:
    from stratalab.ask import Answer

    shown = Answer(answer())
    assert "[1] leave.md, page 3: “two weeks”" in repr(shown)
    assert "Every sentence is supported" in repr(shown)
    assert "Two &lt;weeks&gt; [1]." in shown._repr_html_()
    assert "<weeks>" not in shown._repr_html_()


def test_ask_without_a_chat_endpoint_says_what_to_do(notebook: Any, platform: Platform) -> None:
    platform.answers["listEndpoints"] = page(endpoint("chat", is_ready=False))
    cell = notebook.run("%%ask handbook\nHow long?")
    assert "'chat' is not ready: It loads the model." in cell.text
    assert "%deploy model" in cell.text


def test_names_complete_after_their_magics(notebook: Any, platform: Platform) -> None:
    from platform_objects import dataset

    platform.answers.update(listDatasets=page(dataset("flights"), dataset("weather")), listModels=page(model("chat")))

    def completed(line: str) -> list[str]:
        return notebook.shell.complete("", line, len(line))[1]

    assert completed("%dataset fl") == ["flights"]
    assert completed("%deploy ch") == ["chat"]
    assert completed("%%job datasets=we") == ["weather"]
    assert completed("%%job proc") == ["processes="]
    assert [asked.operation for asked in platform.asked].count("listDatasets") == 1
