"""Spanish phrasings."""

from __future__ import annotations

from ..vocabulary import THINGS
from .language import Language

# Masculine, feminine, plural feminine (the only plural noun, "tijeras", is feminine).
COLOURS = {
    "red": ("rojo", "roja", "rojas"), "yellow": ("amarillo", "amarilla", "amarillas"), "green": ("verde", "verde", "verdes"),
    "blue": ("azul", "azul", "azules"), "purple": ("morado", "morada", "moradas"), "black": ("negro", "negra", "negras")}
_FORM = {"m": 0, "f": 1, "p": 2}


def _noun(thing: str, colour: str) -> str:
    return THINGS[thing].spanish + (" " + COLOURS[colour][_FORM[THINGS[thing].spanish_gender]] if colour else "")


def _definite(thing: str, colour: str) -> str:
    return ("el ", "la ", "las ")[_FORM[THINGS[thing].spanish_gender]] + _noun(thing, colour)


def _indefinite(thing: str, colour: str) -> str:
    return ("un ", "una ", "unas ")[_FORM[THINGS[thing].spanish_gender]] + _noun(thing, colour)


SPANISH = Language(
    phrases={
        "all": ["¿Qué está pasando?", "Describe lo que ves.", "Narra el vídeo.", "Dime qué pasa.", "Describe cada suceso.", "Comenta el vídeo."],
        "thing": ["¿Qué hace {the}?", "¿Qué pasa con {the}?", "Vigila {the}.", "Háblame solo de esto: {the}.", "Dime cuándo ves {a}.",
                  "¿Adónde va {the}?"],
        "group": ["¿Qué hacen {the}?", "¿Qué pasa con {the}?", "Vigila {the}."],
        "colour": ["¿Qué hacen {colour}?", "¿Qué pasa con {colour}?", "Vigila {colour}."],
        "kind": ["Dime cuándo {clause}.", "Si {clause}, dímelo."],
        "kind:appear": ["¿Qué aparece?", "¿Quién llega?", "¿Qué entra en la imagen?"],
        "kind:leave": ["¿Qué desaparece?", "¿Quién se va?", "¿Qué sale de la imagen?"],
        "kind:move": ["¿Qué se mueve?", "¿Qué cambia de lugar?"],
        "kind:size": ["¿Qué crece o encoge?", "¿Qué cambia de tamaño?"],
        "kind:jump": ["¿Qué salta?", "¿Quién salta?"],
        "kind:spin": ["¿Qué gira?", "¿Quién da vueltas?"],
        "kind:recolour": ["¿Qué cambia de color?", "¿Quién toma otro color?"],
        "kind:cross": ["¿Qué cruza la imagen?", "¿Quién cruza?"],
        "kind:pair": ["¿Quién se encuentra con quién?", "¿Qué se cruza con qué?"],
        "kind:sign": ["¿Qué dice el cartel?", "Lee los carteles.", "¿Qué está escrito?", "Lee el texto."],
        "kind:score": ["¿Cuál es el marcador?", "Lee el marcador.", "¿Cómo cambia el marcador?"],
        "kind:scene": ["¿Dónde estamos?", "¿Cómo cambia la escena?", "Dime cuándo cambia la escena."],
        "kindgroup": ["¿{kind}?", "Dime {kind}."],
        "place": ["¿Qué pasa {place}?", "¿Qué ves {place}?", "Vigila lo que pasa {place}."],
        "howmany": ["¿{counted} hay?", "Cuenta esto: ¿{counted} hay?"],
        "tally": ["Cuenta cuántas veces {clause}.", "¿Cuántas veces {clause}?"],
        "after": ["Cada vez que {clause}, ¿qué pasa después?", "Cuando {clause}, ¿qué viene luego?"],
        "query": ["¿Cuándo pasa esto: {query}?", "Busca este momento: {query}."],
        "now": ["¿Qué ves ahora?", "¿Qué hay en la imagen en este momento?", "Describe la imagen ahora."],
        "nowplace": ["¿Qué hay {place} ahora?", "¿Qué ves {place} en este momento?"],
        "nowcount": ["¿{counted} hay ahora?", "¿{counted} ves en este momento?"],
        "nowwhere": ["¿Dónde está {the} ahora?", "¿Dónde se ve {the} en este momento?"],
        "nowcolour": ["¿De qué color es {the}?", "¿Qué color tiene ahora {the}?"],
    },
    clauses={
        "appear": "algo aparece", "leave": "algo se va", "move": "algo se mueve", "size": "algo cambia de tamaño", "jump": "algo salta",
        "spin": "algo gira", "recolour": "algo cambia de color", "cross": "algo cruza la imagen", "pair": "dos cosas se encuentran",
        "sign": "un cartel aparece", "score": "el marcador cambia", "scene": "la escena cambia"},
    does={
        "appear": "de {the}, qué aparece", "leave": "de {the}, qué se va", "move": "de {the}, qué se mueve",
        "size": "de {the}, qué cambia de tamaño", "jump": "de {the}, qué salta", "spin": "de {the}, qué gira",
        "recolour": "de {the}, qué cambia de color", "cross": "de {the}, qué cruza la imagen"},
    places={"left": "a la izquierda", "middle": "en el medio", "right": "a la derecha"},
    groups={"animal": "los animales", "vehicle": "los vehículos", "food": "los alimentos", "tool": "las herramientas"},
    counted={"animal": "Cuántos animales", "vehicle": "Cuántos vehículos", "food": "Cuántos alimentos", "tool": "Cuántas herramientas",
             "thing": "Cuántas cosas"},
    coloured={name: f"las cosas {forms[2]}" for name, forms in COLOURS.items()},
    definite=_definite,
    indefinite=_indefinite,
    instead=["Mejor esto: {0}", "Olvida eso. {0}", "Ahora solo esto: {0}"],
    stop=["Para.", "Ya basta.", "Silencio, por favor."],
)
