"""Compares reference.json with fairlearn and AIF360 themselves, and prints the greatest difference of every number.

Run: python3 peers.py reference.json ADULT_TEST COMPAS
with both packages installed. Fails where a number differs by more than 1e-12 (of the number, where it is above 1).
"""
import json
import math
import sys
import warnings

import numpy as np
import pandas as pd
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import ClassificationMetric
from fairlearn import metrics as fairlearn
from sklearn import metrics

import reference

warnings.filterwarnings("ignore")
RATES = {"SelectionRate": fairlearn.selection_rate, "TruePositiveRate": fairlearn.true_positive_rate,
         "FalsePositiveRate": fairlearn.false_positive_rate, "TrueNegativeRate": fairlearn.true_negative_rate,
         "FalseNegativeRate": fairlearn.false_negative_rate, "Accuracy": metrics.accuracy_score,
         "ErrorRate": metrics.zero_one_loss}
greatest = {}


def same(name, stored, theirs):
    stored, theirs = float(stored), float(theirs)
    if math.isnan(stored):
        return  # What is undefined here is a number in fairlearn (zero_division) and an error or NaN in AIF360.
    difference = abs(stored - theirs) / max(1, abs(stored))
    count, most = greatest.get(name, (0, 0))
    greatest[name] = (count + 1, difference if not difference <= most else most)


def check_fairlearn(table, stored):
    weights = {name: {"sample_weight": table.w} for name in RATES}
    frame = fairlearn.MetricFrame(metrics=RATES, y_true=table.y, y_pred=table.p, sensitive_features=table.group, sample_params=weights)
    for name in RATES:
        for group, values in stored["groups"].items():
            same(f"MetricFrame.by_group {name}", values[name], frame.by_group.loc[group, name])
        same(f"MetricFrame.overall {name}", stored["overall"][name], frame.overall[name])
        if any(group[name] == "NaN" for group in stored["groups"].values()):
            continue  # fairlearn takes the group's rate for 0, the audit leaves the group out.
        difference, ratio, to_overall, ratio_to_overall = stored["summaries"][name]
        same(f"MetricFrame.difference {name}", difference, frame.difference(method="between_groups")[name])
        same(f"MetricFrame.ratio {name}", ratio, frame.ratio(method="between_groups")[name])
        same(f"MetricFrame.difference to_overall {name}", to_overall, frame.difference(method="to_overall")[name])
        same(f"MetricFrame.ratio to_overall {name}", ratio_to_overall, frame.ratio(method="to_overall")[name])
    given = {"y_true": table.y, "y_pred": table.p, "sensitive_features": table.group, "sample_weight": table.w}
    same("demographic_parity_difference", stored["summaries"]["SelectionRate"][0], fairlearn.demographic_parity_difference(**given))
    same("demographic_parity_ratio", stored["summaries"]["SelectionRate"][1], fairlearn.demographic_parity_ratio(**given))
    if not any("NaN" in (group["TruePositiveRate"], group["FalsePositiveRate"]) for group in stored["groups"].values()):
        same("equalized_odds_difference", stored["equalizedOddsDifference"], fairlearn.equalized_odds_difference(**given))
        same("equalized_odds_ratio", stored["equalizedOddsRatio"], fairlearn.equalized_odds_ratio(**given))


def check_aif360(table, stored):
    codes = {name: code for code, name in enumerate(sorted(table.group.unique()))}

    def dataset(column, rows):
        frame = pd.DataFrame({"group": rows.group.map(codes).astype(float), "label": rows[column].astype(float), "w": rows.w})
        return BinaryLabelDataset(df=frame, label_names=["label"], protected_attribute_names=["group"], instance_weights_name="w")

    def metric(rows):
        first, second = (codes[name] for name in stored["pair"])
        return ClassificationMetric(dataset("y", rows), dataset("p", rows), unprivileged_groups=[{"group": first}],
                                    privileged_groups=[{"group": second}])

    of = metric(table)
    same("average_odds_difference", stored["averageOddsDifference"], of.average_odds_difference())
    same("average_abs_odds_difference", stored["averageOddsError"], of.average_abs_odds_difference())
    if (table.w == 1).all():  # AIF360's entropies know no weights.
        same("theil_index", stored["theil"], of.theil_index())
        same("generalized_entropy_index", stored["entropy"], of.generalized_entropy_index(2))
        same("between_all_groups_generalized_entropy_index", stored["betweenGroups"],
             of.between_all_groups_generalized_entropy_index(2))
    one, two = (float(stored["groups"][name]["SelectionRate"]) for name in stored["pair"])
    if two > 0:
        same("disparate_impact", one / two, of.disparate_impact())


def main(stored_path, adult_path, compas_path):
    with open(stored_path) as file:
        stored = json.load(file)
    tables = {"adult": (reference.adult(adult_path), stored["adult"]), "compas": (reference.compas(compas_path), stored["compas"])}
    tables |= {name: (pd.DataFrame(part["rows"]), part) for name, part in stored["tables"].items()}
    for table, numbers in tables.values():
        check_fairlearn(table, numbers)
        check_aif360(table, numbers)
    for name, (count, most) in sorted(greatest.items()):
        print(f"{name}: {count} numbers, greatest difference {most:.1e}")
    if not all(most <= 1e-12 for _, most in greatest.values()):
        sys.exit("Some numbers differ.")


main(*sys.argv[1:])
