"""Closed word classes of English that the mention spotter needs: function words, colours, generic nouns.

Only closed or nearly closed classes live here. What a word *means* (is a lemon a fruit?) is the language
model's business.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COLOURS = words(
    """
    red green blue yellow orange purple pink brown black white grey gray cyan magenta teal turquoise
    violet navy beige gold golden silver maroon crimson scarlet indigo tan ivory burgundy
    """
)
SHADES = words(
    """
    light dark pale bright deep
    """
)

# same colour, two spellings
COLOUR_ALIASES = {"gray": "grey", "golden": "gold", "violet": "purple"}

DETERMINERS = words(
    """
    the a an my your his her our their this that these those some any another
    """
)
ALL_WORDS = words(
    """
    all every each both everything everyone whole entire
    """
)
EXCEPT_WORDS = words(
    """
    except excluding but without besides bar save
    """
)
NEGATIONS = words(
    """
    not dont don't never neither none no isn't isnt aren't arent mustn't mustnt shouldn't shouldnt doesn't doesnt
    cannot can't cant won't wont nor nobody
    """
)
# a number that leaves open how many
VAGUE_NUMBERS = words("several few handful bunch many plenty most")
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "single": 1, "pair": 2, "couple": 2,
}  # fmt: skip
PLACE_PREPOSITIONS = words(
    """
    in into inside on onto upon to at atop over within towards toward
    """
)
SOURCE_PREPOSITIONS = words(
    """
    from off out
    """
)
# where something lies with respect to something else; no skill of the default library brings it about
RELATIONS = words(
    """
    near beside next close behind under underneath below beneath between alongside around above against nearby
    parallel perpendicular adjacent
    """
)
OTHER_PREPOSITIONS = words(
    """
    of for with by about as than like before after until
    """
)
CONJUNCTIONS = words(
    """
    and then or nor so because if while when also plus but though although since unless where
    """
)
PRONOUNS = words(
    """
    i you he she it we they me him us them myself yourself itself mine yours who what which where why
    how there here everybody somebody whichever whatever whose
    """
)
AUXILIARIES = words(
    """
    is are was were be been being am do does did has have had can could will would shall should may
    might must let lets please kindly just now not no never don't dont i'd i'll i'm it's that's want
    wants wanted like need needs wish help go goes going gonna belongs belong ought i've we've you're i'm
    that'll you'd really kind quickly gently carefully slowly neatly first finally last next again already
    currently directly straight only too well still even always maybe perhaps afterwards afterward later
    today immediately right away together apart up down back aside alone very
    """
)
# nouns that name anything at all, or an abstract thing that is never an object to move
GENERIC_NOUNS = words(
    """
    thing things object objects item items one ones stuff rest remainder others other everything
    something anything piece pieces top bottom side sides left right middle center centre corner corners
    edge front back end spot place position location way time moment minute second bit lot kind sort
    colour color order row line stack pile tower group set pair couple robot arm hand gripper hands home
    table tabletop surface desk counter favour favor task job mess hurry question help work scene room
    floor ground kitchen house apartment person user people friend guest guests kid kids child children daughter son
    wife husband boss grandma grandpa neighbor neighbour colleague brother sister baby customer visitor
    family mom mum dad matching same different respective own first second third last next round
    """
)
SUPERLATIVES = words(
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
CATEGORY_NOUNS = words(
    """
    food fruit fruits vegetable vegetables veggie veggies drink drinks beverage beverages soda sodas
    snack snacks sweet sweets candy dessert meal breakfast lunch dinner ingredient ingredients tool
    tools toy toys utensil utensils cutlery silverware dish dishes crockery tableware container
    containers receptacle vessel package packages packaging clothes clothing garment
    garments goods book books stationery electronics gadget gadgets device devices appliance appliances trash
    garbage rubbish litter waste recycling groceries kitchenware cleaner supplies equipment gear
    material materials jewelry accessory accessories furniture plant plants animal animals gadget gadgets vehicle
    vehicles spice spices herb herbs nut nuts berry berries grain grains sauce sauces pastry pastries instrument
    instruments weapon weapons ornament ornaments cosmetic cosmetics cleaners detergent detergents leftovers
    perishable perishables liquid liquids insect insects pet pets flower flowers sport sports game games
    """
)

# --- verbs: what a clause asks for ---
PICK_VERBS = words("pick grab lift grasp take hold fetch get seize clutch raise collect retrieve")
PUT_VERBS = words(
    """
    put place move bring set drop lay stack pile sort shift slide push drag carry transfer relocate toss throw
    return deposit stick insert pop position arrange stow store pack load unload empty dump distribute deliver
    hand give pass tidy clear clean gather collect group build make construct form heap rearrange swap exchange
    switch trade turn flip reverse take get fill cover add unstack dismantle separate spread divide match pair
    put's leave keep balance rest remove line organise organize assign send shove transport plonk plop tuck slip
    squeeze cram jam lower settle perch prop lean hang park shelve stash plunk chuck fling haul lug ferry convey
    nestle lodge restock stuff ship hoist pitch lob swipe sling nudge scoot hurl heave tote banish relegate install
    sneak smuggle evacuate drape bundle scoop flick ditch junk dunk bung whisk shuttle escort scooch situate
    """
)
POLITE = words(
    """
    please and then could can would will you kindly also just now next first i want to hey robot go help me let's
    i'd like
    """
)
STATE_VERBS = words(
    "go goes belong belongs ends end sits sit lies lie stands stand rests rest stay stays remain remains"
)
STAY_VERBS = words("stay stays remain remains staying remaining")
KEEP_VERBS = words("leave keep")
STAY_WORDS = words("alone out be there as where untouched put outside behind unmoved standing")
TOUCH_VERBS = words("touch move disturb take pick use")
# things people do that are no moving of things; sayable only when a skill of the library speaks of it
OTHER_VERBS = words(
    """
    cut slice chop peel wash rinse wipe polish scrub open close shut pour stir cook heat warm fry bake boil eat
    drink sing whistle dance paint draw write read fold tear break smash squeeze crush burn freeze photograph
    weigh measure count say tell speak explain play light screw unscrew tie sew glue tape plug unplug iron
    vacuum sweep mop blow kick bite taste smell salt season mix knead grind crack shake toast feed mow hoover repair
    """
)
VERBS = PICK_VERBS | PUT_VERBS | STATE_VERBS | STAY_VERBS | KEEP_VERBS | TOUCH_VERBS | OTHER_VERBS

# --- cues ---
PILE_NOUNS = words("tower stack pile heap column stacks towers piles heaps columns")
PILE_VERBS = words("stack pile heap")
MATCH_WORDS = words("matching match matches matched same own corresponding respective respectively corresponds")
LOWEST = words("bottom lowest lowermost undermost base bottommost")
HIGHEST = words("top highest uppermost topmost")
BETWEEN = words("between middle")
UNDER = words("below beneath under underneath")
OVER_UNDER = UNDER | {"above"}
SURFACES = words("table tabletop desk surface workspace")
RELATIVES = words("that which who whose")
BEING = words(
    """
    is are was were be being lies lie lying sits sit sitting stands stand standing rests rest resting located
    placed currently now already right still there just isn't isnt aren't arent
    """
)
# a colour, and an adjective about a state
LOOSE = words("loose free single separate")
CONNECTORS = words("of at on in the hand most handed part area region")
PLACE_SYNONYMS = {
    "upper": "top", "lower": "bottom", "center": "middle", "centre": "middle", "edge": "side", "lefthand": "left",
    "righthand": "right", "leftmost": "left", "rightmost": "right", "back": "top", "rear": "top", "far": "top",
    "front": "bottom", "near": "bottom", "tabletop": "table", "desk": "table", "sides": "side", "corners": "corner",
    "edges": "side", "uppermost": "top", "central": "middle",
}  # fmt: skip
# a noun that nothing here bears may still mean what bears the other one
NOUN_SYNONYMS = {
    "cube": "block", "cuboid": "block", "box": "block", "brick": "block", "block": "cube", "mug": "cup", "cup": "mug",
    "tin": "can", "can": "tin", "dish": "bowl", "basin": "bowl", "rubbish": "trash", "garbage": "trash",
}  # fmt: skip
CONTAINER_NOUNS = words("container receptacle vessel")
# words after "in", "on" ... without an article that are no things
BARE_ADVERBS = words(
    """
    between front order place half particular general least most once first last second turn time short case
    addition advance total full fact the way instead reverse return
    """
)
MASS_NOUNS = words(
    """
    fruit food trash garbage rubbish litter waste recycling cutlery silverware crockery tableware candy clothing
    stationery equipment gear jewelry furniture packaging kitchenware citrus produce seafood meat poultry footwear
    headgear rubble produce pastry hardware glassware cookware junk laundry bedding medicine makeup dairy
    outerwear underwear sleepwear nightwear swimwear sportswear formalwear eyewear headwear knitwear menswear womenswear
    dinnerware dishware drinkware flatware stoneware earthenware silverware bakeware ovenware homework schoolwork
    paperwork artwork luggage baggage mail linen merchandise apparel attire jewellery confectionery livestock
    """
)
# what is not counted: without an article all that is here of it is meant ("put oil and vinegar on the shelf")
SUBSTANCES = words(
    """
    oil vinegar water milk soda pop cola juice tea coffee beer wine liquor alcohol stock broth soup sauce pasta rice
    bread cheese butter flour sugar salt pepper spice seasoning chocolate cereal granola yogurt cream honey jam jelly
    syrup ketchup mustard mayonnaise popcorn gum soap shampoo toothpaste lotion sunscreen detergent bleach makeup
    perfume paper cardboard tape glue paint ink wire rope string yarn fabric cloth wool leather wood metal plastic glass
    rubber
    fish pork beef ham bacon chicken turkey steak toast cake dough dessert breakfast garbage compost soil sand
    """
)
# which one is meant only the person knows
PREFERENCES = words("favourite favorite usual best nicest right correct proper good better preferred")
# frequent words that are no typing slips of a name ("come": coke)
FREQUENT = words(
    """
    come comes came coming see saw look looks looking make makes made making give gives gave given know knows think
    thinks thought say says said tell told ask asks asked call calls feel feels felt find finds found keep keeps left
    mean means meant show shows try tries tried turn turns use uses used work works want wants like likes love loves
    time year day week hour night morning evening people man woman life world hand part case point fact group number
    home water money story month word words name names place places same good bad new old big small long short high
    low large great little own other right wrong early late young few many much more most less least best better worst
    sure ready able free nice fine happy sad tired hungry thirsty cold hot warm busy wait waits stop start begin end
    anywhere somewhere wherever nowhere everywhere elsewhere anyway whenever however
    head heads beg begs dear cheers mate buddy insist insists owe day days
    walk walks run runs stay stays sit sits stand stands live lives hold holds help helps hope hopes care
    """
)
KNOWN = (
    FREQUENT
    | PREFERENCES
    | MASS_NOUNS
    | FUNCTION_WORDS
    | COLOURS
    | GENERIC_NOUNS
    | SHADES
    | VERBS
    | CATEGORY_NOUNS
    | SUPERLATIVES
    | VAGUE_NUMBERS
    | NEGATIONS
    | RELATIONS
    | PILE_NOUNS
    | MATCH_WORDS
    | LOWEST
    | HIGHEST
    | BETWEEN
    | SURFACES
    | BEING
    | LOOSE
    | CONNECTORS
    | frozenset(PLACE_SYNONYMS)
    | frozenset(NOUN_SYNONYMS)
    | CONTAINER_NOUNS
    | BARE_ADVERBS
)
