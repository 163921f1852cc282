"""Times single runs and prints the lines that the C# commands "step" and "dual" print."""
import platform
import sys
import time

import torch


def describe():
    print(f"# Python {platform.python_version()}, torch {torch.__version__}, {torch.get_num_threads()} thread(s)")
    print(f"{'name':<34} {'median_us':>10} {'min_us':>10}")


def report(name, microseconds):
    ordered = sorted(microseconds)
    print(f"{name:<34} {ordered[len(ordered) // 2]:10.2f} {ordered[0]:10.2f}")


def measure(warm_up, repetitions, batch, action):
    """The microseconds of each repetition of `batch` calls, by call, after a warm-up."""
    for _ in range(warm_up * batch):
        action()
    times = []
    for _ in range(repetitions):
        start = time.perf_counter_ns()
        for _ in range(batch):
            action()
        times.append((time.perf_counter_ns() - start) / 1e3 / batch)
    return times


def option(name, default):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default
