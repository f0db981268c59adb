"""Makes the tables of experiments/models/README.md from what `rs-eval --csv` printed.

Usage: tables.py FOLDER README. The folder holds <benchmark>-validation.csv and <benchmark>-test.csv. Writes
FOLDER/results.csv (every pool, with intervals) and replaces what follows the marker in the README.

A row of a table is the mean over the three pools of one size. The pools share their queries, so that the interval of
such a mean does not follow from theirs. Shown are the means of their lower and of their upper ends: right where the
pools vary together, too wide where they do not, for a mean never has a greater standard deviation than its
parts on average.
"""

import csv
import json
import os
import sys

MARKER = "<!-- Everything below is written by tables.py. -->"
BENCHMARKS = [("mmlu_pro", "MMLU-Pro"), ("gsm8k", "GSM8K")]
SIZES = ["3", "5", "10"]
FIXED = ["oracle", "best-single", "random"]


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mean(values):
    return sum(values) / len(values) if values else None


class Group:
    """The pools of one size that a router was measured on."""

    def __init__(self, rows):
        self.rows = rows

    def value(self, metric):
        """The mean over the pools; None where one of them does not define the metric."""
        fields = [row[metric] for row in self.rows]
        return None if "" in fields else mean([float(field) for field in fields])

    def text(self, metric, digits, interval=True, sign=""):
        value = self.value(metric)
        if value is None:
            return "–"
        text = f"{value:{sign}.{digits}f}"
        low, high = (self.value(metric + end) if interval else None for end in ("_low", "_high"))
        return text if low is None or high is None else f"{text} [{low:{sign}.{digits}f}, {high:{sign}.{digits}f}]"

    def clear(self):
        """How many pools are better and worse than the train-chosen LLM at 5% after Holm's adjustment."""
        found = [float(row["mu_difference"]) for row in self.rows if row["p_holm"] and float(row["p_holm"]) <= 0.05]
        return f"{sum(number > 0 for number in found)} / {sum(number < 0 for number in found)}"


def groups(rows, routers, size):
    for router in routers:
        own = [row for row in rows if row["router"] == router and row["m"] == size]
        if own:
            yield router, Group(own)


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def predictions(validation, test, routers):
    """Log-loss and AUC of the routers that predict responses."""
    rows = []
    for size in SIZES:
        measured = dict(groups(test, routers, size))
        for router, group in groups(validation, routers, size):
            if group.value("log_loss") is None or router in FIXED:
                continue
            rows.append([size, router, group.text("log_loss", 3), group.text("auc", 3, False),
                         measured[router].text("log_loss", 3), measured[router].text("auc", 3, False)])
    return table(["m", "router", "log-loss, validation", "AUC, validation", "log-loss, test", "AUC, test"], rows)


def picks(rows, routers):
    """What the picks are worth on one part."""
    lines = []
    for size in SIZES:
        for router, group in groups(rows, routers, size):
            lines.append([size, router, group.text("mu", 3), group.text("vb", 3), group.text("vb_train", 3),
                          group.text("mu_difference", 3, sign="+"), group.clear()])
    return table(["m", "router", "μ", "V_B", "V_B train-chosen", "Δμ to the train-chosen LLM", "better / worse"], lines)


def choice(validation, test, routers, among):
    """What a user would have done: the router with the best mean μ on validation, and its test results."""
    scores = {router: Group([row for row in validation if row["router"] == router]).value("mu") for router in routers}
    best = max(routers, key=lambda router: scores[router])
    parts = []
    for size, (_, group) in ((size, next(groups(test, [best], size))) for size in SIZES):
        parts.append(f"m = {size}: {group.text('mu_difference', 3, sign='+')}")
    return (f"Chosen on validation among {among}, by the mean μ over the nine pools: **{best}** ({scores[best]:.4f}). "
            f"Its Δμ on test: {'; '.join(parts)}.\n")


def settings(folder, benchmark, models):
    """What the search chose."""
    rows = []
    for model in models:
        with open(os.path.join(folder, f"{benchmark}-{model}", "config.json"), encoding="utf-8") as file:
            training = json.load(file)["training"]
        trials = [trial for trial in training["search"] if trial.get("validation")]
        best = min(trials, key=lambda trial: (trial["validation"]["log_loss"], trial["number"]))
        chosen = ", ".join(f"{name} {value}" for name, value in sorted(best["settings"].items())) or "the defaults"
        rows.append([model, f"{best['number']} of {len(training['search'])}", chosen,
                     f"{best['validation']['log_loss']:.4f}"])
    return table(["model", "best trial", "its settings", "validation log-loss, all LLMs"], rows)


def main(folder, readme):
    everything, parts = [], []
    for benchmark, title in BENCHMARKS:
        validation = read(os.path.join(folder, f"{benchmark}-validation.csv"))
        test = read(os.path.join(folder, f"{benchmark}-test.csv"))
        everything += validation + test
        routers = list(dict.fromkeys(row["router"] for row in validation))
        models = [router for router in routers if os.path.isdir(os.path.join(folder, f"{benchmark}-{router}"))]
        parts += [
            f"## {title}: {validation[0]['queries']} validation and {test[0]['queries']} test queries\n",
            choice(validation, test, models, "the models of `rs-train`"),
            choice(validation, test, [router for router in routers if router not in FIXED], "all that learn"),
            "### Picks, test\n", picks(test, routers),
            "### Predicted responses, validation and test\n", predictions(validation, test, routers),
            "### Picks, validation\n", picks(validation, routers),
            "### Settings found\n", settings(folder, benchmark, models),
        ]
    with open(os.path.join(folder, "results.csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, everything[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(everything)
    with open(readme, encoding="utf-8") as file:
        text = file.read()
    head, marker, _ = text.partition(MARKER)
    if not marker:
        raise SystemExit(f"{readme}: no line {MARKER!r}")
    with open(readme, "w", encoding="utf-8") as file:
        file.write(head + marker + "\n\n" + "\n".join(parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
