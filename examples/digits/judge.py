#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judge the images of a verified chip as train.py judges the model's.

    judge.py CHIP [CAMPAIGN]     for example: judge.py chip/ device-tt

Reads the final phases in CHIP/verify/CAMPAIGN, those of the circuit, of the exact solution and of the
model's own solver, draws the images of each and prints class accuracy and Fréchet distance to the
training set. The distance falls with the size of a set: compare within one table only. Needs numpy,
PyTorch and scikit-learn.
"""

import glob
import json
import os
import sys

import numpy as np
import torch

import metrics
import train
from oscillator import features

SEED = 1  # of train.py: which images are the training set


def draw(folder, phases):
    """Images in 0..1, (count, 64), from phases (count, n + 1) whose last is the tone's."""
    weight = torch.tensor(np.load(f"{folder}/decoder.out.weight.npy"))
    bias = torch.tensor(np.load(f"{folder}/decoder.out.bias.npy"))
    theta = torch.tensor(phases[:, :-1] - phases[:, -1:], dtype=weight.dtype)
    images = torch.tanh(torch.nn.functional.linear(features(theta), weight, bias))
    return torch.clamp((images + 1.0) / 2.0, 0.0, 1.0).float()


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    chip, campaign = sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "device-tt"
    paths = sorted(glob.glob(os.path.join(chip, "verify", campaign, "[0-9]*", "result.json")))
    results = [json.load(open(path)) for path in paths]
    results = [result for result in results if result["phases_circuit"]]
    if len(results) < 2:
        sys.exit(f"judge.py: fewer than two good runs in {chip}/verify/{campaign}")
    model = os.path.join(chip, "model")
    classifier = {
        f"layers.{layer}.{part}": torch.tensor(
            np.load(f"{model}/classifier.layers.{layer}.{part}.npy")
        ).float()
        for layer in (0, 1)
        for part in ("weight", "bias")
    }
    reference = metrics.hidden(classifier, train.load_data(SEED)[0])
    labels = torch.tensor([result["class"] for result in results])
    print(f"{len(results)} samples     class accuracy   Fréchet distance")
    for name in ("circuit", "ode", "model"):
        images = draw(model, np.array([result["phases_" + name] for result in results]))
        accuracy = metrics.accuracy(classifier, images, labels)
        distance = metrics.frechet_distance(metrics.hidden(classifier, images), reference)
        print(f"  {name:<10} {100 * accuracy:14.1f} % {distance:16.4f}")


if __name__ == "__main__":
    main()
