"""Writes MODEL_CARD.md from the figures that evaluate.py and evaluate_samples.py measured, so that no number is typed by hand."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

TEMPLATE = (Path(__file__).parent / "card_template.md").read_text()
NAMES = {"subject": "right thing, word or scene", "kind": "right kind of event", "place": "right place", "whole": "right to the letter"}


def percent(value: float | None) -> str:
    """A share as a percentage, or a dash."""
    return "-" if value is None else f"{100 * value:.0f} %"


def naming_table(figures: dict) -> str:
    """Naming when made to speak at the middle of an event, beside chance and black pictures, for both tasks."""
    lines = ["| | narrating | question | unseen combinations, narrating | commonest answer | black pictures |", "|---|---|---|---|---|---|"]
    captions, questions = figures["captions"], figures["questions"]
    for key, name in NAMES.items():
        cells = [captions["told_at_the_middle"], questions["told_at_the_middle"], captions["told_at_the_middle_unseen_combinations"],
                 captions["commonest_answer"], captions["black_frames"]["told_at_the_middle"]]
        lines.append(f"| {name} | " + " | ".join(percent(cell.get(key)) for cell in cells) + " |")
    return "\n".join(lines)


def timing_table(figures: dict) -> str:
    """When it speaks, for both tasks, with replies removed and kept."""
    rows = {"spans_with_a_reply": "events that got a reply within their span", "spans_told_to_the_letter": "events told to the letter",
            "replies_inside_a_span": "replies inside a span that asks for one", "uniform_speaker_inside_a_span": "the same for a speaker at uniform times",
            "repeated_replies": "replies that repeat an earlier one", "right_subject": "replies inside a span: right thing",
            "right_kind": "right kind of event", "right_place": "right place"}
    columns = [figures[task][run] for task in ("captions", "questions") for run in ("loop", "loop_replies_kept")]
    lines = ["| | narrating | narrating, replies kept | question | question, replies kept |", "|---|---|---|---|---|"]
    lines += [f"| {name} | " + " | ".join(percent(column.get(key)) for column in columns) + " |" for key, name in rows.items()]
    lines.append("| replies / events to be told | " + " | ".join(f"{column['replies']} / {column['gold']}" for column in columns) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=Path, required=True)
    parser.add_argument("--sample-figures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    figures, samples = json.loads(options.figures.read_text()), json.loads(options.sample_figures.read_text())
    dark = figures["captions"]["black_frames"]["loop"]
    recommended = json.loads((Path(__file__).parent / "recommended.json").read_text())
    settings = "\n".join(
        f"| {task} | {' + '.join(value['heads'])} | {value['policy']['threshold']} | {value['cooldown']} s |" for task, value in recommended.items())
    options.out.write_text(TEMPLATE.format(
        clips=figures["clips_per_task"], naming=naming_table(figures), timing=timing_table(figures), settings=settings,
        dark_replies=dark["replies"], dark_clips=dark["clips"],
        **{f"auc_{task}_{head}": f"{figures[task]['auc'][head]:.3f}" for task in ("captions", "questions") for head in ("informative", "relevance")},
        **{f"samples_{task}_{key}": percent(samples[task].get(key)) for task in ("captions", "magqa")
           for key in ("told_to_the_letter", "replies_inside_a_span", "subject", "kind", "place")},
        **{f"samples_{task}_{key}": samples[task][key] for task in ("captions", "magqa") for key in ("gold", "replies")}))


if __name__ == "__main__":
    main()
