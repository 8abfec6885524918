"""English."""

from __future__ import annotations

from sight.words.language import Items, Named, capital, listed, total
from sight.world.things import THINGS

NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
GROUP_FORMS = {"animal": ("animal", "animals"), "vehicle": ("vehicle", "vehicles"), "thing": ("thing", "things")}
PLACES = {"left": "on the left", "middle": "in the middle", "right": "on the right"}


class English:
    name, joint = "en", " and "
    questions = {
        "narrate": ["What is happening?", "What happens?", "What's going on?", "Describe what happens.", "Tell me what happens.", "Narrate the video.", "Tell me everything that happens.", "Comment on what you see."],
        "come": ["Tell me when {a} comes in.", "Tell me when {a} comes.", "Tell me when {a} appears.", "Let me know when {a} comes in.", "Let me know when {a} shows up.", "Say when {a} arrives.", "Alert me when you see {a}.",
                 "Warn me when {a} comes.", "Notify me if {a} appears.", "Watch out for {many}.", "Tell me when {many} come in.", "Tell me if you see {a}.", "Tell me when you see {a}.", "Tell me as soon as {a} comes in.", "Please tell me when {a} comes.", "Let me know when there is {a}."],
        "come_side": ["Tell me when {a} comes in from the {side}.", "Let me know when {a} comes from the {side}.", "Say when {a} enters from the {side}."],
        "go": ["Tell me when {a} leaves.", "Tell me when {the} leaves.", "Let me know when {a} goes away.", "Say when {the} is gone.", "Tell me when {many} leave.", "Tell me when {the} disappears."],
        "thing": ["What does {the} do?", "What do {the_many} do?", "What is {the} doing?", "Follow {the}.", "Watch {the}.", "Keep an eye on {the_many}.", "Tell me about {the_many}.", "What happens to {the}?"],
        "count": ["How many {many} are there?", "How many {many} do you see?", "How many {many} are in the picture?", "Count {the_many}.", "How many {many} can you see now?", "How many {many}?"],
        "presence": ["Is there {a}?", "Do you see {a}?", "Can you see {a}?", "Is there {a} in the picture?", "Are there any {many}?"],
        "place": ["What is {place}?", "What do you see {place}?", "What can you see {place}?", "What's {place}?", "What is there {place}?"],
        "where": ["Where is {the}?", "Where do you see {the}?", "Where are {the_many}?"],
        "now": ["What do you see?", "What is there now?", "What can you see right now?", "What is in the picture?", "Describe what you see now."],
        "stop": ["Stop.", "That's enough.", "Never mind.", "Forget it.", "Be quiet.", "Thanks, you can stop now.", "Stop telling me."],
    }
    people = {
        "come": ["Tell me when somebody comes in.", "Tell me when someone comes.", "Let me know when anybody shows up.", "Tell me when somebody appears.", "Warn me when someone comes in."],
        "come_side": ["Tell me when somebody comes in from the {side}."],
        "go": ["Tell me when somebody leaves.", "Let me know when someone goes away."],
        "presence": ["Is anybody there?", "Is somebody there?", "Do you see anyone?"],
        "place": ["Who is {place}?"],
    }

    def forms(self, named: Named) -> dict[str, str]:
        one, many = GROUP_FORMS[named] if isinstance(named, str) else THINGS[named].english
        return {"a": "something" if named == "thing" else self.phrase(named, 1), "many": many, "the": f"the {one}", "the_many": f"the {many}"}

    def phrase(self, named: Named, count: int) -> str:
        one, many = GROUP_FORMS[named] if isinstance(named, str) else THINGS[named].english
        if count == 1:
            return f"{'an' if one[0] in 'aeiou' else 'a'} {one}"
        return f"{NUMBERS[count]} {many}" if count < len(NUMBERS) else f"many {many}"

    def side_words(self, side: str) -> str:
        return side

    def place_words(self, place: str) -> str:
        return PLACES[place]

    def event(self, kind: str, items: Items, side: str, place: str) -> str:
        one = total(items) == 1
        verb = {"enter": "comes in" if one else "come in", "leave": "leaves" if one else "leave", "appear": "appears" if one else "appear",
                "vanish": "is gone" if one else "are gone", "nearer": "comes closer" if one else "come closer"}[kind]
        tail = {"enter": f" from the {side}", "leave": f" to the {side}"}.get(kind, "") if side else f" {PLACES[place]}" if place and kind == "appear" else ""
        return f"{capital(self._list(items))} {verb}{tail}."

    def _list(self, items: Items) -> str:
        return listed([self.phrase(*item) for item in items], self.joint)

    def there(self, items: Items) -> str:
        named, count = items[0]
        first = f"one {self.phrase(named, 1).split(' ', 1)[1]}" if count == 1 and len(items) == 1 else None
        return f"There {'is' if count == 1 else 'are'} {first or self._list(items)}."

    def none(self, named: Named) -> str:
        return "There is nothing." if named == "thing" else f"There are no {self.forms(named)['many']}."

    def at(self, items: Items, place: str) -> str:
        if not items:
            return f"There is nothing {PLACES[place]}."
        return f"{capital(self._list(items))} {'is' if total(items) == 1 else 'are'} {PLACES[place]}."

    def where(self, named: Named, count: int, place: str) -> str:
        forms = self.forms(named)
        return f"{capital(forms['the'])} is {PLACES[place]}." if count == 1 else self.at([(named, count)], place)

    def yes(self, sentence: str) -> str:
        return f"Yes, {sentence[0].lower()}{sentence[1:]}"

    def no(self, sentence: str) -> str:
        return f"No, {sentence[0].lower()}{sentence[1:]}"
