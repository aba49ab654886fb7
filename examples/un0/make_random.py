#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make a random model of the Un-0 family, and the outputs that a sampler should get from it.

    make_random.py big                          the shape of the n = 1024 CIFAR-10 checkpoint
    make_random.py small --n 16 --m 2 --blocks 1 --image 3 8 8 --record small

writes FOLDER/weights.safetensors and FOLDER/model.yaml. The weights have the scale that training
starts from: the pictures are noise, but sizes, times and phase errors are those of a real model.

With --record DIR the model is run in double precision from the weights as stored, and DIR gets
initial_phases, phases_model (the model's own solver), phases_ode (Runge-Kutta, 400 steps), all
(samples, n + m), not wrapped; classes (samples); images (samples, C, H, W) in 0..1; all .npy.
Every sum is written as the model defines it, over pairs, so that it can be trusted, not fast.
"""

import argparse
import os
import sys

import numpy as np
import torch
from torch.nn import functional

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "digits"))
import tensorfile  # noqa: E402

SLOPE = 0.2  # of LeakyReLU
ODE_STEPS = 400

YAML = """\
# SPDX-License-Identifier: Apache-2.0
oscc: 1
name: {name}
oscillators: {n}
conditioning: {m}
classes: {classes}
dynamics:
  weights: weights.safetensors
  parameterization: {parameterization}
  time: 1.0
  solver: {{method: {solver}, steps: {steps}}}
  conditioning_start: random
readout: {readout}
decoder: {{kind: {decoder}, activation: tanh, weights: weights.safetensors}}
image: {{channels: {image[0]}, height: {image[1]}, width: {image[2]}}}
"""


def scales(args):
    """What the sums over K, K_drive and K_cond are multiplied by."""
    if args.parameterization == "standard":
        return 1.0, 1.0, 1.0
    return args.n**-0.5, args.m**-0.5, args.m**-0.5


def make_dynamics(args, rng):
    """The five dynamics tensors as training holds them: before the mup scales are applied."""
    n, m = args.n, args.m
    main, drive, cond = (1.0, 1.0, 1.0) if args.parameterization == "mup" else (
        n**-0.5, m**-0.5, m**-0.5)
    return {
        "omega": rng.standard_normal((1, n)),
        "K": main * rng.standard_normal((n, n)),
        "omega_cond": rng.standard_normal((1, m)),
        "K_cond": cond * rng.standard_normal((m, m)),
        "K_drive": drive * rng.standard_normal((args.classes, n, m)),
    }


def convert_dynamics(tensors, args):
    """The converted form: scales applied, diagonals zero, frequencies as plain vectors."""
    main, drive, cond = scales(args)
    return {
        "K": main * tensors["K"] * (1.0 - np.eye(args.n)),
        "omega": tensors["omega"][0],
        "K_cond": cond * tensors["K_cond"] * (1.0 - np.eye(args.m)),
        "omega_cond": tensors["omega_cond"][0],
        "K_drive": drive * tensors["K_drive"],
    }


def decoder_layers(args):
    """[(converted name, training name, weight shape)] of the decoder."""
    channels, height, width = args.image
    pixels = channels * height * width
    if args.decoder == "linear":
        return [("out", "out", (pixels, 2 * args.n))]
    if args.decoder == "mlp":
        sizes = [2 * args.n, *args.hidden, pixels]
        names = [f"layers.{layer}" for layer in range(len(sizes) - 1)]
        return [(name, name, (sizes[i + 1], sizes[i])) for i, name in enumerate(names)]
    assert args.n % 8 == 0, "resize_conv wants n to be a multiple of 8"
    assert height == width == 4 << args.blocks, "resize_conv doubles 4x4 once a block"
    layers, inputs = [], args.n // 8
    for block in range(args.blocks):
        outputs = max(inputs // 2, 32)
        old, new = f"dec.{block}", f"decoder.cascade.{block}.net"
        layers.append((f"{old}.a", f"{new}.1", (outputs, inputs, 3, 3)))
        layers.append((f"{old}.b", f"{new}.3", (outputs, outputs, 3, 3)))
        inputs = outputs
    layers.append(("out", "decoder.to_output", (channels, inputs, 3, 3)))
    return layers


def write_model(folder, args):
    rng = np.random.default_rng(args.seed)
    dynamics = make_dynamics(args, rng)
    converted = args.naming == "converted"
    if converted:
        tensors = convert_dynamics(dynamics, args)
    else:
        tensors = {f"dynamics.{name}": array for name, array in dynamics.items()}
    layers = decoder_layers(args)
    for old, new, shape in layers:
        name = old if converted else new
        power = 1.0 if old == layers[-1][0] else 2.0  # LeakyReLU loses about half
        gain = (power / np.prod(shape[1:])) ** 0.5
        tensors[f"{name}.weight"] = gain * rng.standard_normal(shape)
        tensors[f"{name}.bias"] = 0.1 * rng.standard_normal(shape[0])
    metadata = None
    if converted:
        metadata = {
            "n": args.n,
            "n_cond": args.m,
            "num_steps": args.steps,
            "integration_time": 1.0,
            "num_classes": args.classes,
            "solver": args.solver,
            "relativization": args.readout,
        }
        if args.decoder == "resize_conv":
            metadata.update(num_blocks=args.blocks, decoder_in_channels=args.n // 8)
    os.makedirs(folder, exist_ok=True)
    tensorfile.write(os.path.join(folder, "weights.safetensors"), tensors, metadata, args.dtype)
    # In the converted form the scales are in the weights, so nothing is left to apply.
    parameterization = "standard" if converted else args.parameterization
    values = dict(vars(args), parameterization=parameterization, name=args.name)
    with open(os.path.join(folder, "model.yaml"), "w") as file:
        file.write(YAML.format(**values))


class Model:
    """The model, read back from its file, in double precision."""

    def __init__(self, folder, args):
        stored, _ = tensorfile.read(os.path.join(folder, "weights.safetensors"))
        tensors = {name: torch.tensor(array.astype(np.float64)) for name, array in stored.items()}
        self.args = args
        if args.naming == "converted":
            prefix, self.scales = "", (1.0, 1.0, 1.0)
        else:
            prefix, self.scales = "dynamics.", scales(args)
        self.omega = tensors[prefix + "omega"].flatten()
        self.omega_cond = tensors[prefix + "omega_cond"].flatten()
        self.weight = tensors[prefix + "K"]
        self.cond = tensors[prefix + "K_cond"]
        self.drive = tensors[prefix + "K_drive"]
        self.layers = []
        for old, new, _ in decoder_layers(args):
            name = old if args.naming == "converted" else new
            self.layers.append((tensors[f"{name}.weight"], tensors[f"{name}.bias"]))

    def velocity(self, phases, label):
        """The right-hand side for one sample: phases is (n + m), main ones first."""
        theta, phi = phases[: self.args.n], phases[self.args.n :]
        main, drive, cond = self.scales
        pull = (self.weight * torch.sin(theta[None, :] - theta[:, None])).sum(dim=1)
        tone = (self.drive[label] * torch.sin(phi[None, :] - theta[:, None])).sum(dim=1)
        among = (self.cond * torch.sin(phi[None, :] - phi[:, None])).sum(dim=1)
        return torch.cat([self.omega + main * pull + drive * tone, self.omega_cond + cond * among])

    def solve(self, phases, label, method, steps):
        h = 1.0 / steps
        for _ in range(steps):
            k1 = self.velocity(phases, label)
            if method == "euler":
                phases = phases + h * k1
                continue
            k2 = self.velocity(phases + h / 2 * k1, label)
            k3 = self.velocity(phases + h / 2 * k2, label)
            k4 = self.velocity(phases + h * k3, label)
            phases = phases + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return phases

    def decode(self, phases):
        """Images (samples, C, H, W) in 0..1 from final phases (samples, n + m)."""
        args = self.args
        theta, phi = phases[:, : args.n], phases[:, args.n :]
        reference = {
            "ref_drive": phi[:, :1],
            "ref_oscillator": theta[:, :1],
            "mean_relative": theta.mean(dim=1, keepdim=True),
            "absolute": torch.zeros_like(theta[:, :1]),
        }[args.readout]
        x = torch.cat([torch.sin(theta - reference), torch.cos(theta - reference)], dim=1)
        if args.decoder == "resize_conv":
            x = x.reshape(len(x), args.n // 8, 4, 4)
            for layer, (weight, bias) in enumerate(self.layers[:-1]):
                if layer % 2 == 0:
                    x = functional.interpolate(x, scale_factor=2, mode="nearest")
                x = functional.leaky_relu(functional.conv2d(x, weight, bias, padding=1), SLOPE)
            x = functional.conv2d(x, *self.layers[-1], padding=1)
        else:
            for weight, bias in self.layers[:-1]:
                x = functional.leaky_relu(functional.linear(x, weight, bias), SLOPE)
            x = functional.linear(x, *self.layers[-1])
        x = torch.clamp((torch.tanh(x) + 1.0) / 2.0, 0.0, 1.0)
        return x.reshape(len(x), *args.image)


def record(model, folder, args):
    rng = np.random.default_rng(args.seed + 1)
    start = 2 * np.pi * rng.random((args.samples, args.n + args.m)) - np.pi
    classes = np.arange(args.samples, dtype=np.int32) % args.classes

    def run(method, steps):
        finals = [
            model.solve(torch.tensor(phases), int(label), method, steps)
            for phases, label in zip(start, classes)
        ]
        return torch.stack(finals)

    final = run(args.solver, args.steps)
    results = {
        "initial_phases": start,
        "classes": classes,
        "phases_model": final.numpy(),
        "phases_ode": run("rk4", ODE_STEPS).numpy(),
        "images": model.decode(final).numpy(),
    }
    os.makedirs(folder, exist_ok=True)
    for name, array in results.items():
        np.save(os.path.join(folder, f"{name}.npy"), array)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="where to write the model")
    parser.add_argument("--n", type=int, default=1024, help="main oscillators")
    parser.add_argument("--m", type=int, default=8, help="conditioning oscillators")
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--decoder", default="resize_conv",
                        choices=["resize_conv", "mlp", "linear"])
    parser.add_argument("--blocks", type=int, default=3, help="of resize_conv; each doubles 4x4")
    parser.add_argument("--hidden", type=int, nargs="*", default=[256], help="layer sizes of mlp")
    parser.add_argument("--image", type=int, nargs=3, default=[3, 32, 32], metavar=("C", "H", "W"))
    parser.add_argument("--parameterization", default="standard", choices=["standard", "mup"])
    parser.add_argument("--naming", default="converted", choices=["converted", "training"])
    parser.add_argument("--dtype", default="F32", choices=list(tensorfile.NUMPY_TYPE))
    parser.add_argument("--solver", default="euler", choices=["euler", "rk4"])
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--readout", default="mean_relative",
                        choices=["ref_drive", "ref_oscillator", "mean_relative", "absolute"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", metavar="DIR", help="also run it and save what comes out")
    parser.add_argument("--samples", type=int, default=4, help="how many to record")
    args = parser.parse_args()
    args.name = os.path.basename(os.path.abspath(args.folder))
    torch.set_num_threads(1)
    write_model(args.folder, args)
    if args.record:
        record(Model(args.folder, args), args.record, args)


if __name__ == "__main__":
    main()
