"""Trains the reading model; a stopped run goes on from its last checkpoint."""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.data import Row, read_rows
from training.features import Feature, Featurizer, batches, load_tokenizer, padded_length
from training.metrics import auroc, f1
from training.mixture import Mixture, epoch
from training.negatives import hard_negatives
from training.network import Reader, encoder_folder, new_reader
from training.shipped import starting_weights
from training.synonyms import Thesaurus

HELD_OUT_ROWS = 400
HOLD_OUT_SEED = 13
"""The same articles are held out by every run, so that a later one can go on from an earlier one."""
SAVE_EVERY = 100


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a run besides its data."""

    seed: int = 13
    steps: int = 5500
    tokens: int = 3072
    rate: float = 2e-4
    head_rate: float = 5e-4
    layer_decay: float = 0.95
    warmup: int = 150
    decay_from: int = 1200
    weight_decay: float = 0.01
    dropout: float = 0.1
    edge_weight: float = 0.5
    answers_weight: float = 0.7


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of (batch, length), and for each example its right spans, padded with -1."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    spans: Tensor


def collate(features: Sequence[Feature], device: torch.device) -> Batch:
    length = padded_length(max(len(one.ids) for one in features))
    ids = torch.zeros(len(features), length, dtype=torch.long)
    mask, kinds = torch.zeros_like(ids), torch.zeros_like(ids)
    spans = torch.full((len(features), max(1, *(len(one.spans) for one in features)), 2), -1)
    for row, one in enumerate(features):
        size = len(one.ids)
        ids[row, :size] = torch.tensor(one.ids)
        mask[row, :size] = 1
        kinds[row, one.passage_start : size] = 1
        for place, span in enumerate(one.spans):
            spans[row, place] = torch.tensor(span)
    return Batch(*(part.to(device) for part in (ids, mask, kinds, spans)))


def loss(reader: Reader, batch: Batch, recipe: Recipe) -> Tensor:
    """The marginal likelihood of the right spans or null, by pair and by edge, and the verdict."""
    span, null, answers, start, end = reader(
        batch.input_ids, batch.attention_mask, batch.token_type_ids
    )
    right = batch.spans[..., 0] >= 0
    answerable = right.any(1)
    firsts, lasts = batch.spans.clamp(min=0).unbind(-1)
    rows = torch.arange(len(span), device=span.device).unsqueeze(1)
    joint = _marginal(span.flatten(1), null, span[rows, firsts, lasts], right, answerable)
    edges = _marginal(start, null / 2, start[rows, firsts], right, answerable)
    edges = edges + _marginal(end, null / 2, end[rows, lasts], right, answerable)
    verdict = torch.nn.functional.binary_cross_entropy_with_logits(answers, answerable.float())
    return joint.mean() + recipe.edge_weight * edges.mean() + recipe.answers_weight * verdict


def _marginal(
    scores: Tensor,
    null: Tensor,
    right_scores: Tensor,
    right: Tensor,
    answerable: Tensor,
) -> Tensor:
    everything = torch.logsumexp(torch.cat([scores, null.unsqueeze(1)], 1), 1)
    found = torch.logsumexp(right_scores.masked_fill(~right, -1e9), 1)
    return everything - torch.where(answerable, found, null)


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


def hold_out(rows: Sequence[Row], seed: int) -> tuple[list[Row], list[Row]]:
    """The rows without one article of each Wikipedia source, and some of those articles' rows."""
    draw = random.Random(seed)
    titles = set()
    for source in ("squad2", "squad1", "new_wiki"):
        titles.add(draw.choice(sorted({row.title for row in rows if row.source == source})))
    held = [row for row in rows if row.title in titles]
    seen = draw.sample(held, min(len(held), HELD_OUT_ROWS))
    return [row for row in rows if row.title not in titles], seen


def endless(
    rows: Sequence[Row],
    featurizer: Featurizer,
    mixture: Mixture,
    recipe: Recipe,
    thesaurus: Thesaurus | None,
) -> Iterator[list[Feature]]:
    negatives = hard_negatives(rows, per_question=4, seed=recipe.seed)
    for number in range(1_000_000):
        seed = recipe.seed * 1000 + number
        features = epoch(rows, negatives, featurizer, mixture, seed, thesaurus)
        print(json.dumps({"epoch": number, "features": len(features)}), flush=True)
        yield from batches(features, tokens=recipe.tokens, seed=seed)


@torch.inference_mode()
def progress(reader: Reader, rows: Sequence[Row], featurizer: Featurizer) -> dict[str, float]:
    """F1 without abstention and both AUROCs, on the first window of each held-out row."""
    reader.eval()
    device = next(reader.parameters()).device
    kind = precision(device)
    gains, verdicts, margins = [], [], []
    order = sorted(range(len(rows)), key=lambda place: len(rows[place].context))
    for at in range(0, len(order), 16):
        part = [rows[place] for place in order[at : at + 16]]
        read = [featurizer.windows(row.question, row.context)[0] for row in part]
        batch = collate([Feature(one.ids, one.passage_start, ()) for one in read], device)
        with torch.autocast(device.type, kind, enabled=kind != torch.float32):
            span, null, answers, *_ = reader(
                batch.input_ids, batch.attention_mask, batch.token_type_ids
            )
        best, places = span.flatten(1).max(1)
        for row, one, place in zip(part, read, places.tolist(), strict=True):
            first, last = divmod(place, span.shape[1])
            start = one.offsets[first - one.passage_start][0]
            end = one.offsets[last - one.passage_start][1]
            if row.answerable:
                gains.append(f1(row.context[start:end], row.answers))
        known = [row.answerable for row in part]
        verdicts += list(zip(known, answers.tolist(), strict=True))
        margins += list(zip(known, (best - null).tolist(), strict=True))
    reader.train()
    return {
        "f1_answerable": round(float(np.mean(gains)), 4),
        "auroc_answers": round(_auroc(verdicts), 4),
        "auroc_margin": round(_auroc(margins), 4),
    }


def _auroc(scored: Sequence[tuple[bool, float]]) -> float:
    return auroc(
        [score for known, score in scored if known],
        [score for known, score in scored if not known],
    )


def train(
    data: Path,
    out: Path,
    recipe: Recipe,
    mixture: Mixture,
    check_every: int,
    start: Path | None = None,
    wordnet: Path | None = None,
) -> None:
    """Trains to the recipe's end; from the weights in ``start`` where it is given.

    Without WordNet's files in ``wordnet`` no question is said in other words.
    """
    torch.manual_seed(recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    rows, held = hold_out(read_rows(data / "train.jsonl.gz"), HOLD_OUT_SEED)
    featurizer = Featurizer(load_tokenizer(encoder_folder() / "tokenizer.json"))
    kind = precision(device)
    reader = new_reader(recipe.dropout).to(device).train()
    if device.type == "cpu" and kind != torch.float32:
        # the backward pass of the fused attention in bf16 took half of a step there
        reader.encoder.set_attn_implementation("eager")
    if start is not None:
        reader.load_state_dict(starting_weights(start))
    thesaurus = Thesaurus(wordnet, word_cosine(reader, featurizer)) if wordnet else None
    optimizer = torch.optim.AdamW(parameter_groups(reader, recipe), betas=(0.9, 0.98), fused=True)
    done, last = 0, out / "last.pt"
    if last.exists():
        saved = torch.load(last, weights_only=True)
        reader.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        torch.set_rng_state(saved["random"])
        done = int(saved["step"])
    begun = {
        "from": done,
        "start": start and start.name,
        "reworded": thesaurus is not None,
        "precision": str(kind),
    }
    print(json.dumps({"recipe": asdict(recipe), "mixture": asdict(mixture), **begun}), flush=True)
    began, losses = time.perf_counter(), list[float]()
    for step, features in enumerate(endless(rows, featurizer, mixture, recipe, thesaurus)):
        if step >= recipe.steps:
            break
        if step < done:
            continue
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate_share(step, recipe)
        with torch.autocast(device.type, kind, enabled=kind != torch.float32):
            value = loss(reader, collate(features, device), recipe)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(value.item())
        if (step + 1) % 50 == 0:
            spent, mean = round(time.perf_counter() - began, 1), round(statistics.fmean(losses), 4)
            print(json.dumps({"step": step + 1, "loss": mean, "s": spent}), flush=True)
            losses.clear()
        if (step + 1) % SAVE_EVERY == 0:
            _save(last, reader, optimizer, step + 1)
        if (step + 1) % check_every == 0 or step + 1 == recipe.steps:
            figures = progress(reader, held, featurizer)
            print(json.dumps({"step": step + 1, **figures}), flush=True)
    torch.save({"model": reader.state_dict()}, out / "final.pt")


def _save(path: Path, reader: Reader, optimizer: torch.optim.Optimizer, step: int) -> None:
    state = {
        "model": reader.state_dict(),
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "step": step,
    }
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)  # a kill while writing leaves the one before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.jsonl.gz")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--decay-from", type=int, default=Recipe().decay_from)
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--head-rate", type=float, default=Recipe().head_rate)
    parser.add_argument("--start", type=Path, help="model.onnx or checkpoint to go on from")
    parser.add_argument("--wordnet", type=Path, help="folder of WordNet's files, for synonyms")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--check-every", type=int, default=300)
    given = parser.parse_args()
    recipe = Recipe(
        seed=given.seed,
        steps=given.steps,
        rate=given.rate,
        head_rate=given.head_rate,
        decay_from=given.decay_from,
    )
    train(given.data, given.out, recipe, Mixture(), given.check_every, given.start, given.wordnet)


if __name__ == "__main__":
    main()
