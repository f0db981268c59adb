#!/usr/bin/env python3
"""Compare the training speed of RouteRec's routers with the same training in other software.

    experiments/peers/routers.py .build/release/rs-bench

Runs `rs-bench --routers --json` and its peers one after the other in one run on this machine, with the
same sizes and settings, and prints a table of ratios. The peer of `linear:paper` and `mlp:paper` is a plain
PyTorch loop: one query a step, BCEWithLogitsLoss, Adam, a cosine schedule stepped with it. PyTorch runs
with one thread and with its default number; the faster one counts. The peer of `knn` is scikit-learn's
brute-force NearestNeighbors with the cosine metric, fit and search.
"""

import argparse
import json
import subprocess
import sys
import time


def torch_steps_per_second(sizes, hidden, rate, steps):
    """Steps per second of a plain loop, the faster of one thread and the default number."""
    import torch
    from torch import nn

    def seconds(threads):
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        n, d, m = sizes["queries"], sizes["dimensions"], sizes["candidates"]
        inputs = torch.randn(n, d) / d**0.5
        labels = (torch.rand(n, m) < 0.5).float()
        order = torch.randperm(n)
        widths = [d, *hidden, m]
        layers = []
        for before, after in zip(widths, widths[1:]):
            layers += [nn.Linear(before, after), nn.ReLU()]
        model = nn.Sequential(*layers[:-1])
        optimizer = torch.optim.Adam(model.parameters(), lr=rate)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=n)
        loss_function = nn.BCEWithLogitsLoss()

        def step(row):
            optimizer.zero_grad()
            loss = loss_function(model(inputs[row : row + 1]), labels[row : row + 1])
            loss.backward()
            optimizer.step()
            schedule.step()

        rows = [int(order[place % n]) for place in range(steps)]
        for row in rows[:100]:
            step(row)
        fastest = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            for row in rows:
                step(row)
            fastest = min(fastest, time.perf_counter() - start)
        return fastest

    return steps / min(seconds(threads) for threads in {1, torch.get_num_threads()})


def training_rows(report):
    """A row for each router that is trained by steps: what, ours, the peer's, in steps per second."""
    settings = {"linear:paper": ([], 0.01, 2000), "mlp:paper": ([256, 256], 0.0001, 1000)}
    for training in report["training"]:
        hidden, rate, steps = settings[training["router"]]
        peer = torch_steps_per_second(report, hidden, rate, steps)
        ours = training["steps_per_second"]
        yield f"{training['router']} against torch", "steps/s", ours, peer


def neighbour_row(report):
    """The search for nearest train queries: what, unit, ours and scikit-learn's in queries per second."""
    import numpy as np
    from sklearn.neighbors import NearestNeighbors

    sizes = report["neighbours"]
    random = np.random.default_rng(0)
    scale = report["dimensions"] ** 0.5
    train = (random.standard_normal((report["queries"], report["dimensions"])) / scale).astype(np.float32)
    test = (random.standard_normal((sizes["test_queries"], report["dimensions"])) / scale).astype(np.float32)
    fastest = float("inf")
    for _ in range(30):
        start = time.perf_counter()
        peer = NearestNeighbors(n_neighbors=sizes["count"], metric="cosine", algorithm="brute").fit(train)
        peer.kneighbors(test)
        fastest = min(fastest, time.perf_counter() - start)
    ours = sizes["test_queries"] / sizes["seconds"]
    return "knn against scikit-learn", "queries/s", ours, sizes["test_queries"] / fastest


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bench", help="path of the rs-bench executable")
    path = parser.parse_args().bench
    measured = subprocess.run([path, "--routers", "--json"], capture_output=True, text=True)
    if measured.returncode != 0:
        sys.exit(measured.stderr.strip())
    report = json.loads(measured.stdout)
    print(f"{'what':32} {'unit':>9} {'RouteRec':>12} {'peer':>12} {'ratio':>8}")
    for what, unit, ours, peer in [*training_rows(report), neighbour_row(report)]:
        print(f"{what:32} {unit:>9} {ours:12.0f} {peer:12.0f} {ours / peer:7.1f}×")


if __name__ == "__main__":
    main()
