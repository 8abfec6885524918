"""A lesson: a piece of a stream with user texts, and what should be scored and said at each of its frames."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from sight.words import LANGUAGES
from sight.words.language import Items, Named
from sight.words.talk import sentences_of
from sight.world.happenings import Happening
from sight.world.present import Present, present_at
from sight.world.stream import Stream
from sight.world.things import GROUPS, INDEX, LIVELY, PERSON, SPOKEN_GROUPS, THINGS

# Seconds for which an event can be told from its due time on, and an answer from its question on: the pause of the policy, so that nothing is told twice.
TELLING, ANSWER = 1.0, 1.0
STANDING = ("narrate", "come", "come_side", "go", "thing")
AT_ONCE = ("count", "presence", "place", "where", "now")
TYPES = (*STANDING, *AT_ONCE, "stop")
KINDS = ("enter", "appear", "leave", "vanish", "nearer")
COMES, GOES = ("enter", "appear"), ("leave", "vanish")


@dataclass(frozen=True)
class Question:
    """A user text before frame `frame`. `target` is a class, a spoken group, "thing" or None; `where` a side or place."""

    frame: int
    type: str
    text: str
    language: str
    target: Named | None = None
    where: str = ""


@dataclass
class Telling:
    """What is to be said from frame `begin` until before `end`: an event, or the answer to a question (`happening` None)."""

    begin: int
    end: int
    question: Question | None
    happening: Happening | None
    start: int
    factors: list[str] = field(default_factory=list)


@dataclass
class Lesson:
    """Frames [first, last) of a stream, user texts and tellings in order of time."""

    stream: Stream
    first: int
    last: int
    questions: list[Question]
    tellings: list[Telling]

    def said_at(self, frame: int) -> str:
        """The reply at this frame: all that is to be told then; empty for silence."""
        active = [telling for telling in self.tellings if telling.begin <= frame < telling.end]
        parts = []
        for language in dict.fromkeys(telling.question.language if telling.question else "en" for telling in active):
            own = [telling for telling in active if (telling.question.language if telling.question else "en") == language]
            parts += [answer(self.stream, frame, telling.question) for telling in own if telling.happening is None]
            parts += sentences_of(LANGUAGES[language], [telling.happening for telling in own if telling.happening])
        return ("" if parts and parts[0][-1] == "。" else " ").join(parts)

    def factors_at(self, frame: int) -> list[str]:
        """What must be mastered to speak rightly at this frame."""
        return sorted({factor for telling in self.tellings if telling.begin <= frame < telling.end for factor in telling.factors})

    def silence(self) -> str:
        standing = [question for question in self.questions if question.type in (*STANDING, "stop")]
        return f"silence:{standing[-1].type if standing else 'none'}"


def make_lesson(rng: random.Random, stream: Stream, first: int, last: int) -> Lesson:
    """A random lesson on frames [first, last)."""
    return lesson_on(stream, first, last, draw_questions(rng, stream, first, last))


def lesson_on(stream: Stream, first: int, last: int, questions: list[Question]) -> Lesson:
    """The lesson that these user texts make of the piece."""
    fps = stream.fps
    tellings = []
    for happening in stream.happenings:
        begin = -int(-happening.due * fps // 1)
        if begin < first or begin >= last or (happening.start * fps < first - 0.01 and first > 0 and begin < first + 2):
            continue
        asked = asked_by(questions, happening, begin)
        if asked is not False:
            end = begin + round(TELLING * fps)
            tellings.append(Telling(begin, end, asked, happening, max(first, int(happening.start * fps)), factors_of(asked, happening)))
    for question in questions:
        if question.type in AT_ONCE:
            tellings.append(Telling(question.frame, question.frame + round(ANSWER * fps), question, None, question.frame, factors_of(question, None)))
    return Lesson(stream, first, last, questions, sorted(tellings, key=lambda telling: telling.begin))


def asked_by(questions: list[Question], happening: Happening, frame: int) -> Question | None | bool:
    """The latest standing question that the event answers; None where nothing was ever asked, False where nobody wants to know."""
    standing: list[Question] = []
    for question in questions:
        if question.frame > frame:
            break
        if question.type == "stop":
            standing = []
        if question.type in STANDING:
            standing.append(question)
    if not any(question.type in (*STANDING, "stop") and question.frame <= frame for question in questions):
        return None
    return next((question for question in reversed(standing) if wants(question, happening)), False)


def wants(question: Question, happening: Happening) -> bool:
    """Whether the event answers the standing question."""
    if question.type == "narrate":
        return True
    if not is_a(happening.thing, question.target):
        return False
    if question.type == "thing":
        return True
    if question.type == "go":
        return happening.kind in GOES
    return happening.kind in COMES and (question.type != "come_side" or happening.side == question.where)


def is_a(name: Named, target: Named | None) -> bool:
    """Whether something called so is what was asked for."""
    if target == "thing" or name == target:
        return True
    return target in SPOKEN_GROUPS and isinstance(name, int) and THINGS[name].group == target


def answer(stream: Stream, frame: int, question: Question) -> str:
    """The answer to a question about the present moment."""
    language, there = LANGUAGES[question.language], present_at(stream, frame)
    wanted = [thing for thing in there if question.target is None or is_a(thing.name, question.target)]
    if question.type == "place":
        return language.at(items_of([thing for thing in there if thing.place == question.where]), question.where)
    if question.type == "now":
        return language.there(items_of(there)) if there else language.none("thing")
    if question.type == "count":
        return language.there([(question.target, len(wanted))]) if wanted else language.none(question.target)
    places = {thing.place for thing in wanted}
    place = places.pop() if len(places) == 1 else ""
    if question.type == "where":
        return (language.where(question.target, len(wanted), place) if place else language.there([(question.target, len(wanted))])) if wanted else language.none(question.target)
    if not wanted:
        return language.no(language.none(question.target))
    return language.yes(language.at([(question.target, len(wanted))], place) if place else language.there([(question.target, len(wanted))]))


def items_of(things: list[Present]) -> Items:
    """Counted by name, people first, then larger things; at most four kinds."""
    counts: dict[Named, int] = {}
    for thing in sorted(things, key=lambda thing: (thing.name != PERSON, thing.name not in LIVELY)):
        counts[thing.name] = counts.get(thing.name, 0) + 1
    return list(counts.items())[:4]


def factors_of(question: Question | None, happening: Happening | None) -> list[str]:
    factors = [f"question:{question.type if question else 'none'}", f"language:{question.language if question else 'en'}"]
    return factors + ([f"kind:{happening.kind}"] + ([f"thing:{THINGS[happening.thing].name}"] if isinstance(happening.thing, int) else []) if happening else [])


def draw_questions(rng: random.Random, stream: Stream, first: int, last: int) -> list[Question]:
    """None, one or several standing questions, words to stop, and questions about now."""
    questions, draw, count = [], rng.random(), last - first
    if draw > 0.22:
        begin = first if rng.random() < 0.72 else rng.randrange(first, first + max(1, count // 2))
        questions.append(draw_question(rng, stream, first, last, begin, rng.choices(STANDING, [3, 4, 1, 2.2, 2.5])[0]))
        if rng.random() < 0.22:
            later = rng.randrange(begin, max(begin + 1, last - 8))
            questions.append(draw_question(rng, stream, first, last, later, "stop" if rng.random() < 0.35 else rng.choices(STANDING, [1, 3, 1, 2, 2])[0]))
    for _ in range(rng.choices([0, 1, 2, 3], [3, 4, 2, 1])[0]):
        questions.append(draw_question(rng, stream, first, last, rng.randrange(first, max(first + 1, last - 6)), rng.choices(AT_ONCE, [5, 2, 3, 1.5, 1.5])[0]))
    # Answers that would stand on top of each other are not asked for.
    questions.sort(key=lambda question: question.frame)
    gap = round(ANSWER * stream.fps) + 1
    return [question for index, question in enumerate(questions) if question.type not in AT_ONCE or index == 0 or question.frame - questions[index - 1].frame >= gap]


def draw_question(rng: random.Random, stream: Stream, first: int, last: int, frame: int, kind: str) -> Question:
    """A question of that type in one of the languages about something there, or something like it, or anything."""
    language = LANGUAGES[rng.choices(list(LANGUAGES), [4, 2, 2, 2])[0]]
    target = draw_target(rng, stream, first, last, frame, kind) if kind in ("come", "come_side", "go", "thing", "count", "presence", "where") else None
    where = rng.choice(["left", "right"]) if kind == "come_side" else rng.choice(["left", "middle", "right"]) if kind == "place" else ""
    return ask(rng, language.name, kind, frame, target, where)


def ask(rng: random.Random, language: str, kind: str, frame: int, target: Named | None = None, where: str = "") -> Question:
    """The question in one of its wordings."""
    words = LANGUAGES[language]
    templates = words.questions[kind]
    if target == PERSON and kind in words.people and rng.random() < 0.35:
        templates = words.people[kind]
    elif kind == "place" and rng.random() < 0.1:
        templates = words.people["place"]
    values = words.forms(target) if target is not None else {}
    text = rng.choice(templates).format(**values, side=words.side_words(where) if kind == "come_side" else "", place=words.place_words(where) if kind == "place" else "")
    if rng.random() < 0.12:
        text = text.lower() if rng.random() < 0.5 else text.rstrip(".?。？ ").strip()
    return Question(frame, kind, text, language, target, where)


def draw_target(rng: random.Random, stream: Stream, first: int, last: int, frame: int, kind: str) -> Named:
    """Something that answers, something alike that does not, people, or anything."""
    draw = rng.random()
    if draw < 0.55:
        if kind in AT_ONCE:
            near = [thing.name for thing in present_at(stream, frame)]
        else:
            near = [happening.thing for happening in stream.happenings if frame <= happening.due * stream.fps < last]
        if near:
            chosen = rng.choice(near)
            group = THINGS[chosen].group if isinstance(chosen, int) else chosen
            return group if group in SPOKEN_GROUPS and rng.random() < 0.12 else chosen if draw < 0.42 else alike(rng, chosen)
    if draw < 0.72:
        return PERSON
    if draw < 0.76:
        return rng.choice(["animal", "vehicle"]) if kind in AT_ONCE or rng.random() < 0.5 else "thing"
    if draw < 0.9:
        return rng.choice(sorted(LIVELY))
    return rng.randrange(len(THINGS))


def alike(rng: random.Random, name: Named) -> Named:
    """Another thing of the same group."""
    return rng.choice(GROUPS[THINGS[name].group]) if isinstance(name, int) else rng.choice(GROUPS[name])


# Every factor that ability is kept by.
FACTORS = [*(f"kind:{kind}" for kind in KINDS), *(f"question:{kind}" for kind in (*TYPES, "none")), *(f"language:{name}" for name in LANGUAGES),
           *(f"thing:{name}" for name in INDEX), *(f"silence:{kind}" for kind in (*STANDING, "stop", "none"))]
