"""The 80 things of COCO in the detector's order: what they are called, how they look, where they are met."""

from __future__ import annotations

from dataclasses import dataclass

# English plural; Chinese measure word and noun; French and Spanish singular, plural, gender; group; width to height; usual height of a
# thing that one would speak of, as a share of the picture; natural weight.
TABLE = """
person|people|个人|personne/personnes/f|persona/personas/f|person|0.4|0.4|30
bicycle|bicycles|辆自行车|vélo/vélos/m|bicicleta/bicicletas/f|vehicle|1.3|0.25|3
car|cars|辆汽车|voiture/voitures/f|coche/coches/m|vehicle|1.7|0.2|10
motorcycle|motorcycles|辆摩托车|moto/motos/f|moto/motos/f|vehicle|1.3|0.25|3
airplane|airplanes|架飞机|avion/avions/m|avión/aviones/m|vehicle|2.5|0.15|2
bus|buses|辆公交车|bus/bus/m|autobús/autobuses/m|vehicle|1.5|0.4|3
train|trains|列火车|train/trains/m|tren/trenes/m|vehicle|2|0.4|1
truck|trucks|辆卡车|camion/camions/m|camión/camiones/m|vehicle|1.5|0.35|4
boat|boats|艘船|bateau/bateaux/m|barco/barcos/m|vehicle|1.8|0.2|2
traffic light|traffic lights|个红绿灯|feu/feux/m|semáforo/semáforos/m|street|0.4|0.12|1
fire hydrant|fire hydrants|个消防栓|bouche d'incendie/bouches d'incendie/f|boca de incendios/bocas de incendios/f|street|0.6|0.2|1
stop sign|stop signs|个停车标志|panneau stop/panneaux stop/m|señal de stop/señales de stop/f|street|1|0.2|1
parking meter|parking meters|个停车计时器|parcmètre/parcmètres/m|parquímetro/parquímetros/m|street|0.5|0.25|1
bench|benches|张长椅|banc/bancs/m|banco/bancos/m|furniture|1.8|0.2|2
bird|birds|只鸟|oiseau/oiseaux/m|pájaro/pájaros/m|animal|1.2|0.25|4
cat|cats|只猫|chat/chats/m|gato/gatos/m|animal|1.2|0.35|5
dog|dogs|只狗|chien/chiens/m|perro/perros/m|animal|1.2|0.3|6
horse|horses|匹马|cheval/chevaux/m|caballo/caballos/m|animal|1.2|0.4|2
sheep|sheep|只羊|mouton/moutons/m|oveja/ovejas/f|animal|1.3|0.25|2
cow|cows|头牛|vache/vaches/f|vaca/vacas/f|animal|1.4|0.3|2
elephant|elephants|头大象|éléphant/éléphants/m|elefante/elefantes/m|animal|1.3|0.45|2
bear|bears|头熊|ours/ours/m|oso/osos/m|animal|1.2|0.4|2
zebra|zebras|匹斑马|zèbre/zèbres/m|cebra/cebras/f|animal|1.2|0.35|2
giraffe|giraffes|只长颈鹿|girafe/girafes/f|jirafa/jirafas/f|animal|0.7|0.6|2
backpack|backpacks|个背包|sac à dos/sacs à dos/m|mochila/mochilas/f|carried|0.8|0.2|2
umbrella|umbrellas|把伞|parapluie/parapluies/m|paraguas/paraguas/m|carried|1.5|0.25|2
handbag|handbags|个手提包|sac à main/sacs à main/m|bolso/bolsos/m|carried|1|0.15|2
tie|ties|条领带|cravate/cravates/f|corbata/corbatas/f|carried|0.4|0.2|1
suitcase|suitcases|个手提箱|valise/valises/f|maleta/maletas/f|carried|0.8|0.25|2
frisbee|frisbees|个飞盘|frisbee/frisbees/m|disco volador/discos voladores/m|sport|1.5|0.08|1
skis|skis|副滑雪板|paire de skis/paires de skis/f|par de esquís/pares de esquís/m|sport|2|0.1|1
snowboard|snowboards|块单板|snowboard/snowboards/m|tabla de snowboard/tablas de snowboard/f|sport|2|0.12|1
sports ball|balls|个球|ballon/ballons/m|pelota/pelotas/f|sport|1|0.1|3
kite|kites|只风筝|cerf-volant/cerfs-volants/m|cometa/cometas/f|sport|1.2|0.15|1
baseball bat|baseball bats|根棒球棒|batte de baseball/battes de baseball/f|bate de béisbol/bates de béisbol/m|sport|1.5|0.15|1
baseball glove|baseball gloves|只棒球手套|gant de baseball/gants de baseball/m|guante de béisbol/guantes de béisbol/m|sport|1|0.1|1
skateboard|skateboards|块滑板|skateboard/skateboards/m|monopatín/monopatines/m|sport|2|0.1|1
surfboard|surfboards|块冲浪板|planche de surf/planches de surf/f|tabla de surf/tablas de surf/f|sport|2|0.15|1
tennis racket|tennis rackets|把网球拍|raquette de tennis/raquettes de tennis/f|raqueta de tenis/raquetas de tenis/f|sport|1|0.15|1
bottle|bottles|个瓶子|bouteille/bouteilles/f|botella/botellas/f|kitchen|0.35|0.3|3
wine glass|wine glasses|个酒杯|verre à vin/verres à vin/m|copa/copas/f|kitchen|0.5|0.3|2
cup|cups|个杯子|tasse/tasses/f|taza/tazas/f|kitchen|1|0.25|5
fork|forks|把叉子|fourchette/fourchettes/f|tenedor/tenedores/m|kitchen|1.2|0.2|1
knife|knives|把刀|couteau/couteaux/m|cuchillo/cuchillos/m|kitchen|1.3|0.2|2
spoon|spoons|把勺子|cuillère/cuillères/f|cuchara/cucharas/f|kitchen|1.3|0.2|2
bowl|bowls|个碗|bol/bols/m|cuenco/cuencos/m|kitchen|1.5|0.25|3
banana|bananas|根香蕉|banane/bananes/f|plátano/plátanos/m|food|1.3|0.3|3
apple|apples|个苹果|pomme/pommes/f|manzana/manzanas/f|food|1|0.3|3
sandwich|sandwiches|个三明治|sandwich/sandwichs/m|sándwich/sándwiches/m|food|1.4|0.3|2
orange|oranges|个橙子|orange/oranges/f|naranja/naranjas/f|food|1|0.3|3
broccoli|broccoli|棵西兰花|brocoli/brocolis/m|brócoli/brócolis/m|food|1.1|0.3|1
carrot|carrots|根胡萝卜|carotte/carottes/f|zanahoria/zanahorias/f|food|1.4|0.25|2
hot dog|hot dogs|个热狗|hot-dog/hot-dogs/m|perrito caliente/perritos calientes/m|food|1.5|0.3|1
pizza|pizzas|个披萨|pizza/pizzas/f|pizza/pizzas/f|food|1.5|0.4|2
donut|donuts|个甜甜圈|beignet/beignets/m|rosquilla/rosquillas/f|food|1.2|0.25|2
cake|cakes|个蛋糕|gâteau/gâteaux/m|tarta/tartas/f|food|1.3|0.35|2
chair|chairs|把椅子|chaise/chaises/f|silla/sillas/f|furniture|0.9|0.35|6
couch|couches|张沙发|canapé/canapés/m|sofá/sofás/m|furniture|2|0.4|3
potted plant|plants|盆植物|plante/plantes/f|planta/plantas/f|furniture|0.8|0.4|4
bed|beds|张床|lit/lits/m|cama/camas/f|furniture|1.8|0.5|3
dining table|tables|张桌子|table/tables/f|mesa/mesas/f|furniture|2|0.4|4
toilet|toilets|个马桶|toilettes/toilettes/f|inodoro/inodoros/m|furniture|0.8|0.4|1
tv|TVs|台电视|télévision/télévisions/f|televisor/televisores/m|device|1.6|0.35|4
laptop|laptops|台笔记本电脑|ordinateur portable/ordinateurs portables/m|portátil/portátiles/m|device|1.3|0.35|4
mouse|computer mice|个鼠标|souris d'ordinateur/souris d'ordinateur/f|ratón de ordenador/ratones de ordenador/m|device|1.2|0.1|1
remote|remote controls|个遥控器|télécommande/télécommandes/f|mando a distancia/mandos a distancia/m|device|1|0.12|1
keyboard|keyboards|个键盘|clavier/claviers/m|teclado/teclados/m|device|2.2|0.15|2
cell phone|phones|部手机|téléphone/téléphones/m|teléfono/teléfonos/m|device|0.6|0.2|4
microwave|microwaves|台微波炉|micro-ondes/micro-ondes/m|microondas/microondas/m|device|1.5|0.25|1
oven|ovens|台烤箱|four/fours/m|horno/hornos/m|device|1|0.4|2
toaster|toasters|台烤面包机|grille-pain/grille-pain/m|tostadora/tostadoras/f|device|1.2|0.2|1
sink|sinks|个水槽|évier/éviers/m|fregadero/fregaderos/m|furniture|1.5|0.25|2
refrigerator|fridges|台冰箱|réfrigérateur/réfrigérateurs/m|frigorífico/frigoríficos/m|furniture|0.6|0.6|2
book|books|本书|livre/livres/m|libro/libros/m|device|0.9|0.25|4
clock|clocks|个时钟|horloge/horloges/f|reloj/relojes/m|device|1|0.2|2
vase|vases|个花瓶|vase/vases/m|jarrón/jarrones/m|kitchen|0.6|0.3|2
scissors|scissors|把剪刀|paire de ciseaux/paires de ciseaux/f|par de tijeras/pares de tijeras/m|kitchen|1|0.25|2
teddy bear|teddy bears|个泰迪熊|ours en peluche/ours en peluche/m|oso de peluche/osos de peluche/m|device|0.8|0.35|2
hair drier|hair dryers|个吹风机|sèche-cheveux/sèche-cheveux/m|secador de pelo/secadores de pelo/m|device|1|0.25|1
toothbrush|toothbrushes|把牙刷|brosse à dents/brosses à dents/f|cepillo de dientes/cepillos de dientes/m|device|1|0.2|1
"""
SPOKEN = {"sports ball": "ball", "potted plant": "plant", "dining table": "table", "tv": "TV", "mouse": "computer mouse", "remote": "remote control",
          "cell phone": "phone", "refrigerator": "fridge", "hair drier": "hair dryer"}


@dataclass(frozen=True)
class Thing:
    """`name` is COCO's; `english` and the others are (singular, plural) or (measure word, noun), with the gender where there is one."""

    name: str
    english: tuple[str, str]
    chinese: tuple[str, str]
    french: tuple[str, str, str]
    spanish: tuple[str, str, str]
    group: str
    aspect: float
    height: float
    weight: float


def _read(line: str) -> Thing:
    name, plural, chinese, french, spanish, group, aspect, height, weight = line.split("|")
    return Thing(name, (SPOKEN.get(name, name), plural), (chinese[0], chinese[1:]), tuple(french.split("/")), tuple(spanish.split("/")),
                 group, float(aspect), float(height), float(weight))


THINGS = [_read(line) for line in TABLE.strip().split("\n")]
INDEX = {thing.name: index for index, thing in enumerate(THINGS)}
PERSON = INDEX["person"]
GROUPS: dict[str, list[int]] = {}
for _index, _thing in enumerate(THINGS):
    GROUPS.setdefault(_thing.group, []).append(_index)
# Groups that have a word of their own, for what the eye cannot tell apart and for questions.
SPOKEN_GROUPS = ("animal", "vehicle")
# Things that come, go and are told of; the others mostly stand about.
LIVELY = {index for index, thing in enumerate(THINGS) if thing.group in ("person", "vehicle", "animal")}
