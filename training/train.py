"""Train the reading model; a stopped run goes on from its last checkpoint."""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from assistant.models.bundled_encoder import BundledEncoder
from training.data import Row, read_rows
from training.documents import CHUNK_TOKENS, Asked, asked_over, groups, read_written
from training.features import Feature, Featurizer, batches, load_tokenizer, padded_length
from training.metrics import auroc
from training.mixture import LAST, Material, Mixture, epoch
from training.negatives import hard_negatives
from training.network import Reader, Scores, load_weights, new_reader
from training.sets import (
    PUBLIC_SETS,
    halves,
    read_set,
    read_statements,
    read_written_statements,
    read_yes_no,
    with_header,
)
from training.shipped import shipped_weights
from training.synonyms import Thesaurus

SAVE_EVERY = 100
CHECKED_QUESTIONS = 160
STATEMENTS_SEED = 13
"""The same half of the written statements is held out by every run."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a run besides its data.

    The rate is level after the warm-up until `decay_from`, so that a run can be prolonged; the
    weights that are used are a running mean of those of the run (`average`).
    """

    seed: int = 21
    steps: int = 7_300
    tokens: int = 3072
    rate: float = 1.2e-4
    head_rate: float = 4e-4
    layer_decay: float = 0.93
    warmup: int = 200
    decay_from: int = 6_000
    weight_decay: float = 0.01
    dropout: float = 0.1
    edge_weight: float = 0.5
    answers_weight: float = 1.0
    evidence_weight: float = 0.5
    early_weight: float = 0.3
    support_weight: float = 1.0
    average: float = 0.99
    average_every: int = 10


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of (batch, length); -1 marks what is not known or padded.

    `spans` (batch, most spans, 2), `points` (batch) whether the span loss counts, `evidence`
    (batch, length), `verdict` and `label` (batch).
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    spans: Tensor
    points: Tensor
    evidence: Tensor
    verdict: Tensor
    label: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def collate(features: Sequence[Feature]) -> Batch:
    """Return the features as one batch, padded to one length."""
    length = padded_length(max(len(one.ids) for one in features))
    ids = torch.zeros(len(features), length, dtype=torch.long)
    mask, kinds = torch.zeros_like(ids), torch.zeros_like(ids)
    evidence = torch.full(ids.shape, -1.0)
    spans = torch.full((len(features), max(1, *(len(one.spans) for one in features)), 2), -1)
    for row, one in enumerate(features):
        size = len(one.ids)
        ids[row, :size] = torch.tensor(one.ids)
        mask[row, :size] = 1
        kinds[row, one.passage_start : size] = 1
        for place, span in enumerate(one.spans):
            spans[row, place] = torch.tensor(span)
        if one.evidence is not None:
            evidence[row, one.passage_start : size - 1] = torch.tensor(one.evidence)
    return Batch(
        ids,
        mask,
        kinds,
        spans,
        torch.tensor([one.points for one in features]),
        evidence,
        torch.tensor([-1.0 if one.verdict is None else float(one.verdict) for one in features]),
        torch.tensor([-1 if one.label is None else one.label for one in features]),
    )


def loss(scores: Scores, batch: Batch, recipe: Recipe) -> Tensor:
    """Return the sum of the losses of spans, verdicts, evidence and statements, a mean each.

    Spans: the marginal likelihood of the right ones or of null, by pair and by edge. The loss of
    `early` only teaches the first layers: nothing but training reads it.
    """
    right = batch.spans[..., 0] >= 0
    firsts, lasts = batch.spans.clamp(min=0).unbind(-1)
    rows = torch.arange(len(scores.span), device=scores.span.device).unsqueeze(1)
    null = scores.null
    joint = _marginal(scores.span.flatten(1), null, scores.span[rows, firsts, lasts], right)
    edges = _marginal(scores.start, null / 2, scores.start[rows, firsts], right)
    edges = edges + _marginal(scores.end, null / 2, scores.end[rows, lasts], right)
    total = _mean(joint + recipe.edge_weight * edges, batch.points)
    judged = batch.verdict >= 0
    for logits, weight in (
        (scores.answers, recipe.answers_weight),
        (scores.early, recipe.early_weight),
    ):
        missed = binary_cross_entropy_with_logits(
            logits, batch.verdict.clamp(min=0), reduction="none"
        )
        total = total + weight * _mean(missed, judged)
    known = batch.evidence >= 0
    missed = binary_cross_entropy_with_logits(
        scores.evidence, batch.evidence.clamp(min=0), reduction="none"
    )
    by_row = (missed * known).sum(1) / known.sum(1).clamp(min=1)
    total = total + recipe.evidence_weight * _mean(by_row, known.any(1))
    labelled = batch.label >= 0
    missed = cross_entropy(scores.support, batch.label.clamp(min=0), reduction="none")
    return total + recipe.support_weight * _mean(missed, labelled)


def _mean(values: Tensor, counted: Tensor) -> Tensor:
    """Return the sum of the counted values over the size of the batch."""
    return (values * counted).sum() / len(values)


def _marginal(scores: Tensor, null: Tensor, right_scores: Tensor, right: Tensor) -> Tensor:
    everything = torch.logsumexp(torch.cat([scores, null.unsqueeze(1)], 1), 1)
    found = torch.logsumexp(right_scores.masked_fill(~right, -1e9), 1)
    return everything - torch.where(right.any(1), found, null)


def parameter_groups(reader: Reader, recipe: Recipe) -> list[dict[str, object]]:
    """One group for the heads, one for each encoder layer; the lower, the slower."""
    layers = len(reader.encoder.encoder.layer)
    groups: dict[float, dict[bool, list[Tensor]]] = {}
    for name, weight in reader.named_parameters():
        if not weight.requires_grad:
            continue
        if not name.startswith("encoder."):
            rate = recipe.head_rate
        elif ".layer." in name:
            depth = layers - 1 - int(name.split(".layer.")[1].split(".")[0])
            rate = recipe.rate * recipe.layer_decay**depth
        else:
            rate = recipe.rate * recipe.layer_decay**layers
        groups.setdefault(rate, {}).setdefault(weight.ndim > 1, []).append(weight)
    return [
        {
            "params": weights,
            "lr": rate,
            "peak": rate,
            "weight_decay": recipe.weight_decay * decays,
        }
        for rate, kinds in groups.items()
        for decays, weights in kinds.items()
    ]


def precision(device: torch.device) -> torch.dtype:
    """bf16 where the hardware multiplies it, else fp32: on AVX2 alone bf16 takes twenty times as long."""
    fast = device.type == "cuda" or torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    return torch.bfloat16 if fast else torch.float32


def rate_share(step: int, recipe: Recipe) -> float:
    """Warm-up, a level stretch, then half a cosine down to zero."""
    if step < recipe.warmup:
        return (step + 1) / recipe.warmup
    done = max(0, step - recipe.decay_from) / max(1, recipe.steps - recipe.decay_from)
    return 0.5 * (1 + math.cos(math.pi * done))


def word_cosine(reader: Reader, featurizer: Featurizer) -> Callable[[str, str], float]:
    """The cosine of two words' embeddings about their mean; 0 where one is not a single token."""
    weights = reader.encoder.embeddings.word_embeddings.weight.detach().cpu()
    vectors = torch.nn.functional.normalize(weights - weights.mean(0), dim=-1)

    def cosine(one: str, other: str) -> float:
        tokens = featurizer.token(one), featurizer.token(other)
        return float(vectors[tokens[0]] @ vectors[tokens[1]]) if None not in tokens else 0.0

    return cosine


def load_material(data: Path, seed: int) -> Material:
    """Read all sets, and retrieve what the product would read for the written questions."""
    squad = [with_header(row) for row in read_rows(data / "train.jsonl.gz")]
    public = [(chosen, read_set(data, chosen)) for chosen in PUBLIC_SETS]
    near: list[tuple[Row, Sequence[Row]]] = []
    for some in (squad, *(rows for chosen, rows in public if not chosen.sentences)):
        found = hard_negatives(some, per_question=4, seed=seed)
        near += [(row, others) for row, others in zip(some, found, strict=True) if others]
    learnt, _ = halves(read_written_statements(data), STATEMENTS_SEED)
    return Material(
        squad=squad,
        public=public,
        negatives=near,
        yes_no=read_yes_no(data),
        written=read_asked(data / "written_train.jsonl.gz", seed, CHUNK_TOKENS),
        statements=read_statements(data),
        written_statements=learnt,
    )


def read_asked(path: Path, seed: int, sizes: Sequence[int]) -> list[Asked]:
    """Return the written questions with their windows, the groups cut in the sizes in turn."""
    encoder = BundledEncoder()
    made: list[Asked] = []
    for number, rows in enumerate(groups(read_written(path), seed)):
        made += asked_over(rows, encoder, sizes[number % len(sizes)], seed + number)
    return made


def endless(
    material: Material,
    featurizer: Featurizer,
    mixture: Mixture,
    recipe: Recipe,
    thesaurus: Thesaurus | None,
) -> Iterator[list[Feature]]:
    reword = thesaurus.reword if thesaurus else None
    for number in range(1_000_000):
        seed = recipe.seed * 1000 + number
        features = epoch(material, featurizer, mixture, seed, reword)
        print(json.dumps({"epoch": number, "features": len(features)}), flush=True)
        yield from batches(features, tokens=recipe.tokens, seed=seed)


@torch.inference_mode()
def read_features(
    reader: Reader, features: Sequence[Feature]
) -> list[tuple[float, float, list[float]]]:
    """Return of each feature `answers`, `early` and `support`."""
    reader.eval()
    device = next(reader.parameters()).device
    kind = precision(device)
    found: dict[int, tuple[float, float, list[float]]] = {}
    order = sorted(range(len(features)), key=lambda place: len(features[place].ids))
    for at in range(0, len(order), 16):
        part = order[at : at + 16]
        batch = collate([features[place] for place in part]).to(device)
        with torch.autocast(device.type, kind, enabled=kind != torch.float32):
            scores = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        columns = (scores.answers.tolist(), scores.early.tolist(), scores.support.tolist())
        found |= dict(zip(part, zip(*columns, strict=True), strict=True))
    reader.train()
    return [found[place] for place in range(len(features))]


def progress(
    reader: Reader,
    featurizer: Featurizer,
    held: Sequence[Asked],
    validation: Sequence[Row],
    statements: Sequence[Row],
) -> dict[str, float]:
    """Return how well windows of held-out questions are told apart, and statements judged.

    `first`: the share of answerable questions whose likeliest window answers; `auroc_written`:
    answerable against unanswerable questions by their likeliest window.
    """
    draw = random.Random(0)
    windows = [row for one in held for row in one.windows]
    features = [_first(featurizer, row) for row in windows]
    read = iter(zip(windows, read_features(reader, features), strict=True))
    first, early = list[bool](), list[bool]()
    right, wrong = list[float](), list[float]()
    for one in held:
        own = [next(read) for _ in one.windows]
        best = max(own, key=lambda pair: pair[1][0])
        if any(row.spans for row, _ in own):
            first.append(bool(best[0].spans))
            early.append(bool(max(own, key=lambda pair: pair[1][1])[0].spans))
        (right if one.row.answers else wrong).append(best[1][0])
    squad = read_features(reader, [_first(featurizer, row) for row in validation])
    kept = [row for row in statements if draw.random() < 0.4]
    judged = read_features(reader, [_first(featurizer, row) for row in kept])
    supported = [np.exp(s[0]) / np.sum(np.exp(s)) for _, _, s in judged]
    return {
        "first": round(float(np.mean(first)), 4),
        "first_early": round(float(np.mean(early)), 4),
        "auroc_written": round(auroc(right, wrong), 4),
        "auroc_squad": round(
            auroc(
                [s[0] for row, s in zip(validation, squad, strict=True) if row.answerable],
                [s[0] for row, s in zip(validation, squad, strict=True) if not row.answerable],
            ),
            4,
        ),
        "auroc_statements": round(
            auroc(
                [s for row, s in zip(kept, supported, strict=True) if row.label == 0],
                [s for row, s in zip(kept, supported, strict=True) if row.label != 0],
            ),
            4,
        ),
    }


def _first(featurizer: Featurizer, row: Row) -> Feature:
    """Return the first window of a row, without what is known of it."""
    length = 384 if row.label is not None else 256
    window = featurizer.windows(row.question, row.context, length, row.header)[0]
    return Feature(window.ids, window.passage_start, ())


def cached(path: Path, make: Callable[[], object]) -> object:
    """Return what is kept in a file of our own, made when it is not there."""
    if not path.exists():
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())


def train(
    data: Path,
    base: Path,
    out: Path,
    recipe: Recipe,
    mixture: Mixture,
    check_every: int,
    wordnet: Path | None = None,
    start: Path | None = None,
) -> None:
    """Train to the recipe's end, from the encoder in `base` or the last checkpoint in `out`.

    Without WordNet's files in ``wordnet`` no question is said in other words. ``start`` is the
    folder of an exported reader whose weights are trained on.
    """
    torch.manual_seed(recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    material = cast(
        Material, cached(out / "material.pickle", lambda: load_material(data, recipe.seed))
    )
    held = cast(
        list[Asked],
        cached(
            out / "held.pickle",
            lambda: read_asked(data / "written_validation.jsonl.gz", recipe.seed, sizes=(128,)),
        ),
    )
    held = random.Random(0).sample(held, CHECKED_QUESTIONS)
    validation = random.Random(0).sample(read_rows(data / "validation.jsonl.gz"), 400)
    validation = [with_header(row) for row in validation]
    _, statements = halves(read_written_statements(data), STATEMENTS_SEED)
    featurizer = Featurizer(load_tokenizer(base / "tokenizer.json"))
    kind = precision(device)
    reader = new_reader(recipe.dropout, base).to(device).train()
    if start:
        load_weights(reader, shipped_weights(start))
    if device.type == "cpu" and kind != torch.float32:
        # the backward pass of the fused attention in bf16 took half of a step there
        reader.encoder.set_attn_implementation("eager")
    thesaurus = Thesaurus(wordnet, word_cosine(reader, featurizer)) if wordnet else None
    optimizer = torch.optim.AdamW(parameter_groups(reader, recipe), betas=(0.9, 0.98), fused=True)
    average = {name: weight.detach().clone() for name, weight in reader.state_dict().items()}
    done, last = 0, out / "last.pt"
    if last.exists():
        saved = torch.load(last, weights_only=True)
        reader.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        average = saved["average"]
        torch.set_rng_state(saved["random"])
        done = int(saved["step"])
    begun = {"from": done, "reworded": thesaurus is not None, "precision": str(kind)}
    print(json.dumps({"recipe": asdict(recipe), "mixture": asdict(mixture), **begun}), flush=True)
    began, losses = time.perf_counter(), list[float]()
    last_part = replace(recipe, seed=recipe.seed + 1)
    stream = chain(
        islice(endless(material, featurizer, mixture, recipe, thesaurus), recipe.decay_from),
        endless(material, featurizer, LAST, last_part, thesaurus),
    )
    for step, features in enumerate(islice(stream, recipe.steps)):
        if step < done:
            continue
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate_share(step, recipe)
        batch = collate(features).to(device)
        with torch.autocast(device.type, kind, enabled=kind != torch.float32):
            scores = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        value = loss(scores, batch, recipe)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if (step + 1) % recipe.average_every == 0:
            _average(average, reader, min(recipe.average, 1 - 10 / (step + 11)))
        losses.append(value.item())
        if (step + 1) % 50 == 0:
            spent, mean = round(time.perf_counter() - began, 1), round(statistics.fmean(losses), 4)
            print(json.dumps({"step": step + 1, "loss": mean, "s": spent}), flush=True)
            losses.clear()
        if (step + 1) % SAVE_EVERY == 0:
            _save(last, reader, average, optimizer, step + 1)
        if (step + 1) % check_every == 0 or step + 1 == recipe.steps:
            own = {name: weight.clone() for name, weight in reader.state_dict().items()}
            reader.load_state_dict(average)
            figures = progress(reader, featurizer, held, validation, statements)
            reader.load_state_dict(own)
            print(json.dumps({"step": step + 1, **figures}), flush=True)
    torch.save({"model": average}, out / "final.pt")


@torch.no_grad()
def _average(average: dict[str, Tensor], reader: Reader, share: float) -> None:
    """Move the running mean towards the weights by ``1 - share``."""
    for name, weight in reader.state_dict().items():
        if weight.is_floating_point():
            average[name].lerp_(weight, 1 - share)


def _save(
    path: Path,
    reader: Reader,
    average: dict[str, Tensor],
    optimizer: torch.optim.Optimizer,
    step: int,
) -> None:
    state = {
        "model": reader.state_dict(),
        "average": average,
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "step": step,
    }
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)  # a kill while writing leaves the one before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.jsonl.gz")
    parser.add_argument("--base", type=Path, required=True, help="folder of a BertModel")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--decay-from", type=int, default=Recipe().decay_from)
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--head-rate", type=float, default=Recipe().head_rate)
    parser.add_argument("--wordnet", type=Path, help="folder of WordNet's files, for synonyms")
    parser.add_argument("--start", type=Path, help="folder of an exported reader, to go on from")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--check-every", type=int, default=500)
    given = parser.parse_args()
    recipe = replace(
        Recipe(),
        seed=given.seed,
        steps=given.steps,
        rate=given.rate,
        head_rate=given.head_rate,
        decay_from=given.decay_from,
    )
    train(
        given.data,
        given.base,
        given.out,
        recipe,
        Mixture(),
        given.check_every,
        given.wordnet,
        given.start,
    )


if __name__ == "__main__":
    main()
