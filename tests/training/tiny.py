"""A reader of random weights that is made in a moment, and rows for it."""

from __future__ import annotations

from tests.training import late
from training.data import Row, occurrences

TOWNS = ("Arden", "Borva", "Calder", "Dunmore", "Elsby", "Farrow", "Garth", "Holm")


def tiny_reader() -> late.network.Reader:
    """Return a reader of six narrow layers with BERT's vocabulary, in training mode."""
    from transformers import BertConfig, BertModel  # they take seconds, see `late`

    late.torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30522,
        hidden_size=2 * late.network.HEAD_SIZE,
        num_hidden_layers=6,
        num_attention_heads=2,
        intermediate_size=128,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return late.network.Reader(BertModel(config, add_pooling_layer=False)).train()


def row(number: int, title: str = "Towns", source: str = "squad2") -> Row:
    """Return a question about a mill, with the year as its answer."""
    town = TOWNS[number % len(TOWNS)]
    context = f"The mill of {town} was built in {1800 + number} by the guild of weavers."
    answer = str(1800 + number)
    spans = tuple(occurrences(context, answer))
    return Row(
        str(number),
        source,
        title,
        f"When was {town}'s mill built?",
        context,
        (answer,),
        spans,
        header=title,
    )
