"""Test cases: fresh clips of a split with one user text each, evenly over types of questions, languages, and times of asking."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from cache_features import FPS
from lesson import Lesson, lesson_on, now_question, settled
from model import DuetModel
from world.answers import answers_at_once
from world.blueprint import Blueprint
from world.legislator import sample_blueprint
from world.picture import render_clip
from world.questions import LANGUAGE_WEIGHTS, TYPES, Question, sample_question
from world.spread import asked_band

# Beside the types of standing questions: nobody asks, and a question about the moment.
TASKS: list[str] = ["narrate", *TYPES, "now"]
LATE_SHARE = 0.3


@dataclass
class Case:
    """A clip, its task, the lesson (questions and due replies), and the embeddings the model sees, [frames, tokens, hidden]."""

    task: str
    lesson: Lesson
    embeds: Tensor

    @property
    def asked(self) -> float:
        """When the question came, seconds; 0 for narrating."""
        return self.lesson.questions[0].time if self.lesson.questions else 0.0

    @property
    def slices(self) -> list[str]:
        """By what figures are broken down."""
        question = self.lesson.questions[0] if self.lesson.questions else None
        asked = asked_band(self.asked / self.lesson.end)
        return [f"task:{self.task}", f"language:{question.language if question else 'none'}", f"asked:{asked}",
                "answer:" + ("some" if self.lesson.tellings else "never")]


def make_cases(model: DuetModel, split: str, each: int, seed: int, tasks: list[str] | None = None) -> list[Case]:
    """`each` cases of every task."""
    rng = random.Random(f"{seed}-{split}")
    return [_make_case(rng, model, split, task, list(LANGUAGE_WEIGHTS)[number % 4]) for task in tasks or TASKS for number in range(each)]


def _make_case(rng: random.Random, model: DuetModel, split: str, task: str, language: str) -> Case:
    while True:
        blueprint = sample_blueprint(rng, split, rng.uniform(14, 40))
        questions = _questions(rng, blueprint, task, language)
        if questions is not None:
            break
    frames = torch.from_numpy(render_clip(blueprint, FPS, model.shape.side, rng))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        embeds = torch.cat([model.eye(part) for part in frames.split(64)]).float()
    return Case(task, lesson_on(rng, blueprint, 0.0, blueprint.duration, questions), embeds)


def _questions(rng: random.Random, blueprint: Blueprint, task: str, language: str) -> list[Question] | None:
    """The case's user texts, or None where the clip leaves no room for them."""
    if task == "narrate":
        return []
    time = settled(blueprint, rng.uniform(2, blueprint.duration / 2)) if rng.random() < LATE_SHARE else 0.0
    if task == "now":
        time = settled(blueprint, rng.uniform(2, blueprint.duration - 4))
    question = now_question(rng, blueprint, time) if task == "now" else sample_question(rng, blueprint, time, type=task, language=language)
    busy = any(event.start < time + 2 and event.end > time for event in blueprint.events)
    return None if time > blueprint.duration - 3 or (answers_at_once(question) and busy) else [question]
