"""The closed lists of the world: things, colours, sizes, groups, places, kinds of events, scenes and sign words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Thing:
    """A kind of thing: its glyph, its group, and its names. French and Spanish nouns carry their gender (m or f)."""

    emoji: str
    group: str
    plural: str
    chinese: str
    french: str
    french_gender: str
    spanish: str
    spanish_gender: str


def _table(group: str, rows: str) -> dict[str, Thing]:
    """One thing a line: name, emoji, plural, Chinese, French, gender, Spanish, gender, separated by |."""
    things = {}
    for row in rows.strip().splitlines():
        name, emoji, plural, chinese, french, french_gender, spanish, spanish_gender = (cell.strip() for cell in row.split("|"))
        things[name] = Thing(emoji, group, plural, chinese, french, french_gender, spanish, spanish_gender)
    return things


THINGS: dict[str, Thing] = {
    **_table("animal", """
        dog | 🐕 | dogs | 狗 | chien | m | perro | m
        cat | 🐈 | cats | 猫 | chat | m | gato | m
        horse | 🐎 | horses | 马 | cheval | m | caballo | m
        elephant | 🐘 | elephants | 大象 | éléphant | m | elefante | m
        duck | 🦆 | ducks | 鸭子 | canard | m | pato | m
        fish | 🐟 | fish | 鱼 | poisson | m | pez | m
        butterfly | 🦋 | butterflies | 蝴蝶 | papillon | m | mariposa | f
        turtle | 🐢 | turtles | 乌龟 | tortue | f | tortuga | f
        penguin | 🐧 | penguins | 企鹅 | pingouin | m | pingüino | m
        rabbit | 🐇 | rabbits | 兔子 | lapin | m | conejo | m
        cow | 🐄 | cows | 奶牛 | vache | f | vaca | f
        pig | 🐖 | pigs | 猪 | cochon | m | cerdo | m
        tiger | 🐅 | tigers | 老虎 | tigre | m | tigre | m
        monkey | 🐒 | monkeys | 猴子 | singe | m | mono | m
        frog | 🐸 | frogs | 青蛙 | grenouille | f | rana | f
        owl | 🦉 | owls | 猫头鹰 | hibou | m | búho | m
        bee | 🐝 | bees | 蜜蜂 | abeille | f | abeja | f
        snail | 🐌 | snails | 蜗牛 | escargot | m | caracol | m
        crab | 🦀 | crabs | 螃蟹 | crabe | m | cangrejo | m
        whale | 🐳 | whales | 鲸鱼 | baleine | f | ballena | f"""),
    **_table("vehicle", """
        car | 🚗 | cars | 汽车 | voiture | f | coche | m
        bus | 🚌 | buses | 公共汽车 | bus | m | autobús | m
        bicycle | 🚲 | bicycles | 自行车 | vélo | m | bicicleta | f
        tractor | 🚜 | tractors | 拖拉机 | tracteur | m | tractor | m
        helicopter | 🚁 | helicopters | 直升机 | hélicoptère | m | helicóptero | m
        rocket | 🚀 | rockets | 火箭 | fusée | f | cohete | m
        sailboat | ⛵ | sailboats | 帆船 | voilier | m | velero | m
        truck | 🚚 | trucks | 卡车 | camion | m | camión | m
        train | 🚂 | trains | 火车 | train | m | tren | m
        plane | ✈️ | planes | 飞机 | avion | m | avión | m
        motorbike | 🏍️ | motorbikes | 摩托车 | moto | f | moto | f"""),
    **_table("food", """
        apple | 🍎 | apples | 苹果 | pomme | f | manzana | f
        banana | 🍌 | bananas | 香蕉 | banane | f | plátano | m
        pizza | 🍕 | pizzas | 披萨 | pizza | f | pizza | f
        carrot | 🥕 | carrots | 胡萝卜 | carotte | f | zanahoria | f
        cake | 🎂 | cakes | 蛋糕 | gâteau | m | pastel | m
        watermelon | 🍉 | watermelons | 西瓜 | pastèque | f | sandía | f
        bread | 🍞 | breads | 面包 | pain | m | pan | m
        egg | 🥚 | eggs | 鸡蛋 | œuf | m | huevo | m
        lemon | 🍋 | lemons | 柠檬 | citron | m | limón | m
        strawberry | 🍓 | strawberries | 草莓 | fraise | f | fresa | f
        burger | 🍔 | burgers | 汉堡 | burger | m | hamburguesa | f
        cheese | 🧀 | cheeses | 奶酪 | fromage | m | queso | m
        mushroom | 🍄 | mushrooms | 蘑菇 | champignon | m | champiñón | m
        corn | 🌽 | corns | 玉米 | maïs | m | maíz | m"""),
    **_table("tool", """
        hammer | 🔨 | hammers | 锤子 | marteau | m | martillo | m
        key | 🔑 | keys | 钥匙 | clé | f | llave | f
        umbrella | ☂️ | umbrellas | 雨伞 | parapluie | m | paraguas | m
        guitar | 🎸 | guitars | 吉他 | guitare | f | guitarra | f
        scissors | ✂️ | scissors | 剪刀 | ciseaux | p | tijeras | p
        drum | 🥁 | drums | 鼓 | tambour | m | tambor | m
        trumpet | 🎺 | trumpets | 小号 | trompette | f | trompeta | f
        lamp | 💡 | lamps | 灯 | lampe | f | lámpara | f
        book | 📕 | books | 书 | livre | m | libro | m
        camera | 📷 | cameras | 相机 | caméra | f | cámara | f"""),
    **_table("", """
        balloon | 🎈 | balloons | 气球 | ballon | m | globo | m
        ball | ⚽ | balls | 球 | balle | f | pelota | f
        clock | ⏰ | clocks | 时钟 | horloge | f | reloj | m
        flower | 🌻 | flowers | 花 | fleur | f | flor | f
        star | ⭐ | stars | 星星 | étoile | f | estrella | f
        hat | 🎩 | hats | 帽子 | chapeau | m | sombrero | m
        crown | 👑 | crowns | 王冠 | couronne | f | corona | f
        bell | 🔔 | bells | 铃铛 | cloche | f | campana | f
        gift | 🎁 | gifts | 礼物 | cadeau | m | regalo | m"""),
}
THING_NAMES: list[str] = list(THINGS)
PLURAL_THINGS: frozenset[str] = frozenset({"scissors"})

GROUPS: dict[str, list[str]] = {
    group: [name for name, thing in THINGS.items() if thing.group == group] for group in ("animal", "vehicle", "food", "tool")}

# "" is the thing's own colour, which sentences do not name.
COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (235, 40, 40), "yellow": (250, 215, 40), "green": (50, 190, 70), "blue": (50, 95, 240), "purple": (165, 60, 205), "black": (52, 52, 58),
}
COLOUR_NAMES: list[str] = list(COLOURS)

BIG, NORMAL, SMALL = 1.45, 1.0, 0.68
SIZES: dict[float, str] = {SMALL: "small", NORMAL: "", BIG: "big"}

PLACES: list[str] = ["left", "middle", "right"]
SIDES: list[str] = ["left", "right"]
PLACE_PHRASE: dict[str, str] = {"left": "on the left", "middle": "in the middle", "right": "on the right"}
MOVE_PHRASE: dict[str, str] = {"left": "to the left", "middle": "to the middle", "right": "to the right"}

KINDS: list[str] = [
    "appear", "enter", "leave", "vanish", "move", "grow", "shrink", "jump", "spin", "recolour", "cross", "meet", "pass", "hide",
    "scene", "sign", "number", "score",
]
# Kinds in which a thing does something to or with another one that stands in the picture.
PAIR_KINDS: frozenset[str] = frozenset({"meet", "pass", "hide"})
# Kinds that leave the picture as it was; the same one may follow again.
GESTURES: frozenset[str] = frozenset({"jump", "spin"})
WRITTEN_KINDS: frozenset[str] = frozenset({"sign", "number", "score"})

SCENES: dict[str, str] = {
    "street": "a street", "beach": "a beach", "forest": "a forest", "kitchen": "a kitchen",
    "night": "a night sky", "desert": "a desert", "snow": "a snowy hill", "stage": "a stage",
    "farm": "a farm", "pitch": "a football pitch", "desk": "a desk", "shop": "a shop",
}
SCENE_NAMES: list[str] = list(SCENES)

# At most five letters, so that a shop sign of a third of the picture can still be read.
WORDS: list[str] = [
    "OPEN", "STOP", "EXIT", "SALE", "TAXI", "HELLO", "CAFE", "HOTEL", "MUSIC", "START", "QUIET", "BANK",
    "PARK", "SHOP", "BOOKS", "ZOO", "FREE", "CITY", "FILM", "GOAL", "MILK", "WAIT", "NORTH", "RADIO",
]
NUMBERS: list[str] = [str(number) for number in range(1, 100)]


def group_of(thing: str) -> str | None:
    """The group a thing belongs to, or None."""
    return (THINGS[thing].group or None) if thing in THINGS else None
