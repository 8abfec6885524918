"""Writes `ovo-bench.json` and `streamingbench.json` from the events in `captions.json`.

Run in this folder: python3 make_streaming.py
"""
import json
import random
import re

CLIPS = 12
random.seed(908)
# "The black lemon on the right spins." is about a lemon; signs, scoreboards and scenes are left out.
KINDS = "big|small|black|white|red|green|blue|yellow|orange|purple|pink|brown|grey"
SUBJECT = re.compile(rf"^(?:The|An?)(?: (?:{KINDS}))* (\w+) ")
OTHERS = {"sign", "scoreboard", "scene", "two", "three", "four"}
captions = json.load(open("annotations/captions.json"))


def events(clip):
    """Events that happen once in a clip and name their one thing first: (sentence, thing, start, end)."""
    told = [turn["content"] for turn in clip["answer"]]
    for turn in clip["answer"]:
        found = SUBJECT.match(turn["content"])
        unique = told.count(turn["content"]) == 1 and not turn["content"].endswith("again.")
        if found and unique and found[1].lower() not in OTHERS:
            yield turn["content"], found[1], *turn["time"]


def options(clip, right):
    """The right event among three that are untrue: of things without a part in any event of the clip."""
    told = " ".join(turn["content"] for turn in clip["answer"]).lower()
    strange = [e for other in captions for e in events(other) if e[1] not in told]
    chosen = [right]
    while len(chosen) < 4:
        sentence, thing, *_ = random.choice(strange)
        if all(thing not in one for one in chosen):
            chosen.append(sentence)
    random.shuffle(chosen)
    return chosen, chosen.index(right)


def clock(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


ovo, streaming = [], []
for clip in [clip for clip in captions if any(events(clip))][:CLIPS]:
    video, found = clip["video"], list(events(clip))
    add = lambda task, **rest: ovo.append({"id": len(ovo), "task": task, "video": video, **rest})
    sentence, _, start, end = found[0]
    choices, right = options(clip, sentence)
    question = "Which of these has happened?"
    add("EPM", realtime=round(end + 0.5, 2), question=question, options=choices, gt=right)
    sentence, _, start, end = found[-1]
    choices, right = options(clip, sentence)
    moment = round((start + end) / 2, 2)
    add("ACR", realtime=moment, question="What is happening now?", options=choices, gt=right)
    points = [{"realtime": moment, "step": sentence, "type": 1}]
    if start > 2:
        points.insert(0, {"realtime": round(start - 1.5, 2), "step": sentence, "type": 0})
    add("SSR", test_info=points)
    thing = found[-1][1]
    if sum(thing in turn["content"] for turn in clip["answer"]) == 1:
        clue = [{"realtime": point["realtime"], "type": point["type"]} for point in points]
        question = f"What happens to the {thing}?"
        add("CRR", question=question, ask_time=0, clue_time=start, answer=sentence, test_info=clue)
    lettered = [f"{letter}. {text}" for letter, text in zip("ABCD", choices)]
    shared = {"question": "What is happening now?", "time_stamp": clock(round(moment))}
    questions = [{"task_type": "Event Understanding", **shared, "options": lettered, "answer": "ABCD"[right]}]
    if start > 2:
        due = {"ground_truth_time_stamp": clock(round(moment)), "ground_truth_output": thing}
        asked = {"question": f"Tell me when this happens: {sentence[0].lower()}{sentence[1:]}"}
        asked["time_stamp"] = clock(int(start - 2))
        questions.append({"task_type": "Proactive Output", **asked, **due})
    if start <= round(moment) <= end:
        streaming.append({"video_path": video, "questions": questions})

for name, items in (("ovo-bench", ovo), ("streamingbench", streaming)):
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    open(f"annotations/{name}.json", "w").write(f"[\n{lines}\n]\n")
