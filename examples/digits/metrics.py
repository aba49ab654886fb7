# SPDX-License-Identifier: Apache-2.0
"""How good a set of images is: class accuracy, feature Frechet distance, diversity."""

import numpy as np
import torch
from torch.nn import functional


def hidden(classifier, images):
    """The classifier's hidden activations: (count, 64)."""
    before = functional.linear(images, classifier["layers.0.weight"], classifier["layers.0.bias"])
    return functional.leaky_relu(before, 0.2)


def logits(classifier, images):
    return functional.linear(
        hidden(classifier, images), classifier["layers.1.weight"], classifier["layers.1.bias"]
    )


def accuracy(classifier, images, labels):
    """Share of images that the classifier puts into their class."""
    return (logits(classifier, images).argmax(dim=1) == labels).double().mean().item()


def frechet_distance(a, b):
    """||mu_a - mu_b||^2 + tr(S_a + S_b - 2 sqrt(S_a S_b)) of two (count, features) sets.

    S_a S_b is similar to R S_b R with R the symmetric root of S_a; that is symmetric, so the trace
    of its root is the sum of the roots of its eigenvalues.
    """
    a, b = a.double().numpy(), b.double().numpy()
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    value, vector = np.linalg.eigh(cov_a)
    root = vector * np.sqrt(np.clip(value, 0.0, None)) @ vector.T
    inner = np.linalg.eigvalsh(root @ cov_b @ root)
    cross = np.sqrt(np.clip(inner, 0.0, None)).sum()
    shift = np.sum((a.mean(axis=0) - b.mean(axis=0)) ** 2)
    return float(shift + np.trace(cov_a) + np.trace(cov_b) - 2.0 * cross)


def diversity(images, labels):
    """Mean Euclidean distance between two images of one class: (classes). Collapse shows as 0."""
    result = []
    for label in range(int(labels.max()) + 1):
        mine = images[labels == label].double()
        count = len(mine)
        result.append(torch.cdist(mine, mine).sum().item() / (count * (count - 1)))
    return np.array(result)


def phase_rms(a, b):
    """Root mean square of the difference of two phase sets, whole turns removed, in rad."""
    difference = a - b
    wrapped = torch.atan2(torch.sin(difference), torch.cos(difference))
    return wrapped.double().square().mean().sqrt().item()
