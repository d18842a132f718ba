"""Short requests in German, French, Spanish and Italian about things that are named as in English, or in the words of
a small dictionary; where nothing can be recognised, the robot asks."""

from __future__ import annotations

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.example import ASK
from planner.learn.families.common import already
from planner.learn.families.registry import Family
from planner.learn.phrases import lines
from planner.learn.room import HAND, Item, Target
from planner.learn.rooms import Builder, types_of

PUT = {
    "de": lines("""
        lege {o} in {c}
        leg bitte {o} in {c}
        kannst du {o} in {c} legen?
        stell {o} in {c}
        tu {o} in {c}
        {o} gehört in {c}
        könntest du {o} bitte in {c} tun?
        ich möchte {o} in {c} haben
        pack {o} in {c}
    """),
    "fr": lines("""
        mets {o} dans {c}
        mettez {o} dans {c} s'il vous plaît
        peux-tu mettre {o} dans {c} ?
        range {o} dans {c}
        pose {o} dans {c}
        je voudrais {o} dans {c}
        s'il te plaît, place {o} dans {c}
        {o} va dans {c}
    """),
    "es": lines("""
        pon {o} en {c}
        por favor, pon {o} en {c}
        ¿puedes poner {o} en {c}?
        mete {o} en {c}
        coloca {o} en {c}
        quiero {o} en {c}
        {o} va en {c}
        deja {o} dentro de {c}
    """),
    "it": lines("""
        metti {o} in {c}
        per favore metti {o} in {c}
        puoi mettere {o} in {c}?
        sposta {o} in {c}
        vorrei {o} in {c}
        {o} va in {c}
        posa {o} dentro {c}
        mi metti {o} in {c}?
    """),
}
BRING = {
    "de": lines("""
        bring mir {o}
        bring mir bitte {o}
        kannst du mir {o} bringen?
        gib mir {o}
        ich hätte gern {o}
        ich brauche {o}
        hol mir {o}
    """),
    "fr": lines("""
        apporte-moi {o}
        donne-moi {o} s'il te plaît
        peux-tu m'apporter {o} ?
        je voudrais {o}
        passe-moi {o}
        il me faut {o}
    """),
    "es": lines("""
        tráeme {o}
        dame {o} por favor
        ¿me traes {o}?
        necesito {o}
        ¿me puedes dar {o}?
        quisiera {o}
    """),
    "it": lines("""
        portami {o}
        dammi {o} per favore
        mi porti {o}?
        vorrei {o}
        ho bisogno di {o}
        passami {o}
    """),
}
HOLD = {
    "de": ("nimm {o}", "heb {o} auf", "nimm bitte {o} in die hand", "halte {o} fest"),
    "fr": ("prends {o}", "ramasse {o}", "attrape {o}", "tiens {o}"),
    "es": ("coge {o}", "toma {o} en la mano", "agarra {o}", "levanta {o}"),
    "it": ("prendi {o}", "afferra {o}", "raccogli {o}", "solleva {o}"),
}
UNKNOWN = {
    "de": lines("""
        mach das bitte ordentlich
        kannst du mir helfen?
        was kannst du alles?
        das da drüben, bitte
        räum ein bisschen auf
        ich weiß auch nicht
        wie geht es dir?
        und das andere auch
        mach weiter
        lass das
        wohin damit?
        nicht so, anders herum
    """),
    "fr": lines("""
        fais ça bien
        peux-tu m'aider ?
        qu'est-ce que tu sais faire ?
        l'autre là-bas
        comment ça va ?
        je ne sais pas
        range un peu
        pas comme ça
        continue
        et l'autre aussi
    """),
    "es": lines("""
        hazlo bien
        ¿me puedes ayudar?
        ¿qué sabes hacer?
        eso de ahí
        ¿cómo estás?
        no sé
        ordena un poco
        así no
        sigue
        y el otro también
    """),
    "it": lines("""
        fallo bene
        mi puoi aiutare?
        che cosa sai fare?
        quello là
        come stai?
        non lo so
        metti un po' in ordine
        non così
        continua
        e anche l'altro
    """),
}
# noun: (de, fr, es, it), each with its article as an object
WORDS = {
    "apple": ("den Apfel", "la pomme", "la manzana", "la mela"),
    "banana": ("die Banane", "la banane", "el plátano", "la banana"),
    "lemon": ("die Zitrone", "le citron", "el limón", "il limone"),
    "orange": ("die Orange", "l'orange", "la naranja", "l'arancia"),
    "pear": ("die Birne", "la poire", "la pera", "la pera"),
    "tomato": ("die Tomate", "la tomate", "el tomate", "il pomodoro"),
    "carrot": ("die Karotte", "la carotte", "la zanahoria", "la carota"),
    "potato": ("die Kartoffel", "la pomme de terre", "la patata", "la patata"),
    "bread": ("das Brot", "le pain", "el pan", "il pane"),
    "cheese": ("den Käse", "le fromage", "el queso", "il formaggio"),
    "egg": ("das Ei", "l'œuf", "el huevo", "l'uovo"),
    "milk": ("die Milch", "le lait", "la leche", "il latte"),
    "water": ("das Wasser", "l'eau", "el agua", "l'acqua"),
    "coffee": ("den Kaffee", "le café", "el café", "il caffè"),
    "book": ("das Buch", "le livre", "el libro", "il libro"),
    "pen": ("den Stift", "le stylo", "el bolígrafo", "la penna"),
    "key": ("den Schlüssel", "la clé", "la llave", "la chiave"),
    "scissors": ("die Schere", "les ciseaux", "las tijeras", "le forbici"),
    "knife": ("das Messer", "le couteau", "el cuchillo", "il coltello"),
    "fork": ("die Gabel", "la fourchette", "el tenedor", "la forchetta"),
    "spoon": ("den Löffel", "la cuillère", "la cuchara", "il cucchiaio"),
    "sponge": ("den Schwamm", "l'éponge", "la esponja", "la spugna"),
    "towel": ("das Handtuch", "la serviette", "la toalla", "l'asciugamano"),
    "hammer": ("den Hammer", "le marteau", "el martillo", "il martello"),
    "candle": ("die Kerze", "la bougie", "la vela", "la candela"),
    "ball": ("den Ball", "la balle", "la pelota", "la palla"),
    "umbrella": ("den Schirm", "le parapluie", "el paraguas", "l'ombrello"),
    "hat": ("den Hut", "le chapeau", "el sombrero", "il cappello"),
}
BOXES = {
    "bowl": ("die Schüssel", "le bol", "el cuenco", "la ciotola"),
    "basket": ("den Korb", "le panier", "la cesta", "il cesto"),
    "box": ("die Kiste", "la boîte", "la caja", "la scatola"),
    "bucket": ("den Eimer", "le seau", "el cubo", "il secchio"),
    "drawer": ("die Schublade", "le tiroir", "el cajón", "il cassetto"),
    "pot": ("den Topf", "la casserole", "la olla", "la pentola"),
    "plate": ("den Teller", "l'assiette", "el plato", "il piatto"),
    "shelf": ("das Regal", "l'étagère", "el estante", "lo scaffale"),
}
TONGUES = ("de", "fr", "es", "it")


def foreign(draw: Draw) -> Draft | None:
    """ "Lege den Apfel in die Schüssel." """
    b = Builder(draw)
    names = [n for n in WORDS if n in draw.view.names]
    if len(names) < 3:
        return None
    found: list[Item] = []
    for n in draw.some(names, draw.number(2, 5)):
        if b.clear(n, n):
            found.append(b.put(Item(n, n, types_of(n), b.anywhere(), n)))
    boxes = []
    for n in draw.some(list(BOXES), draw.number(1, 3)):
        if b.clear(n):
            fixed = n in ("drawer", "shelf")
            boxes.append(
                b.put(Item(n, "", frozenset({"container", "receptacle"}) if fixed else types_of(n), b.anywhere(), n))
            )
    boxes = [i for i in boxes if i.of("container")]
    if not found or not boxes:
        return None
    item, box = draw.one(found), draw.one(boxes)
    k = draw.number(0, 3)
    tongue = TONGUES[k]
    how = draw.rng.random()
    o = WORDS[item.name][k]
    if how < 0.6:
        target: Target = ("in", box.name)
        text = draw.say(f"put {tongue}", PUT[tongue]).replace("{c}", BOXES[box.name][k])
    elif how < 0.85:
        target = ("at", b.person) if b.person else HAND
        text = draw.say(f"bring {tongue}", BRING[tongue])
    else:
        target = HAND
        text = draw.say(f"hold {tongue}", HOLD[tongue])
    if already(b, item.name, target):
        return None
    text = text.replace("{o}", o)
    if text.startswith(o):  # at the beginning of a sentence it is the subject
        text = text.replace("den ", "der ", 1) if text.startswith("den ") else text
    text = text[0].upper() + text[1:]
    return Draft(b.room(), text if text[-1] in "?!" else text + draw.one((".", "", ".")), {item.name: target})


def foreign_unclear(draw: Draw) -> Draft | None:
    """Nothing that is here can be recognised."""
    b = Builder(draw)
    b.fill(draw.number(2, 6))
    b.container()
    tongue = draw.one(TONGUES)
    text = draw.say(f"unknown {tongue}", UNKNOWN[tongue])
    return Draft(b.room(), text[0].upper() + text[1:], decision=ASK)


FAMILIES = (
    Family("foreign", foreign, 1.6),
    Family("foreign unclear", foreign_unclear, 0.5),
)
