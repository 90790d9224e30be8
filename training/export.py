"""Exports a checkpoint to ONNX in int8, its tokenizer and description beside it."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer
from torch import Tensor, nn

from training.features import MAX_LENGTH, MAX_QUESTION_TOKENS, STRIDE
from training.network import MAX_ANSWER_TOKENS, Reader, encoder_folder, load_reader

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["span", "margin", "answers"]
HEADS = ("/reader/edges", "/reader/pair", "/reader/gather", "/reader/answers")


class RowQuantised(nn.Module):
    """Embeddings in int8 with one scale a row: a quarter of the size, closer than one scale."""

    table: Tensor
    scale: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("table", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        return self.table[ids].float() * self.scale[ids]


class Shipped(nn.Module):
    """The reader with the outputs that the product uses."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        span, null, answers, _, _ = self.reader(input_ids, attention_mask, token_type_ids)
        return span, torch.logsumexp(span.flatten(1), 1) - null, answers


def export(checkpoint: Path, target: Path, *, small_embeddings: bool) -> None:
    """Writes the checkpoint as ONNX in fp32, attention and normalisation fused."""
    reader = load_reader(checkpoint)
    if small_embeddings:
        embeddings = reader.encoder.embeddings
        table = RowQuantised(embeddings.word_embeddings.weight.detach())
        setattr(embeddings, "word_embeddings", table)  # noqa: B010 - of another type than before
    ids = torch.randint(1000, 2000, (2, 24))
    kinds = torch.zeros_like(ids)
    kinds[:, 8:] = 1
    axes = {name: {0: "batch", 1: "length"} for name in INPUTS}
    axes |= {"span": {0: "batch", 1: "length", 2: "length"}}
    axes |= {"margin": {0: "batch"}, "answers": {0: "batch"}}
    torch.onnx.export(
        Shipped(reader).eval(),
        (ids, torch.ones_like(ids), kinds),
        str(target),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    config = reader.encoder.config
    fused = optimize_model(
        str(target),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
    )
    fused.save_model_to_file(str(target))


def quantise(source: Path, target: Path, *, reduce_range: bool, kind: QuantType) -> None:
    """The encoder's matrix products to int8, a scale a column; activations as they come.

    The heads stay in fp32: they are small, and all that is said hangs on them.
    """
    nodes = [node.name for node in onnx.load(str(source)).graph.node]
    heads = [name for name in nodes if name.startswith(HEADS)]
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Gemm", "Attention"],
        # A Gemm is first made a MatMul, of this longer name.
        nodes_to_exclude=heads + [f"{name}_MatMul" for name in heads],
        per_channel=True,
        reduce_range=reduce_range,
        weight_type=kind,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def write_tokenizer(target: Path) -> None:
    """The vocabulary as one file for the `tokenizers` library, without padding and truncation."""
    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(target), pretty=False)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def describe(folder: Path, version: str) -> dict[str, object]:
    """What the product must know to read with the files in `folder`; calibration is added later.

    The threshold is that of the reading model alone; the product weighs its probability once more.
    """
    return {
        "version": version,
        "max_length": MAX_LENGTH,
        "max_question_tokens": MAX_QUESTION_TOKENS,
        "max_answer_tokens": MAX_ANSWER_TOKENS,
        "stride": STRIDE,
        "threshold": 0.5,
        "sha256": {name: sha256(folder / name) for name in ("model.onnx", "tokenizer.json")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for the shipped files")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is compared")
    parser.add_argument("--version", default="1")
    parser.add_argument(
        "--ship",
        choices=["int8", "int8-reduced", "uint8"],
        default="int8-reduced",
        help="which quantisation becomes model.onnx",
    )
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    given.work.mkdir(parents=True, exist_ok=True)
    export(given.checkpoint, given.work / "fp32.onnx", small_embeddings=False)
    small = given.work / "small-embeddings.onnx"
    export(given.checkpoint, small, small_embeddings=True)
    variants = {
        "int8": (False, QuantType.QInt8),
        "int8-reduced": (True, QuantType.QInt8),
        "uint8": (False, QuantType.QUInt8),
    }
    for name, (reduce_range, kind) in variants.items():
        quantise(small, given.work / f"{name}.onnx", reduce_range=reduce_range, kind=kind)
    shutil.copyfile(given.work / f"{given.ship}.onnx", given.out / "model.onnx")
    write_tokenizer(given.out / "tokenizer.json")
    text = json.dumps(describe(given.out, given.version), indent=2)
    (given.out / "reader.json").write_text(text + "\n", encoding="utf-8")
    for path in sorted(given.work.glob("*.onnx")):
        print(path.name, round(path.stat().st_size / 1e6, 2), "MB")


if __name__ == "__main__":
    main()
