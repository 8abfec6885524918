"""Spanish."""

from __future__ import annotations

from sight.words.language import Items, Named, capital
from sight.words.romance import Romance
from sight.world.things import PERSON, THINGS

GROUP_FORMS = {"animal": ("animal", "animales", "m"), "vehicle": ("vehículo", "vehículos", "m"), "thing": ("cosa", "cosas", "f")}


class Spanish(Romance):
    name, joint = "es", " y "
    numbers = "muchos uno dos tres cuatro cinco seis siete ocho nueve diez once doce".split()
    places = {"left": "a la izquierda", "middle": "en el centro", "right": "a la derecha"}
    sides = {"left": "la izquierda", "right": "la derecha"}
    through = "por"
    verbs = {"enter": ("entra", "entran"), "leave": ("sale", "salen"), "appear": ("aparece", "aparecen"), "vanish": ("ha desaparecido", "han desaparecido"), "nearer": ("se acerca", "se acercan")}
    questions = {
        "narrate": ["¿Qué pasa?", "¿Qué está pasando?", "¿Qué ocurre?", "Describe lo que pasa.", "Cuéntame lo que pasa.", "Dime todo lo que pasa.", "Comenta el vídeo."],
        "come": ["Dime cuándo llega {a}.", "Dime cuando entre {a}.", "Avísame cuando aparezca {a}.", "Avísame si ves {a}.", "Avísame cuando venga {a}.", "Dime cuando llegue {a}.", "Dime cuando veas {a}.", "Avísame en cuanto llegue {a}.", "Por favor, avísame cuando aparezca {a}."],
        "come_side": ["Dime cuando entre {a} por {side}.", "Avísame cuando llegue {a} por {side}."],
        "go": ["Dime cuando se vaya {a}.", "Avísame cuando se vaya {the}.", "Dime cuando salga {a}.", "Dime cuando desaparezca {the}."],
        "thing": ["¿Qué hace {the}?", "¿Qué hacen {the_many}?", "Fíjate en {the_many}.", "Vigila {the}.", "Háblame de {the_many}.", "¿Qué está haciendo {the}?"],
        "count": ["¿Cuánt{ending} {many} hay?", "¿Cuánt{ending} {many} ves?", "Cuenta {the_many}.", "¿Cuánt{ending} {many} ves ahora?"],
        "presence": ["¿Hay {a}?", "¿Ves {a}?", "¿Hay {a} en la imagen?"],
        "place": ["¿Qué hay {place}?", "¿Qué ves {place}?"],
        "where": ["¿Dónde está {the}?", "¿Dónde están {the_many}?", "¿Dónde ves {the}?"],
        "now": ["¿Qué ves?", "¿Qué hay ahora?", "¿Qué se ve en la imagen?", "¿Qué ves ahora?"],
        "stop": ["Para.", "Basta.", "Déjalo.", "Ya está bien.", "Olvídalo.", "Silencio."],
    }
    people = {"come": ["Dime cuando entre alguien.", "Avísame cuando llegue alguien.", "Avísame si aparece alguien."], "come_side": ["Dime cuando entre alguien por {side}."],
              "go": ["Dime cuando se vaya alguien."], "presence": ["¿Hay alguien?", "¿Ves a alguien?"], "place": ["¿Quién está {place}?"]}

    def noun(self, named: Named) -> tuple[str, str, str]:
        return GROUP_FORMS[named] if isinstance(named, str) else THINGS[named].spanish

    def one(self, named: Named) -> str:
        one, _, gender = self.noun(named)
        return f"{'una' if gender == 'f' else 'un'} {one}"

    def forms(self, named: Named) -> dict[str, str]:
        one, many, gender = self.noun(named)
        return {"a": "algo" if named == "thing" else self.one(named), "many": many, "the": f"{'la' if gender == 'f' else 'el'} {one}", "the_many": f"{'las' if gender == 'f' else 'los'} {many}",
                "ending": "as" if gender == "f" else "os"}

    def there(self, items: Items) -> str:
        return f"Hay {self._list(items)}."

    def none(self, named: Named) -> str:
        return "No hay nadie." if named == PERSON else "No hay nada." if named == "thing" else f"No hay {self.noun(named)[1]}."

    def at(self, items: Items, place: str) -> str:
        where = capital(self.places[place])
        return f"{where} hay {self._list(items)}." if items else f"{where} no hay nada."

    def where(self, named: Named, count: int, place: str) -> str:
        return f"{capital(self.forms(named)['the'])} está {self.places[place]}." if count == 1 else self.at([(named, count)], place)

    def yes(self, sentence: str) -> str:
        return f"Sí, {sentence[0].lower()}{sentence[1:]}"

    def no(self, sentence: str) -> str:
        return f"No, {sentence[0].lower()}{sentence[1:]}"
