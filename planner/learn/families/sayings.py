"""Sayings behind which a need stands, with what would meet it, and things that are to be done."""

from __future__ import annotations

from planner.learn.phrases import lines

TO_DO = lines("""
    i need something to {u}
    i want to {u}
    i'd like to {u}
    i would like to {u}
    i have to {u}
    i need to {u}
    i was about to {u}
    i'm about to {u}
    i'm going to {u}
    i feel like i should {u}
    i have nothing to {u}
    i can't find anything to {u}
    i'm looking for something to {u}
    i want to {u}. Bring me what I need
    i'd like to {u}, get me what i need for that
    i have to {u}. Can you bring me something for it?
    my plan for today is to {u}
    help me to {u}
    how am i supposed to {u} without any help?
    is there anything here to {u}?
    do we have anything to {u}?
    do you have something to {u} for me?
    i still have to {u} today, bring me something useful
    time to {u}! What do you have for me?
    what would i use to {u}? bring it to me
    i promised to {u}. Bring me something suitable
    bring me what i need to {u}
    get me something to {u}
    find me something to {u}
    fetch something to {u}
    hand me something i can use to {u}
    give me whatever i need to {u}
    could you get me something to {u}
    any chance of something to {u}?
    my friend wants to {u}, please help out
    we have to {u}, and i've got nothing for it
    let's see if you can help me {u}
    i could really use something to {u}
""")


# what people say, and the use that answers it; only where the knowledge has the use
SAYINGS = {
    "drink": lines("""
        i'm thirsty
        i'm so thirsty
        my throat is dry
        i could do with something to drink
        i'm parched
        after that run i need a drink
        i haven't drunk anything all day
        i'm dying of thirst
        can i get something to sip?
        my mouth is all dry
    """),
    "eat": lines("""
        i'm hungry
        i'm starving
        i haven't eaten all day
        my stomach is growling
        i skipped breakfast
        i'm a bit peckish
        i could eat a horse
        could i get some food?
        it's time to eat something
    """),
    "snack on": lines("""
        i feel like a snack
        i want to nibble on something
        i fancy a little bite between meals
        i'd like something to munch on
    """),
    "stay awake": lines("""
        i'm so sleepy but i have to work
        i can hardly keep my eyes open
        i need a pick-me-up
        i have to work through the night
        i must not fall asleep now
    """),
    "cool down": lines("""
        it's so hot in here
        i'm sweating
        i need to cool off
    """),
    "warm up": lines("""
        i'm freezing
        i'm cold, i need warming up
    """),
    "keep warm": lines("""
        it's chilly in here
        i'm cold
        i'm shivering
    """),
    "write with": lines("""
        i need to write something down
        i have to sign this
        i want to jot down an idea
    """),
    "take notes": lines("""
        i want to jot down a few notes
        somebody is dictating to me and i have nothing for it
    """),
    "wipe up a spill": lines("""
        i spilled my coffee
        i just spilled something on the table
        oh no, i knocked over my glass
        i made a mess, the juice is everywhere
        there's a puddle on the counter
        something dripped on the floor
        the milk ran all over the place
    """),
    "dry hands": lines("""
        my hands are wet
        i just washed my hands
        my fingers are dripping
    """),
    "wash hands": lines("""
        my hands are dirty
        my hands are sticky
        i've got mud all over my hands
    """),
    "clean hands": lines("""
        my fingers are greasy
        my hands are filthy
    """),
    "hang a picture": lines("""
        this picture should be on the wall
        i bought a painting for the living room wall
    """),
    "turn a screw": lines("""
        this screw is loose
        there is a screw sticking out here
    """),
    "tighten a screw": lines("""
        the screw in my chair has come loose
        this hinge wobbles because of a loose screw
    """),
    "see in the dark": lines("""
        it's too dark in here
        the power is out and i can't see a thing
        i dropped my key in the dark
    """),
    "light a room": lines("""
        it's gloomy in this room
        we need some light in here
    """),
    "cut paper": lines("""
        this sheet has to be cut in half
        i need this page in two pieces
    """),
    "blow one's nose": lines("""
        my nose is running
        i have to sneeze
        i've caught a cold and i'm sniffling
    """),
    "brush teeth": lines("""
        i'm going to bed and my teeth aren't brushed yet
    """),
    "clean teeth": lines("""
        there's something stuck on my teeth
    """),
    "stop a headache": lines("""
        my head hurts
        i've got such a headache
        my head is pounding
    """),
    "ease pain": lines("""
        i'm in pain
        everything hurts
    """),
    "treat a wound": lines("""
        i've cut my finger
        i'm bleeding
    """),
    "stop bleeding": lines("""
        my finger is bleeding
        i cut myself
    """),
    "tell the time": lines("""
        i'd like to know how late it is
        what time is it? i've lost track of it
    """),
    "keep dry in the rain": lines("""
        it's pouring outside and i have to go out
        the rain won't stop and i must leave
    """),
    "keep the sun off": lines("""
        the sun is burning today and i'm going out
        the sun is blinding me
    """),
    "make a call": lines("""
        i have to talk to my mother, she's far away
        i need to ring somebody
    """),
    "listen to music": lines("""
        it's so quiet, i'd love some music
        i'm in the mood for a song
    """),
    "read": lines("""
        i'm bored, i feel like reading
        i want to read something
    """),
    "play with": lines("""
        the kids are bored
        the child wants to play
    """),
    "sweep up": lines("""
        there are crumbs all over the floor
        the floor is full of dust
    """),
    "wash the dishes": lines("""
        the dishes are dirty
        there's a pile of dirty plates
    """),
    "open a can": lines("""
        i can't get this can open
        this tin won't open
    """),
    "measure a length": lines("""
        how long is this board? i have to find out
    """),
    "hold papers together": lines("""
        my papers keep flying around
        these sheets belong together
    """),
    "get energy": lines("""
        i'm exhausted
        i have no energy left
        i've just finished my workout and i'm empty
    """),
    "recover after sport": lines("""
        i've just come back from the gym
        training was hard today
    """),
    "see far away": lines("""
        i want to watch the birds over there
    """),
    "light a candle": lines("""
        the candles aren't lit yet
    """),
    "sew on a button": lines("""
        a button came off my shirt
    """),
    "fall asleep": lines("""
        i lie awake every night
    """),
    "feed a cat": lines("""
        the cat is hungry
        the cat is meowing at its empty bowl
    """),
    "feed a dog": lines("""
        the dog hasn't eaten yet
        the dog is begging for food
    """),
    "water flowers": lines("""
        the flowers look dry
        the plants are drooping
    """),
    "protect the head": lines("""
        i'm going to the building site, something might fall on me
    """),
    "charge a phone": lines("""
        my phone is nearly empty
        my battery is at two percent
    """),
    "wrap a present": lines("""
        the birthday gift isn't wrapped yet
    """),
    "pass the time": lines("""
        i'm bored
        i have to wait for hours and don't know what to do
    """),
    "quench thirst": lines("""
        i've been in the sun all day and need to quench my thirst
    """),
    "celebrate": lines("""
        we've won! let's have something to celebrate
    """),
    "relax": lines("""
        i'm so tense, i need to unwind
    """),
    "loosen a nut": lines("""
        this nut won't budge
    """),
    "pull out a nail": lines("""
        there's a nail in the board and it has to come out
    """),
    "tie things": lines("""
        these branches have to be bundled
    """),
    "stick things together": lines("""
        the vase is broken, the pieces have to hold together again
    """),
}  # fmt: skip
