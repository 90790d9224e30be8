"""An exported reader computes in the product what its weights compute in torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.models.bundled_reader import BundledReader
from assistant.models.windows import logistic
from assistant.types import WindowText
from tests.training import late
from tests.training.tiny import row, tiny_reader

EARLY = {f"early{part}.{kind}" for part in ("", "_gather") for kind in ("weight", "bias")}
QUESTION = "When was the mill of Arden built?"
PASSAGES = [
    WindowText("Towns > Arden", row(0).context + " Rain fell on the harbour for many days."),
    WindowText("", row(1).context),
    WindowText("", ""),
    WindowText("Long", (row(2).context + " ") * 40),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reader")
    reader = tiny_reader()
    with late.torch.no_grad():  # heads that say something, for random states are near each other
        for layer in (reader.edges, reader.pair, reader.answers, reader.evidence, reader.support):
            layer.weight.mul_(20)
    late.export.export(reader.state_dict(), made)
    return made


@pytest.fixture(scope="module")
def reader(folder: Path) -> BundledReader:
    return BundledReader(folder)


@pytest.fixture(scope="module")
def rounded(folder: Path) -> late.reading.TorchEngine:
    """The exported weights in torch, where activations are not rounded."""
    late.torch.save({"model": late.shipped.shipped_weights(folder)}, folder / "rounded.pt")
    return late.reading.TorchEngine(folder / "rounded.pt")


def test_the_weights_that_are_read_back_are_those_that_were_exported(folder: Path) -> None:
    before, after = tiny_reader().state_dict(), late.shipped.shipped_weights(folder)
    assert before.keys() - after.keys() == EARLY
    assert after.keys() <= before.keys()
    for name in ("encoder.encoder.layer.5.attention.self.key.weight", "gather.weight"):
        step = float(before[name].abs().max()) / 63
        assert late.torch.allclose(before[name], after[name], atol=step / 2 + 1e-7)


def test_weights_are_loaded_without_the_head_of_training_but_not_without_another(
    folder: Path,
) -> None:
    shipped, reader = late.shipped.shipped_weights(folder), tiny_reader()
    late.network.load_weights(reader, shipped)
    assert late.torch.equal(reader.gather.weight, shipped["gather.weight"])
    lacking = {name: value for name, value in shipped.items() if name != "gather.weight"}
    for odd in (lacking, {**shipped, "scatter.weight": shipped["gather.weight"]}):
        with pytest.raises(ValueError, match=r"gather\.weight|scatter\.weight"):
            late.network.load_weights(reader, odd)


def test_both_engines_cut_the_same_windows(
    reader: BundledReader, rounded: late.reading.TorchEngine
) -> None:
    windows = reader.windows(QUESTION, PASSAGES)
    assert windows == rounded.windows(QUESTION, PASSAGES)
    assert [len(some) for some in windows[:3]] == [1, 1, 0]
    assert len(windows[3]) > 1


def test_the_graph_computes_what_torch_computes(
    reader: BundledReader, rounded: late.reading.TorchEngine
) -> None:
    windows = [window for some in reader.windows(QUESTION, PASSAGES) for window in some]
    for one, other in zip(reader.outputs(windows), rounded.outputs(windows), strict=True):
        possible = other.span > -1000
        assert ((one.span > -1000) == possible).all()
        np.testing.assert_allclose(one.span[possible], other.span[possible], atol=0.15)
        np.testing.assert_allclose(one.evidence, other.evidence, atol=0.15)
        np.testing.assert_allclose(one.support, other.support, atol=0.15)
        assert one.scores == pytest.approx(other.scores, abs=0.15)
        assert np.std(other.span[possible]) > 0.5, "what is compared varies more than it may differ"


def test_spans_and_evidence_are_those_of_the_text_below_the_header(reader: BundledReader) -> None:
    readings = reader.read(QUESTION, PASSAGES)
    assert readings[2].spans == readings[2].evidence == ()
    for passage, reading in zip(PASSAGES, readings, strict=True):
        for span in (*reading.spans, *reading.evidence):
            assert 0 <= span.start < span.end <= len(passage.text)
            assert 0 <= span.probability <= 1
    sentences = {PASSAGES[0].text[one.start : one.end] for one in readings[0].evidence}
    assert sentences == {row(0).context, "Rain fell on the harbour for many days."}


def test_a_window_without_an_answer_has_its_probability_too(reader: BundledReader) -> None:
    windows = reader.windows(QUESTION, PASSAGES[:2])
    for (window,), reading in zip(windows, reader.read(QUESTION, PASSAGES[:2]), strict=True):
        (outputs,) = reader.outputs([window])
        assert reading.spans[0].probability == logistic(outputs.scores["answers"])


def test_the_support_for_a_statement_sums_to_one(reader: BundledReader) -> None:
    first, *_, empty, _ = reader.support("The mill was built in 1800.", PASSAGES)
    assert first.supported + first.contradicted + first.not_said == pytest.approx(1)
    assert (empty.supported, empty.not_said) == (0, 1)


def test_the_running_mean_of_a_run_is_preferred(tmp_path: Path) -> None:
    weights = {"model": {"w": late.torch.zeros(1)}, "average": {"w": late.torch.ones(1)}}
    late.torch.save(weights, tmp_path / "last.pt")
    late.torch.save({"model": weights["average"]}, tmp_path / "final.pt")
    assert (
        late.network.load_state(tmp_path / "last.pt")["w"]
        == late.network.load_state(tmp_path / "final.pt")["w"]
        == 1
    )


def test_rows_are_read_with_either_engine(
    reader: BundledReader, rounded: late.reading.TorchEngine
) -> None:
    rows = [row(number) for number in range(3)]
    weights = {"answers": 1.0, "bias": 0.0}
    for engine in (reader, rounded):
        readings = late.reading.read_rows_with(engine, rows, weights, at_once=2)
        assert [0 <= one.start < one.end for one in readings] == [True] * 3
