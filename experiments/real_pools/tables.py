"""Gathers the runs of experiments/real_pools over the seeds of the split: summary.csv, v_b.csv, missing.csv and, where a README
is given, its tables.

Usage: tables.py OUTPUT-FOLDER [README]

A run's value is the mean over the three groups. Over six benchmarks it is the ratio of the means over all their test queries, each
benchmark with its own pool. The interval over J seeds is Student's t with the variance
(1/J + n_test/n_train) * max(S2, B2): S2 is the variance over the seeds, B2 the mean squared standard error by the bootstrap of
the test queries, and the factor is that of Nadeau and Bengio (2003) for splits of the same questions, whose parts overlap.
"""

import csv
import json
import math
import sys
from pathlib import Path

MARKER = "<!-- Everything below is written by tables.py. -->"
# 97.5% points of Student's t for 1 to 30 degrees of freedom.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
           2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]
# The split is 80/10/10.
TEST_PER_TRAIN = 0.1 / 0.8


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mean(values):
    return sum(values) / len(values)


def pooled(rows):
    """The values of one router on cells of one size and group: by benchmark, weighted by their queries."""
    total = sum(int(row["queries"]) for row in rows)

    def over(value):
        return sum(int(row["queries"]) * value(row) for row in rows) / total

    mu = over(lambda row: float(row["mu"]))
    # What the best single LLM has: V_B is mu over it.
    best = over(lambda row: float(row["mu"]) / float(row["vb"]))
    chosen = over(lambda row: float(row["mu"]) - float(row["mu_difference"]))
    def error(key, whole):
        """The standard error: benchmarks are independent, and one counts by its part of the divisor; 3.92 of them are an interval."""
        parts = [int(row["queries"]) * float(row["mu"]) / float(row[key]) / (total * whole)
                 * (float(row[f"{key}_high"]) - float(row[f"{key}_low"])) / 3.92 for row in rows if row[f"{key}_low"]]
        return math.sqrt(sum(part ** 2 for part in parts))

    return {"mu": mu, "vb": mu / best, "vb_train": mu / chosen, "vb_error": error("vb", best),
            "vb_train_error": error("vb_train", chosen), "queries": total,
            "thin": sum(row["too_few_queries"] == "true" for row in rows), "cells": len(rows)}


def run_values(path):
    """By (m, router): means over the groups."""
    places = {}
    for row in read(path):
        # A cell without a right answer has no V_B.
        if row["vb"] and row["vb_train"] and float(row["vb"]) > 0 and float(row["vb_train"]) > 0:
            places.setdefault((int(row["m"]), row["router"], row["group"]), []).append(row)
    groups = {}
    for (size, router, _), rows in places.items():
        groups.setdefault((size, router), []).append(pooled(rows))
    def over(key, own):
        return (sum if key in ("thin", "cells") else mean)([one[key] for one in own])

    return {place: {key: over(key, own) for key in own[0]} for place, own in groups.items()}


def interval(values, errors):
    """The mean over seeds and the half of its interval; None for one seed."""
    count = len(values)
    centre = mean(values)
    if count < 2:
        return centre, None
    spread = sum((value - centre) ** 2 for value in values) / (count - 1)
    inside = mean([error ** 2 for error in errors])
    factor = STUDENT[min(count - 2, len(STUDENT) - 1)]
    return centre, factor * math.sqrt((1 / count + TEST_PER_TRAIN) * max(spread, inside))


def summaries(out, kind):
    runs = [run_values(path) for path in sorted(out.glob(f"runs/{kind}-*/results.csv"))]
    rows = []
    for size, router in dict.fromkeys(place for run in runs for place in run):
        own = [run[size, router] for run in runs if (size, router) in run]
        row = {"kind": kind, "m": size, "router": router, "seeds": len(own), "queries": round(mean([o["queries"] for o in own])),
               "cells": sum(o["cells"] for o in own), "thin": sum(o["thin"] for o in own),
               "mu": mean([o["mu"] for o in own])}
        for key in ("vb", "vb_train"):
            centre, half = interval([o[key] for o in own], [o[f"{key}_error"] for o in own])
            row |= {key: centre, f"{key}_low": "" if half is None else centre - half,
                    f"{key}_high": "" if half is None else centre + half}
        rows.append(row)
    return sorted(rows, key=lambda row: row["m"])


def costs(out):
    """AIQ, its gain over mixing single LLMs and the cost saved, by (m, router): means over the groups of each seed's mixed run."""
    runs = []
    for path in sorted(out.glob("runs/mix-*/results.csv")):
        places = {}
        for row in read(path):
            if row.get("aiq"):
                places.setdefault((int(row["m"]), row["router"]), []).append(row)
        runs.append(places)
    rows = []
    for size, router in sorted(dict.fromkeys(place for run in runs for place in run), key=lambda place: place[0]):
        own = [run[size, router] for run in runs if (size, router) in run]
        row = {"m": size, "router": router}
        for key in ("aiq", "aiq_gain", "cost_saved"):
            values = [mean([float(cell[key]) for cell in cells]) for cells in own]
            # Groups are measured on the same queries: their errors are as if they moved together.
            errors = [mean([(float(cell[f"{key}_high"]) - float(cell[f"{key}_low"])) / 3.92 for cell in cells]) for cells in own]
            centre, half = interval(values, errors)
            row |= {key: centre, f"{key}_low": "" if half is None else centre - half,
                    f"{key}_high": "" if half is None else centre + half}
        rows.append(row)
    return rows


def missing(out):
    rows = []
    for rule in ("complete", "available"):
        for share in ("0", "0.9"):
            paths = [path.parent for path in sorted(out.glob(f"runs/missing-{rule}-{share}-*/results.csv"))]
            cells = [row for path in paths for row in read(path / "results.csv") if row["router"] == "oracle"]
            skipped = [cell for path in paths for cell in json.loads((path / "skipped.json").read_text())]
            for size in sorted({int(row["m"]) for row in cells} | {cell["m"] for cell in skipped}):
                own = [row for row in cells if int(row["m"]) == size]
                kept = [int(row["queries"]) for row in own]
                part = [int(row["queries"]) + int(row["left_out_queries"]) for row in own]
                rows.append({
                    "missing": rule, "min_answered": share, "m": size, "pools": len(own),
                    "without a query": sum(cell["m"] == size for cell in skipped),
                    "kept": f"{min(kept)}–{max(kept)} of {max(part)}" if own else "–",
                    "too few": sum(row["too_few_queries"] == "true" for row in own),
                    "oracle V_B": f"{mean([float(row['vb']) for row in own if row['vb']]):.3f}" if own else "–",
                })
    return rows


def write(path, rows):
    if not rows:
        return
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def markdown(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return lines + ["| " + " | ".join(str(value) for value in row) + " |" for row in rows]


def text(row, key):
    if row[f"{key}_low"] == "":
        return f"{row[key]:.3f}"
    return f"{row[key]:.3f} ± {(row[f'{key}_high'] - row[f'{key}_low']) / 2:.3f}"


def table(rows, key):
    sizes = list(dict.fromkeys(row["m"] for row in rows))
    places = {(row["m"], row["router"]): row for row in rows}
    routers = list(dict.fromkeys(row["router"] for row in rows))
    return markdown(["router"] + [f"m = {size:,}" for size in sizes], [
        [router] + [text(places[size, router], key) if (size, router) in places else "–" for size in sizes]
        for router in routers])


def main():
    out = Path(sys.argv[1])
    rows = {kind: summaries(out, kind) for kind in ("mix", "six")}
    gaps = missing(out)
    write(out / "summary.csv", rows["mix"] + rows["six"])
    write(out / "missing.csv", gaps)
    # What the picture shows: a block for each router, without those that are off the scale.
    for kind in [kind for kind in rows if rows[kind]]:
        with open(out / f"v_b_{kind}.tsv", "w", encoding="utf-8") as file:
            for router in dict.fromkeys(row["router"] for row in rows[kind]):
                if router in ("oracle", "random"):
                    continue
                file.write(f'"{router}"\n')
                for row in rows[kind]:
                    if row["router"] == router:
                        low, high = ((row[key] if row[key] != "" else row["vb"]) for key in ("vb_low", "vb_high"))
                        file.write(f"{row['m']}\t{row['vb']}\t{low}\t{high}\n")
                file.write("\n\n")
    if len(sys.argv) < 3:
        print("\n".join(table(rows["mix"], "vb")))
        return
    lines = ["", "## The six benchmarks mixed", ""]
    mix, six = rows["mix"], rows["six"]
    lines += [f"V_B over {mix[0]['seeds']} splits, {mix[0]['queries']} test queries each:", ""] + table(mix, "vb")
    lines += ["", "The same against the LLM that was best on train (what a user without a router could have chosen):", ""]
    lines += table(mix, "vb_train")
    if six:
        thin, cells = sum(row["thin"] for row in six), sum(row["cells"] for row in six)
        lines += [
            "", "## Each benchmark with its own pools", "",
            f"{100 * thin / cells:.0f}% of these cells measure fewer than 30 queries and are marked in the runs; only their sum over "
            "benchmarks and splits says anything. V_B, whose divisor is the best of m LLMs on a handful of test queries:", ""]
        lines += table(six, "vb") + ["", "Against the LLM of each benchmark that was best on its train queries:", ""]
        lines += table(six, "vb_train")
    prices = costs(out)
    if prices:
        lines += [
            "", "## What quality costs", "", "![Quality against cost in pools of ten, one split](costs.svg)", "",
            "The six benchmarks mixed, with parameter counts as prices (`costs.py`): the gain in AIQ over single LLMs that are mixed "
            "without looking at queries.", ""] + table(prices, "aiq_gain")
        lines += ["", "The share of the best single LLM's cost that is saved at its μ, 0 where a router does not reach it:", ""]
        lines += table(prices, "cost_saved")
    if gaps:
        lines += ["", "## Missing answers", "", "Pools of `oll1_all`, mixed, by what is done with missing answers:", ""]
        lines += markdown(list(gaps[0]), [list(row.values()) for row in gaps])
    readme = Path(sys.argv[2])
    head = readme.read_text(encoding="utf-8").split(MARKER)[0]
    readme.write_text(head + MARKER + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


main()
