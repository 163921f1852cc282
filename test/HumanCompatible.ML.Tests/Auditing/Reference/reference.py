"""Makes reference.json, the numbers that ReferenceTests compares the audit with.

Rates, curves and calibration are scikit-learn's (1.2.1), tests and bootstrap scipy's (1.10.1). The differences and ratios of groups are
computed here from the definitions that fairlearn documents for MetricFrame (difference and ratio, between_groups and to_overall), the odds
and entropies from those of AIF360: neither package is used here. peers.py compares the numbers with what both packages compute.

Run: python3 reference.py ADULT_TEST COMPAS > reference.json
with the files adult.test and compas_two_years_noid.csv; the random tables are drawn here and stored in the output.
"""
import json
import sys

import numpy as np
import pandas as pd
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve


def number(value):
    value = float(value)
    return "NaN" if np.isnan(value) else value


def rate(numerator, denominator, weight):
    total = weight[denominator].sum()
    return weight[numerator & denominator].sum() / total if total > 0 else float("nan")


def statistics(y, p, q, w):
    """Of one group: labels, predictions, probabilities, weights."""
    y, p, q, w = y.to_numpy(), p.to_numpy(), q.to_numpy(), w.to_numpy()
    pos, pred, every = y == 1, p == 1, np.ones(len(y), bool)
    both = pos.any() and not pos.all()
    result = {
        "BaseRate": rate(pos, every, w), "SelectionRate": rate(pred, every, w), "TruePositiveRate": rate(pred, pos, w),
        "FalsePositiveRate": rate(pred, ~pos, w), "TrueNegativeRate": rate(~pred, ~pos, w), "FalseNegativeRate": rate(~pred, pos, w),
        "PositivePredictiveValue": rate(pos, pred, w), "NegativePredictiveValue": rate(~pos, ~pred, w),
        "FalseOmissionRate": rate(pos, ~pred, w), "Accuracy": metrics.accuracy_score(y, p, sample_weight=w),
        "ErrorRate": metrics.zero_one_loss(y, p, sample_weight=w),
        "BalancedAccuracy": metrics.balanced_accuracy_score(y, p, sample_weight=w) if both else np.nan,
        "F1Score": metrics.f1_score(y, p, sample_weight=w, zero_division=0) if (pos | pred).any() else np.nan,
        "AreaUnderRocCurve": metrics.roc_auc_score(y, q, sample_weight=w) if both else np.nan,
        "MeanLoss": metrics.log_loss(y, q, sample_weight=w, labels=[0, 1], eps=1e-15),
        "BrierScore": metrics.brier_score_loss(y, q, sample_weight=w, pos_label=1),
        "CalibrationError": calibration_error(y, q, w),
    }
    return {name: number(value) for name, value in result.items()}


def calibration_error(y, q, w):
    bins = np.searchsorted(np.linspace(0, 1, 11)[1:-1], q)
    if (w == 1).all():
        true, mean = calibration_curve(y, q, n_bins=10)
        count = np.bincount(bins, minlength=10)
        return (np.abs(true - mean) * count[count > 0]).sum() / len(y)
    return sum(abs((w * (q - y))[bins == b].sum()) for b in range(10)) / w.sum()


def summaries(by_group, overall):
    result = {}
    for name in overall:
        values = np.array([float(group[name]) for group in by_group.values()])
        values = values[~np.isnan(values)]
        total = float(overall[name])
        if len(values) < 2:
            result[name] = ["NaN"] * 4
            continue
        ratio = 1.0 if values.max() == 0 else values.min() / values.max()
        with np.errstate(divide="ignore", invalid="ignore"):
            to_overall = np.where((values == 0) & (total == 0), 1, np.minimum(values / total, total / values))
        result[name] = [number(v) for v in (values.max() - values.min(), ratio, np.abs(values - total).max(), np.min(to_overall))]
    return result


def entropy(b, w, alpha):
    share = b / (w @ b / w.sum())
    if alpha == 1:
        terms = np.where(share > 0, share * np.log(np.where(share > 0, share, 1)), 0)
        return (w @ terms) / w.sum()
    return (w @ (share ** alpha - 1)) / (w.sum() * alpha * (alpha - 1))


def audit(table):
    groups = {str(name): rows for name, rows in table.groupby("group")}
    by_group = {name: statistics(rows.y, rows.p, rows.q, rows.w) for name, rows in groups.items()}
    overall = statistics(table.y, table.p, table.q, table.w)
    names = sorted(groups)
    first, second = groups[names[0]], groups[names[1]]
    counts = [[int((rows.p == 1).sum()), int((rows.p == 0).sum())] for rows in groups.values()]
    pair = [[int((rows.p == 1).sum()), int((rows.p == 0).sum())] for rows in (first, second)]
    benefit, weight = (table.p - table.y + 1).to_numpy(float), table.w.to_numpy(float)
    one, two = by_group[names[0]], by_group[names[1]]
    fpr = float(one["FalsePositiveRate"]) - float(two["FalsePositiveRate"])
    tpr = float(one["TruePositiveRate"]) - float(two["TruePositiveRate"])
    means = [(float(np.average(r.p - r.y + 1, weights=r.w)), float(r.w.sum())) for r in groups.values()]
    g = stats.chi2_contingency(pair, correction=False, lambda_="log-likelihood")
    spread = summaries(by_group, overall)
    odds = [spread[name] for name in ("TruePositiveRate", "FalsePositiveRate")]
    return {
        "groups": by_group, "overall": overall, "summaries": spread, "pair": names[:2],
        "equalizedOddsDifference": number(max(float(one[0]) for one in odds)), "equalizedOddsRatio": number(min(float(one[1]) for one in odds)),
        "averageOddsDifference": number((fpr + tpr) / 2), "averageOddsError": number((abs(fpr) + abs(tpr)) / 2),
        "theil": number(entropy(benefit, weight, 1)), "entropy": number(entropy(benefit, weight, 2)),
        "betweenGroups": number(entropy(np.array([m for m, _ in means]), np.array([w for _, w in means]), 2)),
        "fisher": number(stats.fisher_exact(pair)[1]), "g": number(g[0]), "gPValue": number(g[1]),
        "gOfAll": number(stats.chi2_contingency(counts, correction=False, lambda_="log-likelihood")[1]),
    }


def random_table(seed, rows, groups, weighted):
    draw = np.random.default_rng(seed)
    group = draw.integers(0, groups, rows)
    q = np.round(draw.beta(1 + group, 2, rows), 3)
    y = (draw.random(rows) < q).astype(int)
    w = np.round(draw.uniform(0.25, 4, rows), 2) if weighted else np.ones(rows)
    return pd.DataFrame({"group": [f"g{g}" for g in group], "y": y, "p": (q > 0.5).astype(int), "q": q, "w": w})


def adult(path):
    rows = pd.read_csv(path, header=None, skiprows=1, skipinitialspace=True)
    q = np.minimum(1, (rows[4] * 5 + rows[0] + rows[12]) / 260.0)
    return pd.DataFrame({"group": rows[9], "y": (rows[14].str.startswith(">")).astype(int), "p": (q > 0.6).astype(int), "q": q,
                         "w": np.ones(len(rows))})


def compas(path):
    rows = pd.read_csv(path)
    return pd.DataFrame({"group": rows.race, "y": rows.two_year_recid, "p": (rows.score_text != "Low").astype(int),
                         "q": (rows.decile_score - 0.5) / 10, "w": np.ones(len(rows))})


def regression(seed):
    draw = np.random.default_rng(seed)
    group = draw.integers(0, 3, 120)
    y = np.round(1000 + draw.normal(group, 2), 3)
    f = np.round(y + draw.normal(0.2 * group, 1), 3)
    w = np.round(draw.uniform(0.25, 4, 120), 2)
    table = pd.DataFrame({"group": [f"g{g}" for g in group], "y": y, "f": f, "w": w})

    def of(rows):
        y, f, w = rows.y.to_numpy(), rows.f.to_numpy(), rows.w.to_numpy()
        return {"MeanLabel": number(np.average(y, weights=w)), "MeanPrediction": number(np.average(f, weights=w)),
                "MeanResidual": number(np.average(y - f, weights=w)),
                "MeanAbsoluteError": number(metrics.mean_absolute_error(y, f, sample_weight=w)),
                "RootMeanSquaredError": number(metrics.mean_squared_error(y, f, sample_weight=w, squared=False)),
                "RSquared": number(metrics.r2_score(y, f, sample_weight=w))}

    return {"rows": table.to_dict("list"), "overall": of(table),
            "groups": {name: of(rows) for name, rows in table.groupby("group")}}


def multiclass(seed):
    draw = np.random.default_rng(seed)
    group = draw.integers(0, 2, 150)
    scores = draw.dirichlet([2, 1.5, 1], 150).astype(np.float32)
    y = np.array([draw.choice(3, p=s / s.sum()) for s in scores.astype(float)])
    p = scores.argmax(1)

    def of(mask):
        y_, p_, s = y[mask], p[mask], scores[mask].astype(float)
        losses = -np.log(np.maximum(s[np.arange(len(y_)), y_], 1e-15))
        result = {"Accuracy": metrics.accuracy_score(y_, p_), "BalancedAccuracy": metrics.balanced_accuracy_score(y_, p_),
                  "F1Score": metrics.f1_score(y_, p_, average="macro"), "MeanLoss": losses.mean()}
        for c in range(3):
            one, pred = y_ == c, p_ == c
            result[f"F1Score of {c}"] = metrics.f1_score(one, pred)
            result[f"TruePositiveRate of {c}"] = metrics.recall_score(one, pred)
            result[f"PositivePredictiveValue of {c}"] = metrics.precision_score(one, pred)
            result[f"AreaUnderRocCurve of {c}"] = metrics.roc_auc_score(one, s[:, c])
            result[f"BrierScore of {c}"] = metrics.brier_score_loss(one, s[:, c])
        result["AreaUnderRocCurve"] = np.mean([result[f"AreaUnderRocCurve of {c}"] for c in range(3)])
        return {name: number(value) for name, value in result.items()}

    return {"rows": {"group": [f"g{g}" for g in group], "y": y.tolist(), "p": p.tolist(),
                     "scores": [[float(v) for v in s] for s in scores]},
            "overall": of(np.ones(150, bool)), "groups": {f"g{g}": of(group == g) for g in range(2)}}


def bootstrap(seed):
    draw = np.random.default_rng(seed)
    data = np.round(draw.exponential(1, 40), 3)
    result = stats.bootstrap((data,), np.mean, n_resamples=400, method="BCa", confidence_level=0.9, vectorized=True,
                             random_state=np.random.default_rng(seed + 1))
    # The same resamples by the percentile method: scipy 1.10 does not return them.
    again = np.random.default_rng(seed + 1)
    replicates = data[again.integers(0, 40, (400, 40))].mean(1)
    return {"data": data.tolist(), "replicates": replicates.tolist(), "value": float(data.mean()),
            "interval": [float(result.confidence_interval.low), float(result.confidence_interval.high)],
            "standardError": float(result.standard_error), "checked": bool(abs(replicates.std(ddof=1) - result.standard_error) < 1e-12)}


def main(adult_path, compas_path):
    tables = {f"random{seed}": random_table(seed, rows, groups, weighted)
              for seed, rows, groups, weighted in ((1, 60, 2, False), (2, 200, 4, True), (3, 12, 3, False))}
    curve = tables["random1"]
    fpr, tpr, thresholds = metrics.roc_curve(curve.y, curve.q, drop_intermediate=False)
    true, mean = calibration_curve(curve.y, curve.q, n_bins=10)
    result = {
        "tables": {name: {"rows": table.to_dict("list"), **audit(table)} for name, table in tables.items()},
        "adult": audit(adult(adult_path)), "compas": audit(compas(compas_path)),
        "roc": {"falsePositiveRates": fpr.tolist(), "truePositiveRates": tpr.tolist(), "thresholds": thresholds.tolist()[1:]},
        "calibration": {"positiveShares": true.tolist(), "meanProbabilities": mean.tolist()},
        "regression": regression(5), "multiclass": multiclass(6), "bootstrap": bootstrap(7),
        "wilson": [[k, n, *map(float, stats.binomtest(k, n).proportion_ci(0.95, "wilson"))] for k, n in ((0, 10), (3, 10), (57, 100))],
        "chiSquared": [[x, d, float(stats.chi2.sf(x, d))] for x in (1e-6, 0.3, 2.0, 7.7, 8.3, 40.0) for d in (1, 2, 3, 6, 11)],
    }
    json.dump(result, sys.stdout, indent=None, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
