"""The mean of two versions' weights."""

import torch

from training.average import average


def test_the_share_is_of_the_earlier_weights_and_whole_numbers_stay() -> None:
    later = {"weight": torch.tensor([0.0, 10.0]), "count": torch.tensor(3)}
    earlier = {"weight": torch.tensor([10.0, 0.0]), "count": torch.tensor(9)}
    mean = average(later, earlier, 0.3)
    assert mean["weight"].tolist() == [3.0, 7.0]
    assert int(mean["count"]) == 3
