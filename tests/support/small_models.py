"""Small models in the formats of the voices that we use, for tests of the code that loads them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper


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


def kokoro_model(path: Path) -> Path:
    """A hum for each token, and no more than 512 of them, as Kokoro takes them."""
    hum = np.sin(np.arange(800) * np.pi / 40) * np.hanning(800) * 0.3
    constants: dict[str, NDArray[Any]] = {
        "hum": hum.astype(np.float32)[None, None, :],
        "most": np.zeros(513, np.float32),
        "last": np.array([2]),
        "second": np.array([1]),
        "row": np.array([-1]),
        "nothing": np.zeros(1, np.float32),
        "one": np.ones(1, np.float32),
        "both": np.array([0, 1]),
    }
    nodes = [
        helper.make_node("Shape", ["tokens"], ["shape"]),
        helper.make_node("Gather", ["shape", "second"], ["count"]),
        helper.make_node("Gather", ["most", "count"], ["within"]),  # fails beyond 512
        helper.make_node("ReduceSum", ["style", "both"], ["styled"]),
        helper.make_node("Mul", ["styled", "nothing"], ["unstyled"]),
        helper.make_node("Cast", ["tokens"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["numbers", "nothing"], ["zeros"]),
        helper.make_node("Add", ["zeros", "one"], ["ones"]),
        helper.make_node("Add", ["ones", "within"], ["counted"]),
        helper.make_node("Add", ["counted", "unstyled"], ["loudness"]),
        helper.make_node("Div", ["loudness", "speed"], ["spoken"]),
        helper.make_node("Unsqueeze", ["spoken", "last"], ["each"]),
        helper.make_node("Mul", ["each", "hum"], ["hums"]),
        helper.make_node("Reshape", ["hums", "row"], ["audio"]),
    ]
    number = TensorProto.FLOAT
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("style", number, [1, 256]),
        helper.make_tensor_value_info("speed", number, [1]),
    ]
    outputs = [helper.make_tensor_value_info("audio", number, ["samples"])]
    return save(path, nodes, inputs, outputs, constants)


def piper_model(path: Path, samples: int, rate: int) -> Path:
    """A hum of 200 Hz, as long as so many samples, for each phoneme; a rest for number 0."""
    hum = np.sin(np.arange(samples) * 2 * np.pi * 200 / rate) * np.hanning(samples)
    constants: dict[str, NDArray[Any]] = {
        "hum": (0.3 * hum).astype(np.float32)[None, None, :],
        "last": np.array([2]),
        "row": np.array([1, 1, 1, -1]),
    }
    nodes = [
        helper.make_node("Cast", ["input"], ["spoken"], to=TensorProto.BOOL),
        helper.make_node("Cast", ["spoken"], ["loudness"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["loudness", "last"], ["each"]),
        helper.make_node("Mul", ["each", "hum"], ["hums"]),
        helper.make_node("Reshape", ["hums", "row"], ["output"]),
    ]
    number = TensorProto.FLOAT
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", number, [3]),
    ]
    shape: list[str | int] = [1, 1, 1, "samples"]
    outputs = [helper.make_tensor_value_info("output", number, shape)]
    return save(path, nodes, inputs, outputs, constants)
