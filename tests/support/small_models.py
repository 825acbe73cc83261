"""Small models in the formats of the voices that we use, for tests of the code that loads them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

FRAME_MS = 12.5
"""Of hibari's models, whose small sister has one for each phoneme."""


def save(
    path: Path,
    nodes: Sequence[Any],
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    constants: Mapping[str, NDArray[Any]],
) -> Path:
    """Write a model that does these steps."""
    types = {"f": TensorProto.FLOAT, "i": TensorProto.INT64}
    held = [
        helper.make_tensor(name, types[array.dtype.kind], array.shape, array.ravel())
        for name, array in constants.items()
    ]
    graph = helper.make_graph(nodes, "small", inputs, outputs, held)
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


def hibari_model(path: Path) -> Path:
    """A buzz of 120 Hz, a frame for each phoneme: what hibari's models take and give."""
    spectra = {"lh": -1.0, "th": 0.0, "ln": -6.0, "lr": -9.0, "phi": 0.0}
    bins = np.ones((1, 601, 1), np.float32)
    constants: dict[str, NDArray[Any]]
    constants = {name: bins * np.float32(level) for name, level in spectra.items()}
    constants["tone"] = np.full((1, 1), 120, np.float32)
    constants["middle"] = np.array([1])
    constants["nothing"] = np.zeros(1, np.float32)
    nodes = [
        helper.make_node("Cast", ["ids"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["numbers", "nothing"], ["row"]),
        helper.make_node("Unsqueeze", ["row", "middle"], ["frames"]),
        helper.make_node("Add", ["row", "tone"], ["out_f0"]),
    ]
    nodes += [
        helper.make_node("Add", ["frames", name], [f"out_{name}"]) for name in spectra
    ]
    number = TensorProto.FLOAT
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("speed", number, [1]),
    ]
    outputs = [
        helper.make_tensor_value_info(f"out_{name}", number, [1, 601, "n"])
        for name in spectra
    ]
    outputs.append(helper.make_tensor_value_info("out_f0", number, [1, "n"]))
    return save(path, nodes, inputs, outputs, constants)
