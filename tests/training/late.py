"""What needs torch, imported when a test uses it: every process that runs tests collects all of them.

Torch and transformers take five seconds of a process that may never run one of these tests.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "calibrate",
    "export",
    "features",
    "mixture",
    "network",
    "reading",
    "retrieved",
    "shipped",
    "torch",
    "train",
]

if TYPE_CHECKING:
    import torch

    from training import (
        calibrate,
        export,
        features,
        mixture,
        network,
        reading,
        retrieved,
        shipped,
        train,
    )
else:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(name)
        return import_module(name if name == "torch" else f"training.{name}")
