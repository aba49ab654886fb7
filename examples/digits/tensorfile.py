# SPDX-License-Identifier: Apache-2.0
"""Reading and writing safetensors files, and nothing else.

The format: eight bytes with the length of the header (little-endian), the header in JSON (tensor
name -> dtype, shape, data_offsets; strings under "__metadata__"), then the raw little-endian data,
which the offsets count from.
"""

import json
import struct

import numpy as np

NUMPY_TYPE = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


def to_bfloat16(array):
    """The nearest bfloat16 values (ties to even) of finite numbers, as their 16-bit patterns."""
    bits = np.ascontiguousarray(array, "<f4").view("<u4").astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def from_bfloat16(patterns):
    """The numbers, in single precision, that 16-bit bfloat16 patterns stand for."""
    return (patterns.astype("<u4") << 16).view("<f4")


def write(path, tensors, metadata=None, dtype="F32"):
    """Write {name: array} to path, every tensor as dtype, with {str: str} metadata."""
    header, blobs, offset = {}, [], 0
    if metadata:
        header["__metadata__"] = {key: str(value) for key, value in metadata.items()}
    for name, array in tensors.items():
        array = np.asarray(array)
        stored = to_bfloat16(array) if dtype == "BF16" else array.astype(NUMPY_TYPE[dtype])
        blob = np.ascontiguousarray(stored).tobytes()
        header[name] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        file.writelines(blobs)


def read(path):
    """Return ({name: float array}, metadata); bfloat16 comes back in single precision."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    body = data[8 + length :]
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(body[begin:end], NUMPY_TYPE[entry["dtype"]])
        if entry["dtype"] == "BF16":
            array = from_bfloat16(array)
        tensors[name] = array.reshape(entry["shape"])
    return tensors, metadata
