"""Longer turns of phrase that say the same, and words that were written as one."""

from __future__ import annotations

import pytest

from planner.propose.turns import turned, unglued


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("see to it that the spoon ends up in the mug", "make sure that the spoon goes in the mug"),
        ("arrange for the vase to be on the shelf", "put the vase on the shelf"),
        ("put these into the tray in this order: the fork, the cup", "put the fork, the cup into the tray"),
        ("lock the jewels away in the safe", "put the jewels in the safe"),
        ("trash the old newspaper", "throw away the old newspaper"),
        ("top the green cube with the yellow one", "put the yellow one on top of the green cube"),
        ("get the drawer closed", "close the drawer"),
        ("the right place for the ladle is in the pot", "put the ladle in the pot"),
        ("clear the tray and put it all in the box", "put everything that is in the tray in the box"),
        ("what I need is a hammer", "bring me a hammer"),
        ("I wouldn't say no to a biscuit", "bring me a biscuit"),
        ("You know what I want? A melon", "bring me A melon"),
        ("a glass of milk would be nice", "bring me a glass of milk"),
        ("One more thing: open the box", "open the box"),
        ("why don't you fetch the mop", "could you fetch the mop"),
        ("don't forget to open the box", "open the box"),
        ("bring me anything in the tray", "bring me everything in the tray"),
        ("take any pens you can find", "take all the pens"),
        ("come over here with the kettle", "bring me the kettle"),
        ("put the fork along with the ladle in the tray", "put the fork and the ladle in the tray"),
        ("the colour of the ring tells you which peg it goes on", "put each ring on the peg of the same colour"),
        ("take the things that belong in the case there", "put everything that belongs in the case in the case"),
        ("put all of this in the box", "put everything in the box"),
        ("the glue has no business in the sink", "the glue must not go in the sink"),
        ("what about a pear? Bring it to me", "bring me a pear"),
        ("fill the toolbox with what belongs there", "put everything that belongs in the toolbox in the toolbox"),
        ("what belongs in the safe goes there", "put everything that belongs in the safe in the safe"),
        ("the hat should be where the scarf is, and vice versa", "swap the hat and the scarf"),
        ("my idea was to have the hat in the box", "put the hat in the box"),
        ("empty the tray and put everything in the box", "put everything that is in the tray in the box"),
        ("head over to the shelf", "go to the shelf"),
        ("come to me with both spoons", "bring me both spoons"),
        ("find a single spoon", "find any spoon"),
        ("whatever is broken goes in the bin", "everything that is broken goes in the bin"),
        ("let go of it on the shelf", "put it on the shelf"),
        ("keep the spoon in your hand", "pick up the spoon"),
        ("put into the safe whatever belongs there", "put everything that belongs in the safe into the safe"),
        ("all the spoons are needed over here", "bring me all the spoons"),
        ("without touching the vase, lift the cup", "lift the cup. leave the vase alone"),
        ("get the locker open", "open the locker"),
        ("bring me anything but the fork", "bring me any thing that is not the fork"),
        ("put anything but the fork in the mug", "put everything except the fork in the mug"),
        ("put the fork in the mug, the spoon rather", "put the fork in the mug, no wait, the spoon"),
        ("carry the vase over to the shelf and set it down", "carry the vase over to the shelf"),
        ("empty the shelf, it all goes in the box", "put everything that is on the shelf in the box"),
        ("go to the box and leave it there", "put it in the box"),
        ("clear the litter off the bench", "throw away all the rubbish on the bench"),
        ("decorate the shelf with a vase and a lamp", "put a vase and a lamp on the shelf"),
        ("stack the cups without touching the jar", "stack the cups. leave the jar alone"),
        ("the vase can't stay there, it goes on the shelf", "the vase goes on the shelf"),
        ("the cup belongs with the other cups on the shelf", "the cup belongs on the shelf"),
        ("put the vase on the shelf rather than in the box", "put the vase on the shelf"),
        ("put the tea in the right tin, the green tin", "put the tea in the green tin"),
        ("whichever of the two vases is the cracked one goes in the bin", "the cracked vase goes in the bin"),
        ("put whatever you stir with, the spoon that is, in the cup", "put the spoon in the cup"),
        ("put the cup on the stack of books", "put the cup on the books"),
        ("move the cup to the left edge of the desk", "move the cup to the left edge"),
        ("half of the cups are for the table", "put half of the cups on the table"),
        ("I don't need the fork, hand me the spoon", "leave the fork alone; hand me the spoon"),
    ],
)
def test_said_plainly(said, meant):
    assert " ".join(turned(said).split()) == meant


@pytest.mark.parametrize(
    "said",
    [
        "put the cup on the shelf",
        "I want you to put the cup away",
        "the plate with the lid goes to the sink",
        "do we have to move the box?",
        "bring the note to me",
        "put the cup in a bowl, but not in the red one",
        "the block that is not on anything in the bowl",
    ],
)
def test_other_sentences_are_left_alone(said):
    assert turned(said) == said


def test_a_person_who_is_here_is_who_speaks():
    assert turned("hand the nurse the scissors", {"nurse"}) == "hand me the scissors"
    assert turned("hand the nurse the scissors", {"guest"}) == "hand the nurse the scissors"
    assert turned("take the nurse's cup", {"nurse"}) == "take the nurse's cup"


@pytest.mark.parametrize(
    ("word", "apart"), [("insidethe", "inside the"), ("allitems", "all items"), ("yourcup", "your cup")]
)
def test_words_written_as_one(word, apart):
    assert unglued(word, {"cup", "items"}) == apart


@pytest.mark.parametrize("word", ["them", "tomato", "toucan", "ingot", "island", "thermos", "mystery"])
def test_words_that_only_look_so_stay_whole(word):
    assert unglued(word, {"cup", "can"}) == ""


def test_come_here_is_to_where_somebody_is():
    assert turned("please come closer", person="sofa") == "please go to the sofa"
    assert turned("please come closer") == "please come closer"
