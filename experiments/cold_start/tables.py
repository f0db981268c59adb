"""Makes the tables of experiments/cold_start/README.md from a report and the runs behind it.

Usage: tables.py README REPORT-FILES RUN... Takes the report's tables summary and answers_needed as they are, and adds one that
sets each run's own estimators beside gp-IRT as gp_irt.py has it (RUN.gp_irt.csv, where it is there). Replaces what follows the
marker in the README.
"""

import csv
import sys
from pathlib import Path

MARKER = "<!-- Everything below is written by tables.py. -->"


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def text(row):
    return f"{100 * float(row['mae']):.2f} ± {100 * float(row['mae_se']):.2f}" if row else "–"


def comparison(runs):
    """Lines of the table of our stack, our gp-IRT and theirs."""
    lines = []
    for run in runs:
        path = Path(f"{run}.gp_irt.csv")
        if not path.exists():
            continue
        own = {(r["benchmark"], r["anchors"], r["estimator"], r["answers"]): r for r in read(Path(run) / "summary.csv")}
        other = {(r["benchmark"], r["anchors"], r["estimator"], r["answers"]): r for r in read(path)}
        places = dict.fromkeys((key[0], key[3]) for key in other)
        for benchmark, answers in sorted(places, key=lambda place: (place[0], int(place[1]))):
            def ours(anchors, estimator):
                return text(own.get((benchmark, anchors, estimator, answers)))

            def theirs(anchors, estimator):
                return text(other.get((benchmark, anchors, estimator, answers)))

            lines.append(
                f"| {Path(run).name} | {benchmark} | {answers} | {ours('adaptive', 'stack')} | {ours('random', 'mean')} "
                f"| {ours('k-medoids', 'gp-irt')} | {theirs('irt', 'gp-irt')} | {theirs('random', 'gp-irt')} "
                f"| {theirs('irt', 'p-irt')} |")
    if not lines:
        return []
    return [
        "**Against tinyBenchmarks' formulas in Python (gp_irt.py), mean absolute error in points**",
        "",
        "| run | benchmark | answers | stack, adaptive | mean, random | gp-irt, k-medoids (ours) | gp-IRT, k-means (Python) "
        "| gp-IRT, random (Python) | p-IRT, k-means (Python) |",
        "| --- | --- | --: | --: | --: | --: | --: | --: | --: |",
    ] + lines


def main():
    readme, files, *runs = sys.argv[1:]
    parts = [(Path(files) / "tables" / f"{name}.md").read_text(encoding="utf-8").strip() for name in ["summary", "answers_needed"]]
    table = comparison(runs)
    if table:
        parts.append("\n".join(table))
    path = Path(readme)
    head = path.read_text(encoding="utf-8").split(MARKER)[0]
    path.write_text(head + MARKER + "\n\n" + "\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
