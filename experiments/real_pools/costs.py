"""Writes what an answer of each LLM costs: its parameters in billions, as the leaderboard's list of models says.

Usage: costs.py oll1_models.csv COSTS.csv

A model whose size the list does not know costs the median of the others.
"""

import csv
import statistics
import sys


def size(model):
    return float(model["size"]) if model["size"] and float(model["size"]) > 0 else None


with open(sys.argv[1], newline="", encoding="utf-8") as file:
    models = list(csv.DictReader(file))
usual = statistics.median(size(model) for model in models if size(model))
with open(sys.argv[2], "w", newline="", encoding="utf-8") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["llm", "cost"])
    rows.writerows([model["name"], size(model) or usual] for model in models)
