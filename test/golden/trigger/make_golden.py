"""Writes the expected figures of `duet score trigger`, computed by scikit-learn from synthetic data."""
import json
import random
import numpy as np
from sklearn import metrics

random.seed(611)
LEVELS = [0, 0.25, 0.5, 0.75, 1]


def areas(labels, scores):
    both = len(set(labels)) == 2
    return {
        "roc_auc": metrics.roc_auc_score(labels, scores) if both else None,
        "pr_auc": metrics.average_precision_score(labels, scores) if any(labels) else None,
    }


def vector(size, share, tied):
    labels = [random.random() < share for _ in range(size)]
    draw = (lambda: random.choice(LEVELS)) if tied else (lambda: round(random.random(), 4))
    scores = [min(1, draw() + 0.25 * label) for label in labels]
    return {"labels": labels, "scores": scores, **areas(labels, scores)}


def question(index):
    asked = random.choice([0, 0, 2.5])
    starts = sorted(random.sample(range(0, 18), random.choice([0, 1, 2, 3])))
    answer = [{"content": "something", "time": [s + 0.5, s + 2.5]} for s in starts]
    frames = [
        {"time": k / 2, "informative_score": round(random.random(), 3), "relevance_score": random.choice(LEVELS)}
        for k in range(40)
    ]
    replies = sorted(random.sample(range(0, 40), random.choice([0, 2, 4])))
    said = [{"role": "assistant", "content": "something", "time": k / 2} for k in replies]
    said.append({"role": "user", "content": "what?", "time": asked})
    gold = {"question_id": f"q{index}", "conversation": [said[-1]], "answer": answer}
    return gold, {"question_id": f"q{index}", "model_response_list": said, "video_duration": 20, "debug_data": frames}


def observed(gold, prediction):
    asked = gold["conversation"][0]["time"]
    frames = [f for f in prediction["debug_data"] if f["time"] >= asked]
    spans = [turn["time"] for turn in gold["answer"]]
    labels = [any(start <= f["time"] <= end for start, end in spans) for f in frames]
    return labels, frames


def expected(pairs, heads):
    questions = [observed(*pair) for pair in pairs]
    scores = [[sum(f[f"{head}_score"] for head in heads) for f in frames] for _, frames in questions]
    labels = [labels for labels, _ in questions]
    pooled, truth = sum(scores, []), sum(labels, [])
    spoken = [score > 0.5 for score in pooled]
    single = [areas(*pair) for pair in zip(labels, scores) if len(set(pair[0])) == 2]
    return {
        **areas(truth, pooled),
        "mean_roc_auc": float(np.mean([one["roc_auc"] for one in single])),
        "mean_pr_auc": float(np.mean([one["pr_auc"] for one in single])),
        "base_rate": float(np.mean(truth)),
        "accuracy": metrics.accuracy_score(truth, spoken),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, spoken),
        "precision": metrics.precision_score(truth, spoken),
        "recall": metrics.recall_score(truth, spoken),
        "f1": metrics.f1_score(truth, spoken),
        "spoken": float(np.mean(spoken)),
    }


pairs = [question(index) for index in range(12)]
heads = {"informative": ["informative"], "relevance": ["relevance"], "sum": ["informative", "relevance"]}
vectors = [vector(size, share, tied) for size in (2, 7, 40) for share in (0.1, 0.5, 1) for tied in (True, False)]
json.dump({"vectors": vectors, "files": {name: expected(pairs, h) for name, h in heads.items()}}, open("expected.json", "w"))
json.dump([gold for gold, _ in pairs], open("gold.json", "w"))
open("pred.jsonl", "w").writelines(json.dumps(prediction) + "\n" for _, prediction in pairs)
