"""Keeps one LLM from an archive of answers, as if it were new.

Usage: keep_out.py ANSWERS.npz LLM KNOWN.npz ANSWERS.csv: writes the archive without the LLM, and a table query,score of its
answers.

    keep_out.py --fill PLAN.csv ANSWERS.csv FILLED.csv

fills the column score of a plan of rs-coldstart with them, as grading the LLM on the plan would.
"""

import csv
import sys

import numpy as np


def keep_out(archive, name, known, answers):
    arrays = dict(np.load(archive))
    column = {text: index for index, text in enumerate(arrays["models"])}
    if name not in column:
        sys.exit(f"{archive}: no LLM '{name}'; there is {arrays['models'][0]}")
    own = arrays["scores"][column[name]]
    ids = arrays.get("item_id", np.arange(len(own)))
    keep = np.arange(len(arrays["models"])) != column[name]
    np.savez(known, **{**arrays, "scores": arrays["scores"][keep], "models": arrays["models"][keep]})
    with open(answers, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["query", "score"])
        writer.writerows(zip(ids, own))


def fill(plan, answers, filled):
    with open(answers, newline="", encoding="utf-8") as file:
        scores = {row["query"]: row["score"] for row in csv.DictReader(file)}
    with open(plan, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(filled, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "score": scores[row["query"]]} for row in rows)


def main():
    words = sys.argv[1:]
    if len(words) == 4 and words[0] == "--fill":
        fill(*words[1:])
    elif len(words) == 4:
        keep_out(*words)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
