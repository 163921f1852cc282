"""The dual part of a step alone, in microseconds a call. The C# command "dual" prints the same lines.

    OMP_NUM_THREADS=1 python3 dual_step.py [--warmup N] [--steps N]
"""
import math

import torch

from dual_optimizer import InexactAugmentedLagrangian
from timing import describe, measure, option, report

CALLS = 50

torch.set_num_threads(1)
warm_up, repetitions = option("--warmup", 40), option("--steps", 400)
describe()
for count in (2, 12, 132):
    values = torch.tensor([0.1 * math.sin(j + 1) for j in range(count)])
    constraints = values.clone().requires_grad_()
    loss = torch.tensor(0.5, requires_grad=True)
    optimizer = InexactAugmentedLagrangian(count, beta=0.2, gamma=0.02)
    report(f"dual/update/m={count}", measure(warm_up, repetitions, CALLS, lambda: optimizer.update(values)))
    report(f"dual/forward/m={count}", measure(warm_up, repetitions, CALLS, lambda: optimizer.forward(loss, constraints)))
    report(f"dual/forward-update/m={count}", measure(warm_up, repetitions, CALLS, lambda: optimizer.forward_update(loss, constraints)))
