"""Groups of things that a request can speak of together: of a kind, a use, a property, a material, a home, a noun, a
colour. Makes the room hold members and sure non-members, and knows how people call the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.learn.draw import Draw
from planner.learn.membership import Category
from planner.learn.nouns import a_or_an, is_mass, is_plural, plural
from planner.learn.room import MOVABLE
from planner.learn.rooms import Builder, types_of
from planner.learn.surroundings import COLOURED, COLOURS
from planner.learn.usable import needs_object

# properties on which people agree; matters of degree ("heavy"), of taste or of the moment are not asked for
AGREED = frozenset(
    """
    caffeinated alcoholic electric battery-powered rechargeable sweet salty spicy sour bitter fizzy crunchy crispy vegan
    edible wearable wooden metallic sharp fragile breakable flammable frozen round square rectangular triangular
    transparent waterproof poisonous magnetic inflatable foldable juicy minty cheesy spoiled sugary printed knitted
    perishable wheeled bouncy sugar-free disposable nutty pointed carbonated dairy greasy chewy
    """.split()  # noqa: SIM905
)
VAGUE_USES = frozenset(
    (
        "keep things in", "collect", "roll", "carry things", "store things", "throw", "pass the time", "relax",
        "travel",
        "give a child", "give as a present", "give to a loved one", "work on", "lean on", "celebrate", "hold papers",
        "learn something", "treat yourself", "make crafts", "do crafts", "spin", "stretch", "be seen in the dark",
        "look at pictures", "play with friends", "relax after work", "recycle", "throw away", "decorate",
        "store photos",
    )
)  # fmt: skip
TOO_WIDE = frozenset(
    """
    accessory material appliance shape can box bag case bowl jar bottle ring game meal staple ingredient recyclable
    chemical gadget supply container household
    """.split()  # noqa: SIM905
)
HOME_ON = frozenset(
    [
        "desk",
        "table",
        "counter",
        "shelf",
        "bookshelf",
        "workbench",
        "nightstand",
        "bed",
        "floor",
        "wall",
        "windowsill",
        "shoe",
        "rack",
        "coat",
        "rack",
        "balcony",
    ]
)
_WEIGHTS = {"kinds": 0.55, "uses": 0.13, "properties": 0.17, "materials": 0.07, "homes": 0.08}
MAKING = {"wood": "wooden", "wool": "woollen", "gold": "golden", "silver": "silver"}


@dataclass(frozen=True)
class Group:
    """``one``, ``many``: "drink", "drinks"; ``members``: names in the room; ``all``, ``any``: how the whole group and
    any one of it are called besides the usual ways (with ``{...}`` free)."""

    one: str
    many: str
    members: tuple[str, ...]
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    category: Category | None = None
    countable: bool = True

    @property
    def mass(self) -> bool:
        """Whether it is not counted ("fruit", "cutlery")."""
        return self.category is not None and self.category[0] == "kinds" and is_mass(self.many)


def home_phrase(home: str) -> str:
    """ "in the fridge", "on the desk"."""
    on = home in HOME_ON or home.split()[-1] in ("rack", "shelf", "table", "desk", "bench", "stand", "hook")
    return f"{'on' if on else 'in'} the {home}"


def usable(draw: Draw, field: str, phrase: str) -> bool:
    """Whether the words of a category say clearly enough who belongs."""
    words = phrase.split()
    if field == "properties":
        return phrase in AGREED
    if field == "uses":
        return phrase not in VAGUE_USES
    if field == "kinds":
        return phrase not in TOO_WIDE and words[-1] not in ("shape", "item", "figure", "aid", "part")
    if field == "homes":
        return words[0] not in ("under", "on", "in", "behind")
    return field != "materials" or phrase not in ("gold", "silver", "string", "sand", "soil")


def named(draw: Draw, category: Category, members: Sequence[str]) -> Group:
    """The words for a category of the knowledge."""
    field, p = category
    if field == "kinds":
        mass, many = is_mass(p), plural(p)
        extra = (
            f"everything that is {p if mass or is_plural(p) else a_or_an(p)}",
            f"everything that counts as {p if mass else a_or_an(p)}",
        )
        anyone = (f"some {p}",) if mass else (f"some kind of {p}", f"any kind of {p}")
        one = f"piece of {p}" if mass else p
        return Group(one, p if mass else many, tuple(members), extra, anyone, category, countable=not is_plural(p))
    if field == "properties":
        extra = (
            f"everything {p}",
            f"everything that is {p}",
            f"whatever is {p}",
            f"anything that's {p}",
            f"all that is {p}",
        )
        anyone = (f"something {p}", f"anything {p}", f"something that is {p}", f"something {p}")
        noun = draw.one(("thing", "thing", "object", "item"))
        return Group(f"{p} {noun}", f"{p} {noun}s", tuple(members), extra, anyone, category)
    if field == "materials":
        adjective = MAKING.get(p, p)
        extra = (
            f"everything made of {p}",
            f"whatever is made of {p}",
            f"everything that is made of {p}",
            f"all that is {adjective}",
        )
        anyone = (f"something made of {p}", f"anything made of {p}", f"something {adjective}")
        if draw.chance(0.5):
            return Group(f"{adjective} thing", f"{adjective} things", tuple(members), extra, anyone, category)
        return Group(f"thing made of {p}", f"things made of {p}", tuple(members), extra, anyone, category)
    if field == "homes":
        where = home_phrase(p)
        extra = (
            f"everything that belongs {where}",
            f"whatever belongs {where}",
            f"all that belongs {where}",
            f"everything that is normally kept {where}",
        )
        anyone = (f"something that belongs {where}", f"anything that is normally kept {where}")
        return Group(
            f"thing that belongs {where}", f"things that belong {where}", tuple(members), extra, anyone, category
        )
    extra = (
        f"everything to {p}",
        f"whatever helps to {p}",
        f"everything one would use to {p}",
        f"all the stuff to {p}",
        f"everything that's there to {p}",
    )
    anyone = (
        f"something to {p}",
        f"something to {p}",
        f"something i can {p}" if needs_object(p) else f"something to {p}",
        f"anything to {p}",
    )
    return Group(f"thing to {p}", f"things to {p}", tuple(members), extra, anyone, category)  # fmt: skip


def pick_category(draw: Draw, at_least: int, fields: Sequence[str] = tuple(_WEIGHTS)) -> Category | None:
    """A category that requests may turn on in this split."""
    pool = [f for f in fields if not draw.view.new_categories or f in ("kinds", "uses", "properties")]
    if not pool:
        return None
    weights = [_WEIGHTS[f] for f in pool]
    field = pool[int(draw.rng.choice(len(pool), p=[w / sum(weights) for w in weights]))]
    phrases = draw.view.categories(field, at_least)
    for _ in range(6):
        if not phrases:
            return None
        phrase = draw.one(phrases)
        if usable(draw, field, phrase):
            return (field, phrase)
    return None


def unclear(draw: Draw, b: Builder, category: Category, members: Sequence[str]) -> bool:
    """Whether something in the room might or might not belong."""
    no = draw.view.surely_not(*category)
    for item in b.items.values():
        if item.name in members or not item.of(MOVABLE):
            continue
        known = item.entry or ((found.name) if (found := draw.knowledge.find(item.name)) else "")
        if known not in no:
            return True
        if category[0] in ("materials", "properties") and set(item.name.split()) & set(category[1].split()):
            return True
    return False


def knowledge_group(
    draw: Draw, b: Builder, low: int, high: int, category: Category | None = None, others: int = 4
) -> Group | None:
    """Members of a category and things that are surely none, put into the room."""
    category = category or pick_category(draw, max(2, low))
    if category is None:
        return None
    no = draw.view.surely_not(*category)
    pool = draw.view.members(*category)
    found = b.fill(draw.number(low, high), pool=pool)
    if len(found) < low:
        return None
    if draw.chance(0.5):  # things that are much like the members, and yet none
        homes = tuple(sorted({h for i in found for h in draw.knowledge[i.entry].homes}))
        near = [n for n in draw.view.at_home(homes) if n in no]
        if len(near) > 3:
            b.fill(draw.number(1, max(1, others)), pool=near)
    b.fill(draw.number(1, max(1, others)), refuses=lambda n: n not in no)
    members = [i.name for i in found]
    if {category[1], plural(category[1])} & set(members) and len(members) > 1:
        return None  # "the flowers" would be the one thing that is called so
    if unclear(draw, b, category, members):
        return None
    return replace(named(draw, category, members), members=tuple(members))


def twin_group(draw: Draw, b: Builder, low: int, high: int) -> Group | None:
    """Things of one noun in several colours, or of one colour under several nouns."""
    if draw.view.new_categories:
        return None
    if draw.chance(0.6):
        noun = b.free_noun(COLOURED)
        made = b.twins(noun, draw.some(COLOURS, draw.number(low, high))) if noun else []
        if len(made) < low or not draw.view.allows("kinds", noun):
            return None
        return Group(noun, plural(noun), tuple(i.name for i in made))
    colour = draw.one(COLOURS)
    if any(colour in i.name.split() for i in b.items.values()):
        return None
    made = []
    for _ in range(draw.number(low, high)):
        noun = b.free_noun(COLOURED)
        made += b.twins(noun, [colour]) if noun else []
    if len(made) < low:
        return None
    for i in made[:2]:  # the same nouns in other colours
        if draw.chance(0.6):
            b.twins(i.noun, draw.some([c for c in COLOURS if c != colour], draw.number(1, 2)))
    noun = draw.one(("thing", "object", "item", "thing"))
    extra = (f"everything {colour}", f"everything that is {colour}", f"whatever is {colour}")
    anyone = (f"something {colour}", f"anything {colour}")
    return Group(f"{colour} {noun}", f"{colour} {noun}s", tuple(i.name for i in made), extra, anyone)


def any_group(draw: Draw, b: Builder, low: int, high: int) -> Group | None:
    """Either sort of group."""
    if draw.chance(0.22) and not draw.view.new_categories:
        group = twin_group(draw, b, low, high)
        if group is None:
            return None
        b.fill(draw.number(0, 4))
        return None if blurred(draw, b, group) else group
    return knowledge_group(draw, b, low, high)


def blurred(draw: Draw, b: Builder, group: Group) -> bool:
    """Whether something else in the room might be counted among things of a noun or a colour."""
    word = group.one.rsplit(" ", 1)[0] if group.one.endswith((" thing", " object", " item")) else group.one
    members = {*draw.knowledge.of_kind(word), *draw.knowledge.with_property(word)}
    for item in b.items.values():
        if item.name in group.members or not item.of(MOVABLE):
            continue
        said = {w for c in b.callings(item.name, item.entry) for w in c}
        if set(word.split()) & said or item.entry in members:
            return True
    return False


__all__ = ["Group", "any_group", "knowledge_group", "named", "pick_category", "twin_group", "types_of", "unclear"]
