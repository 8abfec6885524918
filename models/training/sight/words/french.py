"""French."""

from __future__ import annotations

from sight.words.language import Items, Named, capital, total
from sight.words.romance import Romance
from sight.world.things import PERSON, THINGS

GROUP_FORMS = {"animal": ("animal", "animaux", "m"), "vehicle": ("véhicule", "véhicules", "m"), "thing": ("chose", "choses", "f")}


class French(Romance):
    name, joint = "fr", " et "
    numbers = ["beaucoup de", *"un deux trois quatre cinq six sept huit neuf dix onze douze".split()]
    places = {"left": "à gauche", "middle": "au milieu", "right": "à droite"}
    sides = {"left": "la gauche", "right": "la droite"}
    through = "par"
    verbs = {"enter": ("entre", "entrent"), "leave": ("sort", "sortent"), "appear": ("apparaît", "apparaissent"), "vanish": ("a disparu", "ont disparu"), "nearer": ("se rapproche", "se rapprochent")}
    questions = {
        "narrate": ["Que se passe-t-il ?", "Qu'est-ce qui se passe ?", "Décris ce qui se passe.", "Raconte ce qui se passe.", "Dis-moi tout ce qui se passe.", "Commente la vidéo."],
        "come": ["Dis-moi quand {a} arrive.", "Dis-moi quand {a} entre.", "Préviens-moi quand {a} apparaît.", "Préviens-moi si tu vois {a}.", "Avertis-moi quand {a} arrive.", "Dites-moi quand {a} entre.", "Signale-moi {a}.", "Dis-moi dès que {a} arrive.", "Préviens-moi quand tu vois {a}.", "Dis-moi quand tu vois {a}, s'il te plaît."],
        "come_side": ["Dis-moi quand {a} entre par {side}.", "Préviens-moi quand {a} arrive par {side}."],
        "go": ["Dis-moi quand {a} part.", "Dis-moi quand {the} s'en va.", "Préviens-moi quand {a} sort.", "Dis-moi quand {the} disparaît."],
        "thing": ["Que fait {the} ?", "Que font {the_many} ?", "Suis {the}.", "Surveille {the}.", "Parle-moi de ce que fait {the}.", "Qu'est-ce que fait {the} ?"],
        "count": ["Combien y a-t-il {of_many} ?", "Combien {of_many} vois-tu ?", "Combien {of_many} y a-t-il ?", "Compte {the_many}.", "Il y a combien {of_many} ?"],
        "presence": ["Est-ce qu'il y a {a} ?", "Y a-t-il {a} ?", "Vois-tu {a} ?", "Tu vois {a} ?"],
        "place": ["Qu'y a-t-il {place} ?", "Qu'est-ce qu'il y a {place} ?", "Que vois-tu {place} ?"],
        "where": ["Où est {the} ?", "Où se trouve {the} ?", "Où sont {the_many} ?"],
        "now": ["Que vois-tu ?", "Qu'est-ce que tu vois ?", "Qu'y a-t-il maintenant ?", "Que voit-on sur l'image ?"],
        "stop": ["Arrête.", "Ça suffit.", "Laisse tomber.", "Stop.", "C'est bon, arrête.", "Oublie."],
    }
    people = {"come": ["Dis-moi quand quelqu'un arrive.", "Préviens-moi quand quelqu'un entre.", "Dis-moi si quelqu'un apparaît."], "come_side": ["Dis-moi quand quelqu'un entre par {side}."],
              "go": ["Dis-moi quand quelqu'un part."], "presence": ["Y a-t-il quelqu'un ?", "Est-ce qu'il y a quelqu'un ?"], "place": ["Qui est {place} ?"]}

    def noun(self, named: Named) -> tuple[str, str, str]:
        return GROUP_FORMS[named] if isinstance(named, str) else THINGS[named].french

    def one(self, named: Named) -> str:
        one, _, gender = self.noun(named)
        return f"{'une' if gender == 'f' else 'un'} {one}"

    def forms(self, named: Named) -> dict[str, str]:
        one, many, gender = self.noun(named)
        the = f"l'{one}" if elides(one) else f"{'la' if gender == 'f' else 'le'} {one}"
        return {"a": "quelque chose" if named == "thing" else self.one(named), "many": many, "the": the, "the_many": f"les {many}",
                "of_many": f"d'{many}" if elides(many) else f"de {many}"}

    def there(self, items: Items) -> str:
        return f"Il y a {self._list(items)}."

    def none(self, named: Named) -> str:
        if named in (PERSON, "thing"):
            return "Il n'y a personne." if named == PERSON else "Il n'y a rien."
        one = self.noun(named)[0]
        return f"Il n'y a pas d'{one}." if elides(one) else f"Il n'y a pas de {one}."

    def at(self, items: Items, place: str) -> str:
        where = capital(self.places[place])
        return f"{where}, il y a {self._list(items)}." if items else f"{where}, il n'y a rien."

    def where(self, named: Named, count: int, place: str) -> str:
        return f"{capital(self.forms(named)['the'])} est {self.places[place]}." if count == 1 else self.at([(named, count)], place)

    def yes(self, sentence: str) -> str:
        return f"Oui, {sentence[0].lower()}{sentence[1:]}"

    def no(self, sentence: str) -> str:
        return f"Non, {sentence[0].lower()}{sentence[1:]}"


def elides(noun: str) -> bool:
    """Whether the article loses its vowel before it."""
    return noun[0] in "aeiouéèê" or noun.startswith("horloge")
