"""What follows the detector's raw outputs in vision.onnx: boxes, non-maximum suppression to exactly 16 rows, colours, and the scene."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from classes import COCO_IDS
from detector_graph import LOCATIONS, LOGITS, SIDE

ROWS = 16
CLASSES = 80
FEATURES = 4 + 1 + 3 + CLASSES
GRID = 4
SCENE = GRID * GRID * 3 + 2
OWN = "eye_"  # what the names of the nodes and constants added here begin with


@dataclass(frozen=True)
class Suppression:
    """How doubles are removed: within a class above `same` overlap (intersection over union), then of any class above `other`; rows below `floor` are emptied."""

    same: float = 0.5
    other: float = 0.7
    floor: float = 0.2


@dataclass
class Nodes:
    """Adds nodes and constants to a graph under names of its own."""

    graph: onnx.GraphProto
    count: int = field(default=0)

    def add(self, operator: str, *inputs: str, **attributes: object) -> str:
        self.count += 1
        name = f"{OWN}{operator}_{self.count}"
        self.graph.node.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name

    def floats(self, values: object) -> str:
        return self._constant(np.asarray(values, np.float32))

    def ints(self, values: object) -> str:
        return self._constant(np.asarray(values, np.int64))

    def _constant(self, value: np.ndarray) -> str:
        self.count += 1
        name = f"{OWN}constant_{self.count}"
        self.graph.initializer.append(numpy_helper.from_array(value, name))
        return name


def add_outputs(model: onnx.ModelProto, anchors: np.ndarray, suppression: Suppression) -> None:
    """Appends, in place: `detections` [n, 16, 88] (x1 y1 x2 y2, score, r g b, 80 class scores; the best first, empty rows zero) and `scene` [n, 50]."""
    graph = model.graph
    nodes = Nodes(graph)
    boxes = _boxes(nodes, anchors)
    scores = _class_scores(nodes)
    chosen_boxes, chosen_scores = _suppress(nodes, boxes, scores, suppression)
    best = nodes.add("ReduceMax", chosen_scores, axes=[2], keepdims=1)
    unit = nodes.add("Add", nodes.add("Mul", "pixel_values", nodes.floats(0.5)), nodes.floats(0.5))
    rows = nodes.add("Concat", chosen_boxes, best, _colours(nodes, unit, chosen_boxes), chosen_scores, axis=2)
    real = nodes.add("Cast", nodes.add("Greater", best, nodes.floats(suppression.floor)), to=TensorProto.FLOAT)
    graph.node.append(helper.make_node("Mul", [rows, real], ["detections"]))
    graph.node.append(helper.make_node("Concat", [*_scene(nodes, unit)], ["scene"], axis=1))
    graph.output.append(helper.make_tensor_value_info("detections", TensorProto.FLOAT, ["frames", ROWS, FEATURES]))
    graph.output.append(helper.make_tensor_value_info("scene", TensorProto.FLOAT, ["frames", SCENE]))


def _boxes(nodes: Nodes, anchors: np.ndarray) -> str:
    """[n, 1917, 4]: x1 y1 x2 y2 in [0, 1], from offsets in tenths of an anchor and fifths of a logarithm, as SSD codes them."""
    sizes, centres = anchors[:, 2:] - anchors[:, :2], (anchors[:, 2:] + anchors[:, :2]) / 2
    offsets = nodes.add("Gather", LOCATIONS, nodes.ints([1, 0]), axis=2)
    scales = nodes.add("Gather", LOCATIONS, nodes.ints([3, 2]), axis=2)
    centre = nodes.add("Add", nodes.add("Mul", offsets, nodes.floats(sizes[None, :, ::-1] / 10)), nodes.floats(centres[None, :, ::-1]))
    size = nodes.add("Exp", nodes.add("Mul", scales, nodes.floats(0.2)))
    half = nodes.add("Mul", size, nodes.floats(sizes[None, :, ::-1] / 2))
    both = nodes.add("Concat", nodes.add("Sub", centre, half), nodes.add("Add", centre, half), axis=2)
    return nodes.add("Clip", both, nodes.floats(0), nodes.floats(1))


def _class_scores(nodes: Nodes) -> str:
    """[n, 1917, 80]: each class's own probability, in the order of COCO's names; background and the ten unused numbers are left out."""
    return nodes.add("Sigmoid", nodes.add("Gather", LOGITS, nodes.ints(COCO_IDS), axis=2))


def _suppress(nodes: Nodes, boxes: str, scores: str, how: Suppression) -> tuple[str, str]:
    """The 16 best boxes [n, 16, 4] and their class scores [n, 16, 80]."""
    batch = nodes.add("Gather", nodes.add("Shape", scores), nodes.ints([0]), axis=0)
    # Boxes of different classes are moved apart, so that one pass suppresses within each class.
    best = nodes.add("ArgMax", scores, axis=2, keepdims=1)
    shift = nodes.add("Mul", nodes.add("Cast", best, to=TensorProto.FLOAT), nodes.floats(2))
    first = 2 * ROWS
    boxes, scores = _keep(nodes, batch, boxes, scores, nodes.add("Add", boxes, shift), first, how.same, how.floor)
    return _keep(nodes, batch, boxes, scores, boxes, ROWS, how.other, how.floor)


def _keep(nodes: Nodes, batch: str, boxes: str, scores: str, apart: str, count: int, overlap: float, floor: float) -> tuple[str, str]:
    """One pass of suppression that leaves exactly `count` rows a picture: as many far-away fillers are added, which lose to every real box."""
    fillers = np.array([[-10 - 3 * i, -10, -9 - 3 * i, -9] for i in range(count)], np.float32)[None]
    low = np.zeros((1, count, CLASSES), np.float32)
    low[:, :, 0] = floor
    fill = lambda value, width: nodes.add("Expand", nodes.floats(value), nodes.add("Concat", batch, nodes.ints([count, width]), axis=0))
    none = fill(np.zeros((1, count, 4), np.float32), 4)
    all_boxes, all_scores = nodes.add("Concat", boxes, none, axis=1), nodes.add("Concat", scores, fill(low, CLASSES), axis=1)
    all_apart = nodes.add("Concat", apart, fill(fillers, 4), axis=1)
    best = nodes.add("ReduceMax", all_scores, axes=[2], keepdims=0)
    ranked = nodes.add("Unsqueeze", best, nodes.ints([1]))
    limits = nodes.ints([count]), nodes.floats([overlap]), nodes.floats([np.nextafter(np.float32(floor), np.float32(0))])
    chosen = nodes.add("NonMaxSuppression", all_apart, ranked, *limits)
    index = nodes.add("Reshape", nodes.add("Gather", chosen, nodes.ints([2]), axis=1), nodes.ints([-1, count, 1]))
    return nodes.add("GatherND", all_boxes, index, batch_dims=1), nodes.add("GatherND", all_scores, index, batch_dims=1)


def _colours(nodes: Nodes, unit: str, boxes: str) -> str:
    """[n, 16, 3]: the mean colour of the middle half of each box (its margin is mostly background), from 8 x 8 samples."""
    low, high = nodes.add("Slice", boxes, nodes.ints([0]), nodes.ints([2]), nodes.ints([2])), nodes.add("Slice", boxes, nodes.ints([2]), nodes.ints([4]), nodes.ints([2]))
    inset = nodes.add("Mul", nodes.add("Sub", high, low), nodes.floats(0.25))
    inner = nodes.add("Concat", nodes.add("Add", low, inset), nodes.add("Sub", high, inset), axis=2)
    regions = nodes.add("Reshape", inner, nodes.ints([-1, 4]))
    picture = nodes.add("Cast", nodes.add("Range", nodes.ints(0), _count(nodes, regions), nodes.ints(1)), to=TensorProto.INT64)
    owner = nodes.add("Div", picture, nodes.ints(ROWS))
    sampled = nodes.add("RoiAlign", unit, regions, owner, output_height=1, output_width=1, sampling_ratio=8, spatial_scale=float(SIDE), mode="avg", coordinate_transformation_mode="half_pixel")
    return nodes.add("Reshape", sampled, nodes.ints([-1, ROWS, 3]))


def _count(nodes: Nodes, rows: str) -> str:
    return nodes.add("Squeeze", nodes.add("Gather", nodes.add("Shape", rows), nodes.ints([0]), axis=0))


def _scene(nodes: Nodes, unit: str) -> tuple[str, str, str]:
    """The picture as 4 x 4 colours (row by row, r g b each), its brightness, and its sharpness: ten times the mean of the luma's absolute Laplacian."""
    step = SIDE // GRID
    means = nodes.add("AveragePool", unit, kernel_shape=[step, step], strides=[step, step])
    grid = nodes.add("Reshape", nodes.add("Transpose", means, perm=[0, 2, 3, 1]), nodes.ints([-1, GRID * GRID * 3]))
    luma = np.array([0.299, 0.587, 0.114], np.float32).reshape(1, 3, 1, 1)
    laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float32)[None, None]
    edges = nodes.add("Abs", nodes.add("Conv", unit, nodes.floats(luma * laplacian)))
    sharpness = nodes.add("Mul", nodes.add("ReduceMean", edges, axes=[1, 2, 3], keepdims=0), nodes.floats(10))
    brightness = nodes.add("ReduceMean", means, axes=[1, 2, 3], keepdims=0)
    column = nodes.ints([1])
    return grid, nodes.add("Unsqueeze", brightness, column), nodes.add("Unsqueeze", sharpness, column)
