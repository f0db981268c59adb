"""Gathers runs of `rs-bench --training --json` into one table.

Usage: table.py FILE.json... Prints a CSV row for each run, by responses ascending. `responses` are those that a
sweep reads; a training run reads the 80% of them that are train responses, `sweeps` times.
"""

import csv
import json
import sys


def main(paths):
    rows = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        sweep, training = report["sweep"], report["training"]
        rows.append({
            "llms": report["llms"],
            "queries": report["queries"],
            "responses": sweep["responses"],
            "sweep_seconds": f"{sweep['sweep_seconds']:.6f}",
            "product_seconds": f"{sweep['product_seconds']:.6f}",
            "training_seconds": f"{training['seconds']:.4f}",
            "sweeps": training["sweeps"],
            "peak_memory_bytes": report["peak_memory_bytes"],
            "threads": report["threads"],
            "kernel": report["kernel"],
        })
    rows.sort(key=lambda row: row["responses"])
    writer = csv.DictWriter(sys.stdout, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
