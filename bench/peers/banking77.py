"""TF-IDF and logistic regression of scikit-learn on the draws that bench/banking77.ts made.

Reads {"train", "test": [{"text", "category"}], "draws": [[row number]]} and prints the accuracy and the seconds of each.
"""

import json
import sys
import time

from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

data = json.load(sys.stdin)
test_texts = [row["text"] for row in data["test"]]
test_labels = [row["category"] for row in data["test"]]
accuracies, seconds = [], []
for draw in data["draws"]:
    start = time.perf_counter()
    texts = [data["train"][number]["text"] for number in draw]
    labels = [data["train"][number]["category"] for number in draw]
    blocks = [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
    ]
    training = hstack([block.fit_transform(texts) for block in blocks]).tocsr()
    asked = hstack([block.transform(test_texts) for block in blocks]).tocsr()
    model = LogisticRegression(C=20, max_iter=1000).fit(training, labels)
    answers = model.predict(asked)
    accuracies.append(sum(a == b for a, b in zip(answers, test_labels)) / len(test_labels))
    seconds.append(time.perf_counter() - start)
json.dump({"accuracies": accuracies, "seconds": seconds}, sys.stdout)
