"""French phrasings."""

from __future__ import annotations

from ..vocabulary import THINGS
from .language import Language

# Masculine, feminine, plural masculine, plural feminine.
COLOURS = {
    "red": ("rouge", "rouge", "rouges", "rouges"), "yellow": ("jaune", "jaune", "jaunes", "jaunes"),
    "green": ("vert", "verte", "verts", "vertes"), "blue": ("bleu", "bleue", "bleus", "bleues"),
    "purple": ("violet", "violette", "violets", "violettes"), "black": ("noir", "noire", "noirs", "noires")}


def _adjective(thing: str, colour: str) -> str:
    return " " + COLOURS[colour][{"m": 0, "f": 1, "p": 2}[THINGS[thing].french_gender]] if colour else ""


def _definite(thing: str, colour: str) -> str:
    noun = THINGS[thing].french + _adjective(thing, colour)
    if THINGS[thing].french_gender == "p":
        return "les " + noun
    # "hibou" has an aspirate h, the other words in h do not.
    if noun[0] in "aeiouéœ" or (noun[0] == "h" and not noun.startswith("hibou")):
        return "l'" + noun
    return {"m": "le ", "f": "la "}[THINGS[thing].french_gender] + noun


def _indefinite(thing: str, colour: str) -> str:
    return {"m": "un ", "f": "une ", "p": "des "}[THINGS[thing].french_gender] + THINGS[thing].french + _adjective(thing, colour)


FRENCH = Language(
    phrases={
        "all": ["Que se passe-t-il ?", "Décris ce que tu vois.", "Raconte la vidéo.", "Dis-moi ce qui se passe.",
                "Décris chaque événement.", "Commente la vidéo."],
        "thing": ["Que fait {the} ?", "Qu'arrive-t-il avec {the} ?", "Surveille {the}.", "Parle-moi seulement de cela : {the}.",
                  "Dis-moi quand tu vois {a}.", "Où va {the} ?"],
        "group": ["Que font {the} ?", "Surveille {the}.", "Qu'arrive-t-il avec {the} ?"],
        "colour": ["Que font {colour} ?", "Surveille {colour}.", "Qu'arrive-t-il avec {colour} ?"],
        "kind": ["Dis-moi quand {clause}.", "Préviens-moi quand {clause}."],
        "kind:appear": ["Qu'est-ce qui apparaît ?", "Qui arrive ?", "Qu'est-ce qui entre ?"],
        "kind:leave": ["Qu'est-ce qui disparaît ?", "Qui part ?", "Qu'est-ce qui s'en va ?"],
        "kind:move": ["Qu'est-ce qui bouge ?", "Qu'est-ce qui change de place ?"],
        "kind:size": ["Qu'est-ce qui grandit ou rétrécit ?", "Qu'est-ce qui change de taille ?"],
        "kind:jump": ["Qu'est-ce qui saute ?", "Qui saute ?"],
        "kind:spin": ["Qu'est-ce qui tourne ?", "Qui tourne sur soi-même ?"],
        "kind:recolour": ["Qu'est-ce qui change de couleur ?", "Qui prend une autre couleur ?"],
        "kind:cross": ["Qu'est-ce qui traverse l'image ?", "Qui traverse ?"],
        "kind:pair": ["Qui rencontre qui ?", "Qu'est-ce qui se croise ?"],
        "kind:sign": ["Que dit le panneau ?", "Lis les panneaux.", "Qu'est-ce qui est écrit ?", "Lis le texte."],
        "kind:score": ["Quel est le score ?", "Lis le tableau des scores.", "Comment change le score ?"],
        "kind:scene": ["Où sommes-nous ?", "Comment change le décor ?", "Dis-moi quand la scène change."],
        "kindgroup": ["{kind} ?", "Dis-moi {kind}."],
        "place": ["Que se passe-t-il {place} ?", "Que vois-tu {place} ?", "Surveille ce qui se passe {place}."],
        "howmany": ["Combien y a-t-il {counted} ?", "Compte le nombre {counted}."],
        "tally": ["Compte combien de fois {clause}.", "Combien de fois est-ce que {clause} ?"],
        "after": ["Chaque fois que {clause}, que se passe-t-il ensuite ?", "Après, quand {clause}, que se passe-t-il ?"],
        "query": ["Quand est-ce que cela arrive : {query} ?", "Trouve le moment : {query}."],
        "now": ["Que vois-tu maintenant ?", "Qu'y a-t-il dans l'image en ce moment ?", "Décris l'image maintenant."],
        "nowplace": ["Qu'y a-t-il {place} maintenant ?", "Que vois-tu {place} en ce moment ?"],
        "nowcount": ["Combien y a-t-il {counted} maintenant ?", "Combien vois-tu {counted} en ce moment ?"],
        "nowwhere": ["Où est {the} maintenant ?", "Où se trouve {the} en ce moment ?"],
        "nowcolour": ["De quelle couleur est {the} ?", "Quelle est maintenant la couleur de ceci : {the} ?"],
    },
    clauses={
        "appear": "quelque chose apparaît", "leave": "quelque chose s'en va", "move": "quelque chose bouge",
        "size": "quelque chose change de taille", "jump": "quelque chose saute", "spin": "quelque chose tourne",
        "recolour": "quelque chose change de couleur", "cross": "quelque chose traverse l'image", "pair": "deux choses se rencontrent",
        "sign": "un panneau apparaît", "score": "le score change", "scene": "la scène change"},
    does={
        "appear": "parmi {the}, qui apparaît", "leave": "parmi {the}, qui s'en va", "move": "parmi {the}, qui bouge",
        "size": "parmi {the}, qui change de taille", "jump": "parmi {the}, qui saute", "spin": "parmi {the}, qui tourne",
        "recolour": "parmi {the}, qui change de couleur", "cross": "parmi {the}, qui traverse l'image"},
    places={"left": "à gauche", "middle": "au milieu", "right": "à droite"},
    groups={"animal": "les animaux", "vehicle": "les véhicules", "food": "les aliments", "tool": "les outils"},
    counted={"animal": "d'animaux", "vehicle": "de véhicules", "food": "d'aliments", "tool": "d'outils", "thing": "de choses"},
    coloured={name: f"les choses {forms[3]}" for name, forms in COLOURS.items()},
    definite=_definite,
    indefinite=_indefinite,
    instead=["Plutôt ceci : {0}", "Oublie ça. {0}", "Maintenant, seulement ceci : {0}"],
    stop=["Arrête.", "Ça suffit.", "Silence, s'il te plaît."],
)
