"""The training step of the C# command "step" in Python torch: batch 512 of 107 features, layers of 64, 64 and 1, Adam; without a constraint, and under
demographic parity of two groups by the inexact augmented Lagrangian method. Same shapes, same mathematics, same lines.

    OMP_NUM_THREADS=1 python3 training_step.py [--warmup N] [--steps N] [--foreach]

--foreach takes Adam's fused-list form, which this version of torch does not choose by itself.
"""
import sys
import time

import torch
import torch.nn.functional as F

from dual_optimizer import InexactAugmentedLagrangian
from timing import describe, measure, option, report

BATCH, FEATURES, BATCHES = 512, 107, 51
BOUND, DECAY, SHARPNESS, SMALLEST = 0.05, 0.9, 2.0, 1e-12
PARTS = ("gather", "forward", "loss", "softstatistics", "softviolations", "lagrangian", "backward", "adam",
         "exactstatistics", "exactviolations", "dualupdate", "disposal")


class Clock:
    """Times the parts of one step; when it is off, a mark costs a branch."""

    def __init__(self, on):
        self.on, self.last, self.times = on, 0, {}

    def start(self):
        if self.on:
            self.times, self.last = dict.fromkeys(PARTS, 0.0), time.perf_counter_ns()

    def mark(self, part):
        if self.on:
            now = time.perf_counter_ns()
            self.times[part] += (now - self.last) / 1e3
            self.last = now


class Constraint:
    """Demographic parity: rates r = numerators / denominators of S = membership' [1, p], violations c = P r - b."""

    def __init__(self):
        self.numerators, self.denominators = torch.tensor([1, 3]), torch.tensor([0, 2])
        self.coefficients = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])
        self.incidence, self.bounds = self.coefficients.abs(), torch.full((2,), BOUND)
        self.one, self.zero = torch.ones(1), torch.zeros(1)

    def statistics(self, predictions, labels, membership):
        return membership.t() @ torch.stack([torch.ones_like(labels), predictions], 1)

    def violations(self, statistics):
        flat = statistics.reshape(-1)
        denominators = flat.index_select(0, self.denominators)
        undefined = denominators <= SMALLEST
        rates = flat.index_select(0, self.numerators) / torch.where(undefined, self.one, denominators)
        undefined_rows = self.incidence.mv(undefined.to(torch.float32)) > 0
        return torch.where(undefined_rows, self.zero, self.coefficients.mv(rates) - self.bounds)


class Step:
    def __init__(self, constrained, foreach):
        generator = torch.Generator().manual_seed(1)
        rows = BATCH * BATCHES
        group = (torch.rand(rows, generator=generator) < 2 / 3).float()
        self.inputs = (torch.rand(rows, FEATURES, generator=generator) < 0.1).float()
        self.inputs[:, :6] = torch.randn(rows, 6, generator=generator)
        self.inputs[:, 6] = group
        logits = self.inputs[:, 0] + 0.5 * self.inputs[:, 1] + 1.5 * group - 2
        labels = (torch.rand(rows, generator=generator) < torch.sigmoid(logits)).float()
        columns = [labels, labels] + ([1 - group, group] if constrained else [])
        self.rest = torch.stack(columns, 1)
        torch.manual_seed(1)
        self.network = torch.nn.Sequential(
            torch.nn.Linear(FEATURES, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1))
        self.adam = torch.optim.Adam(self.network.parameters(), 1e-3, foreach=foreach)
        self.order = torch.randperm(rows, generator=generator)
        self.constraint = Constraint() if constrained else None
        self.dual = InexactAugmentedLagrangian(2, beta=0.2, gamma=0.02) if constrained else None
        self.smoothed, self.start = None, 0

    def run(self, clock):
        clock.start()
        self.take(clock)
        clock.mark("disposal")

    def take(self, clock):
        self.start = 0 if self.start + BATCH > len(self.order) else self.start
        numbers = self.order.narrow(0, self.start, BATCH)
        self.start += BATCH
        inputs, rest = self.inputs.index_select(0, numbers), self.rest.index_select(0, numbers)
        labels = rest.select(1, 0)
        membership = None if self.constraint is None else rest.narrow(1, 2, 2)
        clock.mark("gather")
        logits = self.network(inputs).squeeze(1)
        clock.mark("forward")
        loss = F.binary_cross_entropy_with_logits(logits, labels)
        loss.item()
        clock.mark("loss")
        objective = loss
        if self.constraint is not None:
            statistics = self.constraint.statistics(torch.sigmoid(logits * SHARPNESS), labels, membership)
            clock.mark("softstatistics")
            violations = self.constraint.violations(statistics)
            clock.mark("softviolations")
            objective = self.dual.forward(loss, violations)
            clock.mark("lagrangian")
        self.adam.zero_grad()
        objective.backward()
        clock.mark("backward")
        self.adam.step()
        clock.mark("adam")
        if self.constraint is not None:
            with torch.no_grad():
                exact = self.constraint.statistics((logits > 0).float(), labels, membership)
                clock.mark("exactstatistics")
                self.smoothed = exact if self.smoothed is None else DECAY * self.smoothed + (1 - DECAY) * exact
                violations = self.constraint.violations(self.smoothed)
                clock.mark("exactviolations")
            self.dual.update(violations)
            clock.mark("dualupdate")


def main():
    torch.set_num_threads(1)
    warm_up, steps = option("--warmup", 500), option("--steps", 2000)
    foreach = True if "--foreach" in sys.argv else None
    describe()
    off = Clock(False)
    plain = Step(False, foreach)
    report("step/unconstrained", measure(warm_up, steps, 1, lambda: plain.run(off)))
    constrained = Step(True, foreach)
    report("step/demographic-parity", measure(warm_up, steps, 1, lambda: constrained.run(off)))
    clock = Clock(True)
    times = {part: [] for part in PARTS}
    for index in range(warm_up + steps):
        constrained.run(clock)
        if index >= warm_up:
            for part in PARTS:
                times[part].append(clock.times[part])
    for part in PARTS:
        report("part/" + part, times[part])


main()
