"""What is said around a request: calls, small talk, joins and the words for an order."""

from __future__ import annotations


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


# in front of a plain verb
ASK = lines("""
    please
    please
    could you
    can you
    would you
    will you
    could you please
    can you please
    would you please
    could you possibly
    could you kindly
    can you just
    could you maybe
    could you quickly
    would you be so kind as to
    would you be able to
    be so kind as to
    be a dear and
    be a good robot and
    kindly
    just
    now
    go ahead and
    go and
    do me a favour and
    do me a favor and
    i'd like you to
    i would like you to
    i want you to
    i need you to
    i'd appreciate it if you could
    i'd be grateful if you could
    i was wondering if you could
    i wonder if you could
    it would be great if you could
    it would help if you could
    it'd be nice if you could
    you should
    you need to
    you have to
    you may
    you can
    you could
    you are to
    your job is to
    your task is to
    try to
    help me to
    help me out and
    is there any chance you could
    any chance you could
    would it be possible for you to
    do you think you could
    do you mind if i ask you to
    may i ask you to
    might i ask you to
    let me ask you to
    next, please
    okay now
    we need you to
    don't forget to
    remember to
    hurry up and
    don't you want to
    how about you
    why don't you
    what if you
    i think you should
    i suggest you
    i need your help to
    you know what, please
    seriously, please
    all i ask is that you
    time to
    be quick and
    feel free to
    the plan is to
    i'm asking you to
    i'm going to need you to
    your next job: 
    task for you: 
    let's
""")  # fmt: skip


CALL = lines("""
    robot,
    hey,
    hey robot,
    hi,
    hello,
    hello there,
    ok,
    okay,
    right,
    alright,
    so,
    well,
    listen,
    excuse me,
    sorry to bother you,
    buddy,
    my friend,
    dear robot,
    ok robot,
    good morning,
    good evening,
    um,
    erm,
    hmm,
    oh,
    say,
    look,
    yo,
    mate,
    actually,
    quick one:
    attention,
    when you have a minute,
    if you don't mind,
    if possible,
    if you can,
    as soon as you can,
    before i forget,
    whenever you're ready,
""")


CLOSE = lines("""
    , please
    , please
    , thanks
    , thank you
    , thank you very much
    , would you
    , will you
    , ok
    , if you can
    , if you don't mind
    , if possible
    , if it's no trouble
     for me
     for me, please
     right away
     right now
     now
     when you get a chance
     when you have time
     as soon as possible
     asap
     quickly
     carefully
     gently
    , cheers
    , much appreciated
    , that would be great
    , there's a good robot
    , my friend
    , robot
    , pretty please
    , i beg you
    , that's all
    , nothing else
    , would you be so kind
    , and take your time
    , no rush
     before anyone notices
    , alright
""")


BEFORE_TALK = lines("""
    What a day.
    I had a long day.
    I just got home.
    I'm so tired today.
    My back hurts.
    I've got visitors coming.
    My parents are coming over tonight.
    My sister will be here in ten minutes.
    The kids left such a mess again.
    I'm in a bit of a hurry.
    It's raining outside.
    Good to see you again.
    How are you today?
    Nice weather, isn't it?
    You did great yesterday.
    I'm not feeling well.
    I'm a bit sad today.
    I'm in such a good mood!
    I can't get up right now.
    I've hurt my foot.
    My hands are full.
    I'm on the phone.
    I have a meeting soon.
    I can't reach that far.
    This place looks terrible.
    This is driving me mad.
    Ugh, not again.
    It's been ages since we cleaned up here.
    I hope you're fully charged.
    Let's get going.
    I need a hand here.
    There is something I need from you.
    Here is the next one.
    We have work to do.
    I've been looking forward to this.
    Sorry, me again.
    I know I ask a lot.
    Don't laugh at me.
    The boss is coming.
    Somebody has been messing around here.
    I'd do it myself but I have no time.
    The doctor told me not to lift anything.
    My glasses are broken, I see nothing.
    We're moving out next week.
    It's my birthday today.
""")


AFTER_TALK = lines("""
    That would help me a lot.
    That would make my day.
    You're the best.
    Thanks a lot!
    Thank you so much.
    I owe you one.
    Take your time.
    There's no hurry.
    Be careful.
    Don't break anything.
    I really appreciate it.
    Then we're done for today.
    I'll be back in a minute.
    That's all for now.
    Let me know when it's done.
    I can't do it myself.
    I'm counting on you.
    And no funny business.
    You know how I am.
    After that you can rest.
    It's important to me.
    I know you can do it.
    Have a nice day.
    Otherwise I'll go crazy.
    It's getting late.
    I don't want to do it alone.
    My mother insists.
    It bothers me.
""")


THEN = lines("""
    , then {b}
    , and then {b}
     and then {b}
    , after that {b}
    , and after that {b}
    . Then {b}
    . After that, {b}
    . Afterwards {b}
    . Next, {b}
    . Once that is done, {b}
    . When you're done with that, {b}
    ; then {b}
    , and once you've done that, {b}
    , next {b}
    , afterwards {b}
    . When that's finished, {b}
    . As the next step, {b}
    , followed by this: {b}
    , and when that's done {b}
    . Only then {b}
""")


AND = lines("""
     and {b}
     and {b}
    , and {b}
    , and also {b}
     and also {b}
    . Also {b}
    . Also, {b}
    ; {b}
    , plus {b}
    . And {b}
    . In addition, {b}
    , as well as {b}
    . Oh, and {b}
    . One more thing: {b}
    . Besides that, {b}
    . {b}
""")


FIRST = lines("""
    first {a}
    first, {a}
    first of all, {a}
    start with this: {a}
    to begin with, {a}
    begin like this: {a}
    step one: {a}
    {a} first
    before anything else {a}
""")


FIRST_B = lines("""
    before you {b}, {a}
    {a} before you {b}
    {b}, but first {a}
    {b}, but {a} first
    {b} after you {a}
    after you {a}, {b}
    once you {a}, {b}
    {b} once you {a}
    don't {b} until you {a}
    {b}, but not before you {a}
""")


LAST = lines("""
    , and finally {b}
    . Finally, {b}
    , and lastly {b}
    . Last, {b}
    . At the very end, {b}
    , and at the end {b}
    . The last thing: {b}
    , and to finish {b}
""")
