#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Train the digits example: the classifier that judges, the oscillator model, two controls.

    train.py                 train everything, write the weights and figures.json beside this file
    train.py --record DIR    run the saved model in double precision, save phases and images to DIR

Needs numpy, PyTorch (1.13 or later) and scikit-learn; needs no GPU.
"""

import argparse
import json
import os
import time

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.nn import functional

import metrics
import tensorfile
from oscillator import (Chips, DecoderOnly, Limits, Oscillators, Perfect, draw_phases, features,
                        solve)

HERE = os.path.dirname(os.path.abspath(__file__))
TEMPERATURES = (0.05, 0.1, 0.3)  # of the drifting loss, relative to the mean distance


def load_data(seed):
    """Training and test images (count, 64) in 0..1 with their labels; 30 % are for testing."""
    digits = load_digits()
    parts = train_test_split(
        digits.data / 16.0, digits.target, test_size=0.3, stratify=digits.target, random_state=seed
    )
    images = [torch.tensor(part, dtype=torch.float32) for part in parts[:2]]
    labels = [torch.tensor(part) for part in parts[2:]]
    return images[0], labels[0], images[1], labels[1]


def train_classifier(images, labels, seed, epochs=150, batch=64):
    """An MLP 64-64-10, trained on slightly noisy images so that it judges soft ones sanely."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for layer, (inputs, outputs) in enumerate([(64, 64), (64, 10)]):
        weight = torch.randn(outputs, inputs, generator=generator) * (2.0 / inputs) ** 0.5
        tensors[f"layers.{layer}.weight"] = weight.requires_grad_()
        tensors[f"layers.{layer}.bias"] = torch.zeros(outputs, requires_grad=True)
    optimiser = torch.optim.AdamW(tensors.values(), lr=3e-3, weight_decay=1e-2)
    steps = epochs * (len(images) // batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(epochs):
        order = torch.randperm(len(images), generator=generator)
        for chosen in order[: len(order) // batch * batch].split(batch):
            noisy = images[chosen] + 0.1 * torch.randn(batch, 64, generator=generator)
            loss = functional.cross_entropy(metrics.logits(tensors, noisy), labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return {name: tensor.detach() for name, tensor in tensors.items()}


@torch.no_grad()
def drift(generated, real):
    """Where each generated image should go: towards real ones, away from its fellows.

    generated is (C, G, pixels), real (C, P, pixels). Attraction and repulsion weigh each pair by
    how close it is, for each temperature, normalised over both of its ends.
    """
    count = generated.shape[1]
    others = torch.cat([real, generated], dim=1)
    distance = torch.cdist(generated, others)
    distance = distance / distance.mean(dim=(1, 2), keepdim=True)
    itself = torch.eye(count, dtype=torch.bool)
    distance[:, :, -count:].masked_fill_(itself, float("inf"))
    total = torch.zeros_like(generated)
    for temperature in TEMPERATURES:
        score = -distance / temperature
        affinity = torch.sqrt(torch.softmax(score, dim=2) * torch.softmax(score, dim=1))
        to_real, to_fellow = affinity[..., :-count], affinity[..., -count:]
        attract = to_real * to_fellow.sum(dim=2, keepdim=True)
        repel = to_fellow * to_real.sum(dim=2, keepdim=True)
        step = attract @ real - repel @ generated
        total += step / (step.norm(dim=2).mean(dim=1)[:, None, None] + 1e-12)
    return total


def train_model(model, name, images, labels, generator, args):
    """Train in place with the chip's limits and imperfections in the loop."""
    limits = model.limits
    by_class = [2.0 * images[labels == label] - 1.0 for label in range(limits.classes)]
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=args.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.rate, total_steps=args.steps)
    start = time.time()
    for step in range(1, args.steps + 1):
        real = torch.stack([
            mine[torch.randperm(len(mine), generator=generator)[: args.real]] for mine in by_class
        ])
        chips = Chips(limits, limits.classes, generator)
        generated = model(draw_phases(limits, args.samples, generator), chips)
        target = generated.detach() + drift(generated.detach(), real)
        loss = (generated - target).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        model.project()
        if step % max(1, args.steps // 10) == 0:
            print(f"{name}: step {step} of {args.steps}, loss {loss.item():.4f}, "
                  f"{time.time() - start:.0f} s", flush=True)


@torch.no_grad()
def generate(model, seed, samples=100, noisy=False):
    """(C * samples) images in 0..1 and their classes, from one chip, perfect or not."""
    generator = torch.Generator().manual_seed(seed)
    limits = model.limits
    chips = Chips(limits, 1, generator) if noisy else Perfect
    images = model(draw_phases(limits, samples, generator), chips)
    images = torch.clamp((images + 1.0) / 2.0, 0.0, 1.0)
    labels = torch.arange(limits.classes).repeat_interleave(samples)
    return images.reshape(-1, limits.pixels), labels


def evaluate(model, name, classifier, train_images, seed, sets=10):
    """Figures of 1,000 samples from a perfect chip, then of more sets, perfect and not.

    The distance falls with the size of a set, and the real test set has 540 images, so it is also
    taken of sets of 540.
    """
    reference = metrics.hidden(classifier, train_images)

    def distance(images):
        return metrics.frechet_distance(metrics.hidden(classifier, images), reference)

    images, labels = generate(model, seed)
    spread = metrics.diversity(images, labels)
    figures = {
        f"{name}_accuracy": metrics.accuracy(classifier, images, labels),
        f"{name}_frechet": distance(images),
        f"{name}_diversity_mean": spread.mean(),
        f"{name}_diversity_min": spread.min(),
    }
    small = [distance(generate(model, seed + 1 + i, samples=54)[0]) for i in range(sets)]
    figures[f"{name}_frechet_of_540_mean"] = np.mean(small)
    for kind, noisy in [("repeated", False), ("noisy", True)]:
        drawn = [generate(model, seed + 100 + i, noisy=noisy) for i in range(sets)]
        shares = [metrics.accuracy(classifier, *pair) for pair in drawn]
        distances = [distance(pair[0]) for pair in drawn]
        figures[f"{name}_{kind}_accuracy_mean"] = np.mean(shares)
        figures[f"{name}_{kind}_accuracy_min"] = np.min(shares)
        figures[f"{name}_{kind}_frechet_mean"] = np.mean(distances)
        figures[f"{name}_{kind}_frechet_max"] = np.max(distances)
    return figures


@torch.no_grad()
def solver_figures(model, seed):
    """Distance of the model's own solver, and of an imperfect chip, to the fine ODE."""
    generator = torch.Generator().manual_seed(seed)
    theta = draw_phases(model.limits, 100, generator)
    fine = model.run(theta, steps=200)
    chips = Chips(model.limits, model.limits.classes, generator)
    return {
        "solver_to_ode_rms": metrics.phase_rms(model.run(theta), fine),
        "noisy_to_ode_rms": metrics.phase_rms(chips.read(model.run(theta, chips)), fine),
    }


def limit_figures(model):
    """What the saved weights ask of the chip; stops if it is more than the chip can give."""
    limits = model.limits
    omega, weight, drive = (tensor.detach() for tensor in model.quantised())
    worst = model.row_sums().max().item()
    assert worst <= limits.row_limit + 1e-4, "a row driver is overloaded"
    assert (weight != 0).sum(dim=1).max() <= limits.fan_in and weight.diagonal().abs().max() == 0
    assert weight.abs().max() <= limits.weight_full_scale + 1e-6
    assert drive.abs().max() <= limits.drive_full_scale + 1e-6
    assert omega.abs().max() <= limits.omega_full_scale + 1e-6
    return {
        "row_sum_max": worst,
        "row_norm_mean": weight.norm(dim=1).mean().item(),
        "weight_rms": weight[model.mask > 0].square().mean().sqrt().item(),
        "drive_rms": drive.square().mean().sqrt().item(),
        "omega_rms": omega.square().mean().sqrt().item(),
        "couplings_zero_share": (weight[model.mask > 0] == 0).double().mean().item(),
    }


def save_model(model, seed):
    limits = model.limits
    omega, weight, drive = (tensor.detach().numpy() for tensor in model.quantised())
    tensors = {
        "K": weight + 0.0,  # turns -0 into 0
        "omega": omega + 0.0,
        "K_cond": np.zeros((1, 1)),
        "omega_cond": np.zeros(1),
        "K_drive": drive.transpose(0, 2, 1) + 0.0,
        "out.weight": model.out.weight.detach().numpy(),
        "out.bias": model.out.bias.detach().numpy(),
    }
    metadata = {
        "n": limits.oscillators,
        "n_cond": 1,
        "num_steps": limits.steps,
        "integration_time": limits.time,
        "num_classes": limits.classes,
        "solver": "rk4",
        "seed": seed,
    }
    tensorfile.write(os.path.join(HERE, "weights.safetensors"), tensors, metadata)


def train_all(args):
    limits = Limits()
    train_images, train_labels, test_images, test_labels = load_data(args.seed)
    classifier = train_classifier(train_images, train_labels, args.seed)
    path = os.path.join(HERE, "classifier.safetensors")
    tensorfile.write(path, {name: tensor.numpy() for name, tensor in classifier.items()})
    figures = {
        "seed": args.seed,
        "steps": args.steps,
        "classifier_accuracy": metrics.accuracy(classifier, test_images, test_labels),
        "real_test_frechet": metrics.frechet_distance(
            metrics.hidden(classifier, test_images), metrics.hidden(classifier, train_images)),
    }
    spread = metrics.diversity(train_images, train_labels)
    figures.update(real_diversity_mean=spread.mean(), real_diversity_min=spread.min())
    print(f"classifier: {100 * figures['classifier_accuracy']:.1f} % of the test images")

    def train_one(name, build):
        generator = torch.Generator().manual_seed(args.seed)
        model = build(generator)
        train_model(model, name, train_images, train_labels, generator, args)
        result = evaluate(model, name, classifier, train_images, args.seed + 1000)
        print(json.dumps(result, indent=1), flush=True)
        figures.update(result)
        return model

    model = train_one("model", lambda generator: Oscillators(limits, generator))
    figures.update(solver_figures(model, args.seed))
    figures.update(limit_figures(model))
    print(f"row sums: {figures['row_sum_max']:.2f} at most, the limit is {limits.row_limit}")
    save_model(model, args.seed)
    if not args.no_controls:
        train_one("frozen", lambda generator: Oscillators(limits, generator, figures["weight_rms"]))
        train_one("decoder", lambda generator: DecoderOnly(limits, generator))
    with open(os.path.join(HERE, "figures.json"), "w") as file:
        json.dump({key: round(float(value), 6) for key, value in figures.items()}, file, indent=1)
        file.write("\n")


def record(folder, seed=7, samples=20):
    """Outputs of the saved model in double precision, to check other implementations against."""
    limits = Limits()
    tensors, metadata = tensorfile.read(os.path.join(HERE, "weights.safetensors"))
    stored = {name: torch.tensor(array, dtype=torch.float64) for name, array in tensors.items()}
    classes = torch.arange(samples) % limits.classes
    theta = 2 * np.pi * np.random.default_rng(seed).random((samples, limits.oscillators)) - np.pi
    theta = torch.tensor(theta)
    drive = stored["K_drive"][classes, :, 0]

    def run(steps):
        return solve(theta, stored["omega"], stored["K"], drive, limits.time, steps)

    final = run(int(metadata["num_steps"]))
    images = torch.tanh(features(final) @ stored["out.weight"].mT + stored["out.bias"])
    images = torch.clamp((images + 1.0) / 2.0, 0.0, 1.0)

    def save(name, array):
        np.save(os.path.join(folder, f"digits_{name}.npy"), array)

    def with_tone(phases):
        return np.concatenate([phases.numpy(), np.zeros((samples, 1))], axis=1)

    os.makedirs(folder, exist_ok=True)
    save("initial_phases", with_tone(theta))
    save("classes", classes.numpy().astype(np.int32))
    save("phases_model", with_tone(final))
    save("phases_ode", with_tone(run(400)))
    save("images", images.numpy().reshape(samples, 1, 8, 8))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="everything follows from it")
    parser.add_argument("--steps", type=int, default=8000, help="training steps of each model")
    parser.add_argument("--rate", type=float, default=7e-3, help="peak learning rate")
    parser.add_argument("--samples", type=int, default=64, help="generated per class and step")
    parser.add_argument("--real", type=int, default=112, help="real images per class and step")
    parser.add_argument("--no-controls", action="store_true", help="train the model only")
    parser.add_argument("--record", metavar="DIR", help="record outputs of the saved model")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.record:
        record(args.record)
    else:
        train_all(args)


if __name__ == "__main__":
    main()
