"""The shipped reading model can be trained on."""

from importlib import resources
from pathlib import Path

import numpy as np
import torch

from assistant.models.bundled_reader import BundledReader
from training.features import Feature, Featurizer, load_tokenizer
from training.network import encoder_folder, new_reader
from training.shipped import shipped_weights, starting_weights
from training.train import collate

QUESTION = "When was the mill built?"
PASSAGE = "The mill of Arden was built in 1802 by the guild of weavers."


def test_the_weights_that_are_read_back_find_what_the_shipped_model_finds() -> None:
    shipped = Path(str(resources.files("assistant.models") / "reader" / "model.onnx"))
    reader = new_reader(0.0).eval()
    reader.load_state_dict(shipped_weights(shipped))
    featurizer = Featurizer(load_tokenizer(encoder_folder() / "tokenizer.json"))
    (window,) = featurizer.windows(QUESTION, PASSAGE)
    feature = Feature(window.ids, window.passage_start, ())
    batch = collate([feature], torch.device("cpu"))
    with torch.inference_mode():
        span, null, *_ = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    first, last = divmod(int(span[0].argmax()), span.shape[2])
    start = window.offsets[first - window.passage_start][0]
    end = window.offsets[last - window.passage_start][1]
    ((best, *_),) = BundledReader().read(QUESTION, [PASSAGE])
    assert PASSAGE[start:end] == PASSAGE[best.start : best.end] == "1802"
    assert float(span.max()) > float(null[0])
    assert best.probability > 0.5
    assert np.isfinite(span.numpy()).all()


def test_a_run_goes_on_from_a_checkpoint_as_well(tmp_path: Path) -> None:
    torch.save({"model": {"weight": torch.ones(2)}}, tmp_path / "final.pt")
    assert starting_weights(tmp_path / "final.pt")["weight"].tolist() == [1, 1]
    shipped = Path(str(resources.files("assistant.models") / "reader" / "model.onnx"))
    assert starting_weights(shipped).keys() == shipped_weights(shipped).keys()
