"""The detector as an ONNX graph of its raw outputs: TensorFlow.js -> ONNX by tf2onnx, cut free of its own preprocessing and non-maximum suppression."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.utils import Extractor

OPSET = 17
SIDE = 300
BOXES = 1917
PIXELS, LOCATIONS, LOGITS, ANCHORS = "Preprocessor/sub:0", "Squeeze:0", "concat_1:0", "Postprocessor/ExpandDims:0"


@dataclass(frozen=True)
class DetectorGraph:
    """`graph`: pixel_values [n, 3, 300, 300] in [-1, 1] -> `Squeeze:0` [n, 1917, 4] (y, x, height, width against the anchors) and
    `concat_1:0` [n, 1917, 91] (logits, background first)."""

    graph: onnx.ModelProto
    anchors: np.ndarray  # [1917, 4]: y1 x1 y2 x2


def read_detector(tfjs: Path, work: Path) -> DetectorGraph:
    """Converts the TensorFlow.js graph in `tfjs` by way of a file in `work`."""
    whole = work / "coco-ssd.onnx"
    command = [sys.executable, "-m", "tf2onnx.convert", "--tfjs", str(tfjs / "model.json"), "--output", str(whole), "--opset", str(OPSET)]
    subprocess.run(command, check=True, timeout=600)
    model = onnx.load(str(whole))
    anchors = next(numpy_helper.to_array(i) for i in model.graph.initializer if i.name == ANCHORS)[0]
    if anchors.shape != (BOXES, 4):
        raise ValueError(f"{whole} has anchors of the shape {anchors.shape} where {(BOXES, 4)} is expected")
    cut = Extractor(model).extract_model([PIXELS], [LOCATIONS, LOGITS])
    graph = cut.graph
    # tf2onnx has moved the turning of the channels before this place, so that pictures enter with their channels first.
    graph.node.insert(0, helper.make_node("Identity", ["pixel_values"], [PIXELS]))
    del graph.input[:], graph.output[:], graph.value_info[:]
    graph.input.append(helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["frames", 3, SIDE, SIDE]))
    return DetectorGraph(cut, anchors.astype(np.float32))
