"""Puts our metrics beside those of RouterEval's own code.

Usage: compare.py REFERENCE.csv FOLDER. The folder holds <benchmark>-exact.csv and <benchmark>-seed-<n>.csv
as `rs-eval --csv` prints them. Prints a CSV row for each benchmark, router and metric over its pools:
the reference's mean, our mean over pools and seeds, the largest difference of a pool (of our mean over seeds),
and the mean standard deviation of a pool over seeds. A summary goes to standard error.
"""

import csv
import glob
import os
import re
import statistics
import sys

METRICS = ["mu", "vb", "ep"]
REFERENCE_NAMES = {"mix:0.5": "r_o_0.5", "linear:paper": "linear", "mlp:paper": "mlp"}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(reference_path, folder):
    reference = {
        (row["dataset"], row["m"], row["group"], row["router"]): row for row in read(reference_path)
    }
    values = {}
    for path in sorted(glob.glob(os.path.join(folder, "*-exact.csv")) + glob.glob(os.path.join(folder, "*-seed-*.csv"))):
        if not re.search(r"-(exact|seed-\d+)\.csv$", path):
            continue
        for row in read(path):
            if row["pools"] != "published":
                raise SystemExit(f"{path}: pool {row['m']} {row['group']} is not a published one")
            cell = (row["benchmark"], row["m"], row["group"])
            for metric in METRICS:
                values.setdefault((row["benchmark"], row["router"], metric), {}).setdefault(cell, []).append(
                    float(row[metric]))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(
        ["benchmark", "router", "metric", "pools", "seeds", "reference_mean", "our_mean", "largest_difference",
         "mean_spread_over_seeds"])
    for (benchmark, router, metric), cells in values.items():
        name = REFERENCE_NAMES.get(router, router)
        pairs = []
        for cell, found in cells.items():
            row = reference.get(cell + (name,))
            if row is not None:
                pairs.append((float(row[metric]), found))
        if not pairs:
            print(f"no reference for {router} on {benchmark}", file=sys.stderr)
            continue
        seeds = len(pairs[0][1])
        spread = statistics.mean(statistics.stdev(found) for _, found in pairs) if seeds > 1 else 0
        writer.writerow(
            [benchmark, router, metric, len(pairs), seeds,
             f"{statistics.mean(theirs for theirs, _ in pairs):.6f}",
             f"{statistics.mean(statistics.mean(found) for _, found in pairs):.6f}",
             f"{max(abs(statistics.mean(found) - theirs) for theirs, found in pairs):.6f}",
             f"{spread:.6f}"])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2])
