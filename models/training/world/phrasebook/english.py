"""English phrasings."""

from __future__ import annotations

from ..nouns import definite, indefinite
from ..vocabulary import COLOUR_NAMES
from .language import Language

ENGLISH = Language(
    phrases={
        "all": [
            "What is happening?", "Describe what you see.", "Tell me what happens.", "What's going on?", "Narrate the video.",
            "Please describe the video as it plays.", "Tell me about everything that happens.", "Give me a running commentary.",
            "What happens in the video?", "Watch the video and describe every event.", "Caption this video.", "Keep me posted."],
        "thing": [
            "What does {the} do?", "What happens to {the}?", "Tell me when something happens to {the}.", "Watch {the}.",
            "What is {the} doing?", "Follow {the}.", "Keep an eye on {the}.", "Tell me about {the}.", "Where does {the} go?",
            "Tell me when you see {a}.", "Let me know when {a} shows up."],
        "group": [
            "What do {the} do?", "Tell me about {the}.", "What happens to {the}?", "Watch {the}.", "Report on {the}.",
            "Tell me when something happens to {the}.", "What about {the}?"],
        "colour": ["What do {colour} do?", "Tell me about {colour}.", "What happens to {colour}?", "Watch {colour}."],
        "kind": ["Tell me when {clause}.", "Let me know when {clause}.", "Say it when {clause}.", "Watch out: tell me if {clause}."],
        "kind:appear": ["What appears?", "What shows up?", "Who or what arrives?", "Tell me when something new comes.",
                        "What comes into the picture?", "Which things appear?", "What comes in?", "Let me know when something comes in."],
        "kind:leave": ["What leaves?", "What disappears?", "What goes away?", "Tell me when something disappears.",
                       "Which things go away?", "What goes out of the picture?", "Let me know when something is gone."],
        "kind:move": ["What moves?", "Which things move?", "What changes its place?", "Where do things move?"],
        "kind:size": ["What changes its size?", "What gets bigger or smaller?", "What grows or shrinks?", "Which things change their size?"],
        "kind:jump": ["What jumps?", "Who jumps?", "Which things jump?"],
        "kind:spin": ["What spins?", "What turns around?", "Which things spin?"],
        "kind:recolour": ["What changes its colour?", "Which things get another colour?", "What turns into another colour?"],
        "kind:cross": ["What crosses the picture?", "What goes through the picture?", "Which things pass through?"],
        "kind:pair": ["Which things meet or pass each other?", "Who meets whom?", "What do two things do together?"],
        "kind:sign": ["What does the sign say?", "What do the signs say?", "Read the signs.", "Read the text.", "Which words do you see?",
                      "What is written there?", "Can you read the sign?", "What does it say?"],
        "kind:score": ["What is the score?", "Read the scoreboard.", "How does the score change?", "Tell me the score."],
        "kind:scene": ["Where are we?", "How does the scene change?", "Where does it take place?", "Which places do we see?",
                       "Tell me when the background changes.", "What is the new scene?"],
        "kindgroup": ["{kind}?", "Tell me: {kind}?", "I want to know {kind}."],
        "place": ["What happens {place}?", "What do you see {place}?", "Tell me when something happens {place}.",
                  "Watch what happens {place}.", "Describe what happens {place}."],
        "howmany": ["How many {counted} are there?", "Count the {counted}.", "Keep count of the {counted}.", "How many {counted} can you see?"],
        "tally": ["Count how often {clause}.", "How many times has it happened that {clause}?", "Each time {clause}, count it.",
                  "How often does it happen that {clause}?"],
        "after": ["What happens right after {clause}?", "Each time {clause}, what comes next?", "After {clause}, what happens then?"],
        "query": ["When does this happen: {query}?", "Find the moment: {query}.", "Tell me when this happens: {query}.", "Look for this: {query}."],
        "now": ["What do you see now?", "What can you see right now?", "What is in the picture now?", "What do you see at the moment?",
                "Describe the picture now.", "What is there right now?"],
        "nowplace": ["What is {place} now?", "What is {place} right now?", "Who is {place} at the moment?", "What do you see {place} now?"],
        "nowcount": ["How many {counted} are there now?", "How many {counted} do you see right now?"],
        "nowwhere": ["Where is {the} now?", "Where is {the} at the moment?", "Where can I see {the} right now?"],
        "nowcolour": ["What colour is {the}?", "Which colour is {the} now?"],
    },
    clauses={
        "appear": "something appears", "leave": "something leaves", "move": "something moves", "size": "something grows or shrinks",
        "jump": "something jumps", "spin": "something spins", "recolour": "something changes its colour",
        "cross": "something crosses the picture", "pair": "two things meet", "sign": "a sign shows up", "score": "the score changes",
        "scene": "the scene changes"},
    does={
        "appear": "which {the} appear", "leave": "which {the} leave", "move": "which {the} move", "size": "which {the} change their size",
        "jump": "which {the} jump", "spin": "which {the} spin", "recolour": "which {the} change their colour",
        "cross": "which {the} cross the picture"},
    places={"left": "on the left", "middle": "in the middle", "right": "on the right"},
    groups={"animal": "the animals", "vehicle": "the vehicles", "food": "the food", "tool": "the tools"},
    counted={"animal": "animals", "vehicle": "vehicles", "food": "foods", "tool": "tools", "thing": "things"},
    coloured={colour: f"the {colour} things" for colour in COLOUR_NAMES},
    definite=lambda thing, colour: definite(thing, colour),
    indefinite=lambda thing, colour: indefinite(thing, colour),
    instead=["Instead: {0}", "Forget that. {0}", "Never mind. {0}", "Now only this: {0}"],
    stop=["Stop.", "That is enough.", "Be quiet now.", "Please stop."],
)
