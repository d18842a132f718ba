"""Closed word classes of English that the mention spotter needs: function words, colours, generic nouns.

Only closed or nearly closed classes live here. What a word *means* (is a lemon a fruit?) is the language
model's business.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COLOURS = _words(
    """
    red green blue yellow orange purple pink brown black white grey gray cyan magenta teal turquoise
    violet navy beige gold golden silver lime maroon olive crimson scarlet indigo tan cream
    """
)
SHADES = _words(
    """
    light dark pale bright deep
    """
)

# same colour, two spellings
COLOUR_ALIASES = {"gray": "grey", "golden": "gold", "violet": "purple"}

DETERMINERS = _words(
    """
    the a an my your his her our their this that these those some any another
    """
)
ALL_WORDS = _words(
    """
    all every each both everything everyone whole entire
    """
)
EXCEPT_WORDS = _words(
    """
    except excluding but without besides
    """
)
NEGATIONS = _words("not dont don't never")
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "single": 1, "pair": 2, "couple": 2,
}  # fmt: skip
PLACE_PREPOSITIONS = _words(
    """
    in into inside on onto upon to at atop over within towards toward above near beside
    """
)
SOURCE_PREPOSITIONS = _words(
    """
    from off
    """
)
OTHER_PREPOSITIONS = _words(
    """
    of for with by about as than like before after until
    """
)
CONJUNCTIONS = _words(
    """
    and then or nor so because if while when also plus
    """
)
PRONOUNS = _words(
    """
    i you he she it we they me him us them myself yourself itself mine yours who what which where why
    how there here everybody somebody
    """
)
AUXILIARIES = _words(
    """
    is are was were be been being am do does did has have had can could will would shall should may
    might must let lets please kindly just now not no never don't dont i'd i'll i'm it's that's want
    wants wanted like need needs wish help go goes going gonna belongs belong ought
    """
)
# nouns that name anything at all, or an abstract thing that is never an object to move
GENERIC_NOUNS = _words(
    """
    thing things object objects item items one ones stuff rest remainder others other everything
    something anything piece pieces top bottom side sides left right middle center centre corner corners
    edge front back end spot place position location way time moment minute second bit lot kind sort
    colour color order row line stack pile tower group set pair couple robot arm hand gripper hands home
    table tabletop surface desk counter favour favor task job mess hurry question help work scene room
    floor ground person user people friend guest guests kid kids child children family mom mum dad
    matching same different respective own first second third last next
    """
)
SUPERLATIVES = _words(
    """
    biggest smallest largest tallest heaviest lightest closest nearest farthest furthest
    """
)

FUNCTION_WORDS = (
    DETERMINERS
    | ALL_WORDS
    | EXCEPT_WORDS
    | frozenset(NUMBERS)
    | PLACE_PREPOSITIONS
    | SOURCE_PREPOSITIONS
    | OTHER_PREPOSITIONS
    | CONJUNCTIONS
    | PRONOUNS
    | AUXILIARIES
)

# nouns that stand for a kind of thing rather than one thing: they may well mean something that is here
CATEGORY_NOUNS = _words(
    """
    food fruit fruits vegetable vegetables veggie veggies drink drinks beverage beverages soda sodas
    snack snacks sweet sweets candy dessert meal breakfast lunch dinner ingredient ingredients tool
    tools toy toys utensil utensils cutlery silverware dish dishes crockery tableware container
    containers receptacle vessel box boxes package packages packaging can cans bottle bottles bag bags
    cup cups cube cubes cuboid cuboids square squares ball balls brick bricks clothes clothing garment
    garments book books stationery electronics gadget gadgets device devices appliance appliances trash
    garbage rubbish litter waste recycling groceries kitchenware cleaner supplies equipment gear
    material materials jewelry accessory accessories furniture plant plants animal animals present gift
    medicine
    """
)
