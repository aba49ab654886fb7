# SPDX-License-Identifier: Apache-2.0
"""The oscillator model as a circuit can hold it, and the two controls it is compared with.

Shapes: C classes, G samples of each, n oscillators. Phases are (C, G, n), in radians.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Limits:
    """What the chip can hold and how exactly it holds it. All of it is in the training loop."""

    oscillators: int = 64
    classes: int = 10
    pixels: int = 64
    fan_in: int = 16  # couplings into each oscillator, at fixed random places
    time: float = 1.0  # how long the oscillators run; couplings and frequencies are per this time
    steps: int = 5  # Runge-Kutta steps of the model's own solver

    weight_codes: int = 15  # K is lsb * code, code in -15..15: five bits with the sign
    weight_full_scale: float = 0.6
    drive_full_scale: float = 1.2  # K_drive has the same number of codes, twice the step
    omega_codes: int = 127  # omega is lsb * code, code in -127..127: eight bits with the sign
    omega_full_scale: float = 1.0
    row_limit: float = 6.4  # sum_j |K_ij| + |K_drive[c]_i|: what a row driver can pull
    phase_bits: int = 6  # initial phases are -pi + 2 pi (code + 0.5) / 64

    # One draw is one chip, except for the readout noise, which is one draw per phase read.
    coupling_mismatch: float = 0.05  # of each weight, relative, one sigma
    omega_error: float = 0.1  # of each frequency, one sigma
    lag: float = 0.03  # of every coupling alike, rad, one sigma
    gain_error: float = 0.03  # of every coupling alike, relative, one sigma
    readout_noise: float = 0.1  # rad, one sigma

    @property
    def weight_lsb(self):
        return self.weight_full_scale / self.weight_codes

    @property
    def drive_lsb(self):
        return self.drive_full_scale / self.weight_codes

    @property
    def omega_lsb(self):
        return self.omega_full_scale / self.omega_codes


def draw_phases(limits, samples, generator):
    """Initial phases on the chip's grid, uniform over all codes."""
    codes = 2**limits.phase_bits
    shape = (limits.classes, samples, limits.oscillators)
    code = torch.randint(codes, shape, generator=generator)
    return -math.pi + 2 * math.pi * (code + 0.5) / codes


def draw_mask(limits, generator):
    """Which couplings exist: (n, n), fan_in ones in each row, none on the diagonal."""
    score = torch.rand(limits.oscillators, limits.oscillators, generator=generator)
    score.fill_diagonal_(-1.0)
    chosen = score.topk(limits.fan_in, dim=1).indices
    return torch.zeros_like(score).scatter_(1, chosen, 1.0)


class Chips:
    """Imperfections of `count` chips (1: the same chip for all classes; C: one for each class)."""

    def __init__(self, limits, count, generator):
        n = limits.oscillators

        def normal(*shape):
            return torch.randn(count, *shape, generator=generator)

        gain = 1.0 + limits.gain_error * normal(1, 1)
        self.weight = gain * (1.0 + limits.coupling_mismatch * normal(n, n))
        self.drive = gain * (1.0 + limits.coupling_mismatch * normal(1, n))
        self.omega = limits.omega_error * normal(1, n)
        self.lag = limits.lag * normal(1, 1)
        self.readout_noise = limits.readout_noise
        self.generator = generator

    def read(self, theta):
        noise = torch.randn(theta.shape, generator=self.generator)
        return theta + self.readout_noise * noise


class Perfect:
    """The chip without imperfections."""

    weight = drive = 1.0
    omega = lag = 0.0

    @staticmethod
    def read(theta):
        return theta


def velocity(theta, omega, weight, drive, lag):
    """d theta / dt; the reference tone stands at phase 0.

    sum_j K_ij sin(theta_j - u_i) = cos(u_i) (K sin theta)_i - sin(u_i) (K cos theta)_i, where
    u = theta + lag; the tone adds drive_i sin(0 - u_i).
    """
    sin, cos = torch.sin(theta), torch.cos(theta)
    along, across = sin @ weight.mT, cos @ weight.mT + drive
    if torch.is_tensor(lag):
        sin, cos = torch.sin(theta + lag), torch.cos(theta + lag)
    return omega + cos * along - sin * across


def solve(theta, omega, weight, drive, time, steps, lag=0.0):
    """The phases after `time`, by classical Runge-Kutta."""
    h = time / steps
    for _ in range(steps):
        k1 = velocity(theta, omega, weight, drive, lag)
        k2 = velocity(theta + h / 2 * k1, omega, weight, drive, lag)
        k3 = velocity(theta + h / 2 * k2, omega, weight, drive, lag)
        k4 = velocity(theta + h * k3, omega, weight, drive, lag)
        theta = theta + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return theta


def features(theta):
    """Readout against the reference tone, at phase 0: (..., 2n)."""
    return torch.cat([torch.sin(theta), torch.cos(theta)], dim=-1)


def quantise(value, lsb, codes):
    """lsb * code, the gradient passing straight through the rounding."""
    code = torch.clamp(torch.round(value.detach() / lsb), -codes, codes)
    return value + (lsb * code - value.detach())


class Oscillators(nn.Module):
    """The model. With `frozen_rms` it is the frozen-K control: K random and untrained."""

    def __init__(self, limits, generator, frozen_rms=None):
        super().__init__()
        n = limits.oscillators

        def normal(scale, *shape):
            return nn.Parameter(scale * torch.randn(*shape, generator=generator))

        self.limits = limits
        self.register_buffer("mask", draw_mask(limits, generator))
        self.weight = normal(frozen_rms or limits.fan_in**-0.5, n, n)
        self.frozen = False  # until it fits
        self.drive = normal(0.5, limits.classes, 1, n)
        self.omega = normal(0.3, n)
        self.out = nn.Linear(2 * n, limits.pixels)
        self.out.weight.data.normal_(0.0, (2 * n) ** -0.5, generator=generator)
        nn.init.zeros_(self.out.bias)
        self.project()
        self.frozen = frozen_rms is not None
        self.weight.requires_grad_(not self.frozen)

    def quantised(self):
        """(omega, K, K_drive) as the chip holds them."""
        limits = self.limits
        return (
            quantise(self.omega, limits.omega_lsb, limits.omega_codes),
            quantise(self.weight, limits.weight_lsb, limits.weight_codes) * self.mask,
            quantise(self.drive, limits.drive_lsb, limits.weight_codes),
        )

    def row_sums(self):
        """sum_j |K_ij| + max_c |K_drive[c]_i| of the quantised weights: (n)."""
        _, weight, drive = self.quantised()
        return weight.abs().sum(dim=1) + drive.abs().amax(dim=(0, 1))

    @torch.no_grad()
    def project(self):
        """Clamp to the full scales, and shrink the rows that pull more than a driver can.

        A frozen K stays as it is once it fits: then only the drive gives way.
        """
        limits = self.limits
        self.weight.mul_(self.mask).clamp_(-limits.weight_full_scale, limits.weight_full_scale)
        self.drive.clamp_(-limits.drive_full_scale, limits.drive_full_scale)
        self.omega.clamp_(-limits.omega_full_scale, limits.omega_full_scale)
        while True:
            sums = self.row_sums()
            if torch.all(sums <= limits.row_limit + 1e-5):
                return
            shrink = torch.clamp(0.999 * limits.row_limit / sums, max=1.0)
            shrink = torch.where(sums > limits.row_limit + 1e-5, shrink, torch.ones_like(shrink))
            self.drive.mul_(shrink)
            if not self.frozen:
                self.weight.mul_(shrink[:, None])

    def run(self, theta, chips=Perfect, steps=None):
        """The phases at the end of the run."""
        omega, weight, drive = self.quantised()
        limits = self.limits
        return solve(theta, omega + chips.omega, weight * chips.weight, drive * chips.drive,
                     limits.time, steps or limits.steps, chips.lag)

    def forward(self, theta, chips=Perfect):
        """Initial phases to images in -1..1: (C, G, pixels)."""
        return torch.tanh(self.out(features(chips.read(self.run(theta, chips)))))


class DecoderOnly(nn.Module):
    """The control without oscillators: random phases straight to the decoder.

    The class would reach it by no path, so it gets an input bias of its own for each class.
    """

    def __init__(self, limits, generator):
        super().__init__()
        n = limits.oscillators
        self.limits = limits
        self.out = nn.Linear(2 * n, limits.pixels)
        self.out.weight.data.normal_(0.0, (2 * n) ** -0.5, generator=generator)
        nn.init.zeros_(self.out.bias)
        self.class_bias = nn.Parameter(torch.zeros(limits.classes, 1, limits.pixels))

    def project(self):
        """Nothing of it is on the chip."""

    def forward(self, theta, chips=Perfect):
        return torch.tanh(self.out(features(chips.read(theta))) + self.class_bias)
