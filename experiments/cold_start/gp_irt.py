"""tinyBenchmarks' estimators (Polo and others 2024, arXiv 2402.14992) from the paper's formulas, in numpy.

Usage: gp_irt.py ANSWERS.npz RUN-FOLDER OUTPUT.csv. Places the LLMs that a run of rs-coldstart evaluate placed, fold by
fold, with the same numbers of answers, and writes the mean absolute error of each benchmark, choice of anchors, estimator
and number of answers.

- IRT: P(y = 1) = sigma(a_q . theta_u - b_q), the maximum of the posterior with normal priors, by Adam (the paper: variational
  inference); dimensions by the error of p-IRT on a fifth of the known LLMs, kept from the fit. A new LLM's theta by Newton
  from its answers, with a tenth of the prior's weight (the paper: none, which has no maximum where all answers are alike).
- Anchors: the queries nearest to the centres of k-means on (a_q, b_q), each weighted by the size of its cluster ("irt");
  or queries by lot, with equal weights ("random").
- p-IRT: answers where they are known, probabilities elsewhere. gp-IRT: lambda * weighted answers + (1 - lambda) * p-IRT,
  lambda = b^2 / (b^2 + v / 4n), b the mean error of p-IRT on LLMs kept from the fit, v the mean variance of the answers.

The known LLMs of a fold are those that are not held out in it and agree with none that is on over 95% of the answers. A run
that places only a sample of a family does not say who else belongs to it: then this estimator may know relatives that the
run's own estimators did not.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

DIMENSIONS = [1, 2, 5, 10]
PRIOR = 0.1
STEPS = 400
COPY = 0.95


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


def fit(answers, dimensions, generator):
    """Item weights of LLMs x queries answers: a [queries, d] and b [queries]."""
    llms, queries = answers.shape
    mean = np.clip(answers.mean(axis=0), 0.02, 0.98)
    theta = generator.normal(0, 0.3, (llms, dimensions))
    weights = generator.normal(0, 0.3, (queries, dimensions))
    weights[:, 0] += 1
    # The first dimension starts as accuracy.
    spread = answers.mean(axis=1)
    theta[:, 0] = (spread - spread.mean()) / max(spread.std(), 1e-6)
    parts = [theta, weights, -np.log(mean / (1 - mean))]
    moments = [(np.zeros_like(part), np.zeros_like(part)) for part in parts]
    centre = np.eye(1, dimensions)
    for step in range(1, STEPS + 1):
        theta, weights, offset = parts
        residual = sigmoid(theta @ weights.T - offset) - answers
        gradients = [
            residual @ weights + theta,
            residual.T @ theta + (weights - centre),
            -residual.sum(axis=0) + offset / 9,
        ]
        rate = 0.05 * min(1, 2 * (1 - step / (STEPS + 1)))
        for part, gradient, (first, second) in zip(parts, gradients, moments):
            first += 0.1 * (gradient - first)
            second += 0.01 * (gradient**2 - second)
            part -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return parts[1], parts[2]


def ability(weights, offset, answers):
    """The theta of one LLM by its answers to the queries of these weights."""
    theta = np.zeros(weights.shape[1])
    for _ in range(30):
        chance = sigmoid(weights @ theta - offset)
        gradient = weights.T @ (answers - chance) - PRIOR * theta
        curvature = (weights * (chance * (1 - chance))[:, None]).T @ weights + PRIOR * np.eye(len(theta))
        step = np.linalg.solve(curvature, gradient)
        theta += step * min(1, 2 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < 1e-6:
            break
    return theta


def clustered(points, count, generator):
    """The point nearest to each centre of k-means, and the share of the points in its cluster."""
    centres = points[generator.choice(len(points), count, replace=False)]
    squares = (points**2).sum(axis=1)
    for _ in range(20):
        distances = squares[:, None] - 2 * points @ centres.T + (centres**2).sum(axis=1)
        nearest = distances.argmin(axis=1)
        sizes = np.bincount(nearest, minlength=count)
        sums = np.stack([np.bincount(nearest, column, minlength=count) for column in points.T], axis=1)
        centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
    distances = squares[:, None] - 2 * points @ centres.T + (centres**2).sum(axis=1)
    sizes = np.bincount(distances.argmin(axis=1), minlength=count)
    chosen, shares = [], []
    for centre in np.argsort(-sizes, kind="stable"):
        # Two centres may have one nearest point; the second takes the next.
        column = distances[:, centre].copy()
        column[chosen] = np.inf
        chosen.append(int(column.argmin()))
        shares.append(sizes[centre])
    return np.array(chosen), np.array(shares) / len(points)


def estimates(answers, weights, offset, anchors, shares):
    """The weighted mean, and p-IRT, of one LLM by its answers to the anchors."""
    seen = answers[anchors]
    chance = sigmoid(weights @ ability(weights[anchors], offset[anchors], seen) - offset)
    chance[anchors] = seen
    return float(shares @ seen), float(chance.mean())


def place(known, placed, counts, generator):
    """(anchors, estimator, count, estimates of the placed LLMs) for each combination."""
    order = generator.permutation(len(known))
    kept, rest = order[: max(len(known) // 5, 1)], order[max(len(known) // 5, 1) :]
    queries = known.shape[1]
    tried = generator.choice(queries, min(counts[-1], 100), replace=False)
    equal = np.full(len(tried), 1 / len(tried))
    inner, least, dimensions = None, np.inf, 0
    for number in DIMENSIONS:
        model = fit(known[rest], number, generator)
        error = np.mean([abs(estimates(row, *model, tried, equal)[1] - row.mean()) for row in known[kept]])
        if error < least:
            inner, least, dimensions = model, error, number
    weights, offset = fit(known, dimensions, generator)
    variance = known.var(axis=0).mean()
    for count in counts:
        chosen = generator.choice(queries, count, replace=False)
        equal = np.full(count, 1 / count)
        for name, anchors, shares in [
            ("random", chosen, equal),
            ("irt", *clustered(np.column_stack([weights, offset]), count, generator)),
        ]:
            error = np.mean([abs(estimates(row, *inner, anchors, shares)[1] - row.mean()) for row in known[kept]])
            share = error**2 / (error**2 + variance / (4 * count))
            pairs = np.array([estimates(row, weights, offset, anchors, shares) for row in placed])
            yield name, "weighted", count, pairs[:, 0]
            yield name, "p-irt", count, pairs[:, 1]
            yield name, "gp-irt", count, share * pairs[:, 0] + (1 - share) * pairs[:, 1]


def main():
    archive, run, output = sys.argv[1:]
    arrays = np.load(archive)
    scores, names = arrays["scores"].astype(np.float64), arrays["models"]
    labels = arrays["subscenario"] if "subscenario" in arrays else None
    hold_out = json.loads((Path(run) / "run.json").read_text(encoding="utf-8"))["hold_out"]
    folds, counts = {}, {}
    with open(Path(run) / "estimates.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            llms = folds.setdefault(row["benchmark"], {}).setdefault(row["fold"], [])
            if row["llm"] not in llms:
                llms.append(row["llm"])
            if int(row["answers"]) > 0:
                counts.setdefault(row["benchmark"], set()).add(int(row["answers"]))
    column = {name: index for index, name in enumerate(names)}
    lines = []
    for benchmark, own in folds.items():
        several = len(folds) > 1 or (labels is not None and benchmark in labels and len(set(labels)) > 1)
        answers = scores[:, labels == benchmark] if several else scores
        # The same LLMs as there: those that answered everything.
        complete = ~np.isnan(answers).any(axis=1)
        errors = {}
        for number, llms in enumerate(own.values()):
            held = np.array([column[name] for name in llms])
            related = np.isin(np.arange(len(answers)), held)
            if hold_out != "frontier":
                for one in held:
                    related |= 1 - np.abs(answers - answers[one]).mean(axis=1) > COPY
            else:
                # All of the frontier is held out, whoever of it is placed.
                means = answers.mean(axis=1)
                quarter = max(int(complete.sum()) // 4, 1)
                related |= np.isin(np.arange(len(answers)), np.argsort(-np.where(complete, means, -1))[:quarter])
            generator = np.random.default_rng(number)
            known = answers[complete & ~related]
            for anchors, estimator, count, values in place(known, answers[held], sorted(counts[benchmark]), generator):
                errors.setdefault((anchors, estimator, count), []).extend(np.abs(values - answers[held].mean(axis=1)))
        for (anchors, estimator, count), values in sorted(errors.items()):
            spread = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0
            lines.append([benchmark, anchors, estimator, count, len(values), np.mean(values), spread])
        print(f"{benchmark}: {len(own)} folds", file=sys.stderr)
    with open(output + ".new", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["benchmark", "anchors", "estimator", "answers", "llms", "mae", "mae_se"])
        writer.writerows(lines)
    Path(output + ".new").replace(output)


if __name__ == "__main__":
    main()
