#!/usr/bin/env python3
"""Compare the training speed of RouteRec's linear two-tower model with a plain PyTorch loop.

    experiments/peers/two_tower.py .build/release/rs-bench

Runs `rs-bench --two-tower --json` and its peer one after the other in one run on this machine and prints a
table of ratios. Both train on random data of MMLU-Pro's shapes with the same sizes and settings, which the
report names: binary cross-entropy over all cells, AdamW, linear warm-up and cosine, a bias for each LLM and
a learned log-scale. PyTorch runs with one thread and with its default number; the faster one counts. Ours
includes all preparation of the data, the peer's time that of the epochs alone.
"""

import argparse
import json
import math
import subprocess
import sys
import time


def torch_seconds(sizes, batch_size, warm_up):
    """Seconds of all epochs of a plain loop, the faster of one thread and the default number."""
    import torch
    from torch import nn

    def seconds(threads):
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        n, d, m, k = sizes["queries"], sizes["dimensions"], sizes["llms"], sizes["factors"]
        inputs = torch.randn(n, d)
        labels = (torch.rand(n, m) < 0.5).float()
        tower = nn.Linear(d, k)
        vectors = nn.Parameter(torch.randn(m, k) / k**0.5)
        biases = nn.Parameter(torch.zeros(m))
        log_scale = nn.Parameter(torch.zeros(()))
        parameters = [*tower.parameters(), vectors, biases, log_scale]
        optimizer = torch.optim.AdamW(parameters, lr=sizes["rate"], weight_decay=sizes["weight_decay"])
        steps = sizes["epochs"] * math.ceil(n / batch_size)
        rise = int(steps * warm_up)

        def factor(step):
            if step < rise:
                return (step + 1) / (rise + 1)
            return (1 + math.cos(math.pi * (step - rise) / (steps - rise))) / 2

        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        loss_function = nn.BCEWithLogitsLoss()

        def epoch():
            total = 0.0
            for rows in torch.randperm(n).split(batch_size):
                optimizer.zero_grad()
                logits = log_scale.exp() * (tower(inputs[rows]) @ vectors.T) + biases
                loss = loss_function(logits, labels[rows])
                loss.backward()
                optimizer.step()
                schedule.step()
                total += loss.item() * len(rows)
            return total / n

        start = time.perf_counter()
        for _ in range(sizes["epochs"]):
            epoch()
        return time.perf_counter() - start

    return min(seconds(threads) for threads in sorted({1, torch.get_num_threads()}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bench", help="path of the rs-bench executable")
    path = parser.parse_args().bench
    measured = subprocess.run([path, "--two-tower", "--json"], capture_output=True, text=True)
    if measured.returncode != 0:
        sys.exit(measured.stderr.strip())
    report = json.loads(measured.stdout)
    print(
        f"{report['queries']} queries × {report['llms']} LLMs, d = {report['dimensions']}, "
        f"k = {report['factors']}, {report['epochs']} epochs"
    )
    print(f"{'batch size':>10} {'RouteRec, s':>12} {'torch, s':>12} {'ratio':>8}")
    for row in report["training"]:
        peer = torch_seconds(report, row["batch_size"], report["warm_up"])
        print(f"{row['batch_size']:10} {row['seconds']:12.3f} {peer:12.3f} {peer / row['seconds']:7.1f}×")


if __name__ == "__main__":
    main()
