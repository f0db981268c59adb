"""Makes the tables of experiments/debiasing/README.md from a report and the runs behind it.

Usage: tables.py README REPORT-FILES FOLDER. Takes the report's tables summary, gains and spread as they are, and adds the estimators over
all policies, from the runs in FOLDER. Replaces what follows the marker in the README.
"""

import csv
import math
import sys
from collections import defaultdict
from pathlib import Path

MARKER = "<!-- Everything below is written by tables.py. -->"


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mean(rows, key):
    values = [float(row[key]) for row in rows if row[key]]
    return sum(values) / len(values) if values else math.nan


def error(rows, key):
    """The standard error of a mean of independent means."""
    values = [float(row[key]) for row in rows if row[key]]
    return math.sqrt(sum(v * v for v in values)) / len(values) if values else math.nan


def estimators(folder):
    lines = []
    for path in sorted(Path(folder).glob("*/estimators.csv")):
        cells = defaultdict(list)
        for row in read(path):
            cells[row["grading"], int(row["rows"]), row["estimator"]].append(row)
        for (grading, count, estimator), rows in cells.items():
            # Where few answers were graded an estimator may have no value.
            rows = [row for row in rows if row["rmse"]]
            if not rows:
                continue
            covered = [float(r["coverage"]) for r in rows if r["coverage"] and float(r["ess"]) >= 20]
            square = math.sqrt(sum(float(r["rmse"]) ** 2 for r in rows) / len(rows))
            lines.append(
                f"| {path.parent.name} | {grading} | {count} | {estimator} | {100 * mean(rows, 'bias'):.2f} ± "
                f"{100 * error(rows, 'bias_se'):.2f} | {100 * square:.2f} | {mean(rows, 'coverage'):.3f} ± "
                f"{error(rows, 'coverage_se'):.3f} | {f'{min(covered):.3f}' if covered else '–'} "
                f"| {100 * mean(rows, 'length'):.1f} | {100 * mean(rows, 'regret'):.2f} ± {100 * error(rows, 'regret_se'):.2f} "
                f"| {100 * mean(rows, 'regret_by_lot'):.2f} |")
    if not lines:
        return []
    return [
        "**What logs say that routers earn, over all policies**",
        "",
        "| run | grading | rows | estimator | bias | RMSE | coverage of 95% intervals | worst cell with ESS ≥ 20 | length | regret "
        "| by lot |",
        "| --- | --- | --: | --- | --: | --: | --: | --: | --: | --: | --: |",
    ] + lines


def main():
    readme, files, folder = sys.argv[1:]
    tables = Path(files) / "tables"
    parts = [
        path.read_text(encoding="utf-8").strip()
        for path in (tables / f"{name}.md" for name in ["summary", "gains", "spread"])
        if path.exists()
    ]
    table = estimators(folder)
    if table:
        parts.insert(min(2, len(parts)), "\n".join(table))
    chain = Path(folder) / "chain.md"
    if chain.exists():
        parts.append(chain.read_text(encoding="utf-8").strip())
    text = Path(readme).read_text(encoding="utf-8").split(MARKER)[0]
    Path(readme).write_text(text + MARKER + "\n\n" + "\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
