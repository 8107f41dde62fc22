"""How well a classifier tells synthetic rows from real ones (10-fold, area under the curve: 0.5 cannot, 1 always), and
how well one that learned on synthetic rows predicts real ones. Reads columns of numbers; null is missing."""

import json
import os
import sys

# Threads that wait for each other on a busy machine take minutes for seconds of work.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict


def model(categorical):
    return HistGradientBoostingClassifier(categorical_features=categorical, random_state=1)


def rows(table):
    return np.array(table, dtype=float).T


def two_sample(real, synthetic, categorical):
    x = np.vstack([real, synthetic])
    y = np.repeat([0, 1], [len(real), len(synthetic)])
    folds = StratifiedKFold(10, shuffle=True, random_state=1)
    return roc_auc_score(y, cross_val_predict(model(categorical), x, y, cv=folds, method="predict_proba")[:, 1])


def utility(train, test, categorical, answer):
    keep = np.arange(train.shape[1]) != answer
    fitted = model(np.array(categorical)[keep]).fit(train[:, keep], train[:, answer])
    return roc_auc_score(test[:, answer], fitted.predict_proba(test[:, keep])[:, 1])


given = json.load(sys.stdin)
holdout = rows(given["holdout"])
categorical = np.array(given["categorical"])
figures = []
for table in given["tables"]:
    table = rows(table)
    figures.append(
        {
            "twoSample": two_sample(holdout, table, categorical),
            "utility": utility(table, holdout, categorical, given["answer"]),
        }
    )
json.dump(figures, sys.stdout)
