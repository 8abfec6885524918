"""An eye for painted detections: a vision.onnx that reads back what `painting.py` painted, in place of the detector.

pixel_values [n, 3, 300, 300] in [-1, 1] -> detections [n, 16, 88] and scene [n, 50], as the detector gives them."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from sight.benchmark.painting import BOX, CLASS, COARSE, COLUMNS, FINE, ROWS, SCENE, SCENE_MOST, SCORE, SIDE

OPSET, IR_VERSION = 20, 9


def painted_eye() -> onnx.ModelProto:
    """The graph."""
    # What a level of red and one of green are worth at each place.
    red, green = np.full((ROWS, COLUMNS), 1 / COARSE), np.zeros((ROWS, COLUMNS))
    red[:, :BOX], green[:, :BOX] = 16 / FINE, 1 / FINE
    graph = _Graph()
    levels = graph.add("Round", graph.add("Mul", graph.add("Add", "pixel_values", graph.constant(1, np.float32)), graph.constant(127.5, np.float32)))
    upper, lower = (graph.add("Squeeze", graph.part(levels, 1, channel, channel + 1), graph.constant([1])) for channel in (0, 1))
    rows = graph.weighted(graph.part(graph.part(upper, 1, 0, ROWS), 2, 0, COLUMNS), red, graph.part(graph.part(lower, 1, 0, ROWS), 2, 0, COLUMNS), green)
    score = graph.add("ReduceMax", graph.part(rows, 2, CLASS, COLUMNS), graph.constant([2]), keepdims=1)
    graph.add("Concat", graph.part(rows, 2, 0, SCORE), score, graph.part(rows, 2, SCORE + 1, COLUMNS), name="detections", axis=2)
    last = [graph.part(graph.part(channel, 1, ROWS, ROWS + 1), 2, 0, SCENE) for channel in (upper, lower)]
    graph.add("Squeeze", graph.weighted(last[0], 16 * SCENE_MOST / FINE, last[1], SCENE_MOST / FINE), graph.constant([1]), name="scene")
    return graph.model()


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, name: str = "", **attributes: object) -> str:
        """A node -> the name of its output."""
        name = name or f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def constant(self, value: object, kind: type = np.int64) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value, kind), f"constant_{len(self.constants)}"))
        return self.constants[-1].name

    def part(self, value: str, axis: int, begin: int, end: int) -> str:
        return self.add("Slice", value, self.constant([begin]), self.constant([end]), self.constant([axis]))

    def weighted(self, first: str, weight: object, second: str, other: object) -> str:
        """The weighted sum of two."""
        return self.add("Add", self.add("Mul", first, self.constant(weight, np.float32)), self.add("Mul", second, self.constant(other, np.float32)))

    def model(self) -> onnx.ModelProto:
        shape = helper.make_tensor_value_info
        graph = helper.make_graph(
            self.nodes, "painted_eye", [shape("pixel_values", TensorProto.FLOAT, ["frames", 3, SIDE, SIDE])],
            [shape("detections", TensorProto.FLOAT, ["frames", ROWS, COLUMNS]), shape("scene", TensorProto.FLOAT, ["frames", SCENE])], self.constants)
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="duet")
        made.ir_version = IR_VERSION
        onnx.checker.check_model(made)
        return made
