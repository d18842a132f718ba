"""The words that requests are built from: verbs, politeness, prepositions, joints. Pools of phrases with slots.

``{o}`` the thing, ``{t}`` where to, ``{s}`` where it then is, ``{m}`` the way there, ``{x}`` the target alone,
``{it}`` the pronoun for the thing; ``{goes}``, ``{belongs}``, ``{is}``, ``{needs}``, ``{ends}`` agree with it.
"""

from __future__ import annotations


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


# begins with a verb in its plain form: may follow "could you", "please", ...
PUT = _lines("""
    put {o} {t}
    put {o} {t}
    place {o} {t}
    place {o} {t}
    set {o} {s}
    set {o} down {s}
    lay {o} {s}
    move {o} {m}
    move {o} over {m}
    transfer {o} {m}
    shift {o} {m}
    take {o} {m}
    bring {o} {m}
    carry {o} {m}
    get {o} {m}
    send {o} {m}
    stick {o} {t}
    drop {o} {t}
    pop {o} {t}
    deposit {o} {s}
    tuck {o} {t}
    slide {o} {m}
    relocate {o} {m}
    transport {o} {m}
    position {o} {s}
    slip {o} {t}
    park {o} {s}
    plonk {o} {t}
    rest {o} {s}
    deliver {o} {m}
    push {o} {m}
    lift {o} {m}
    arrange for {o} to be {s}
    pick up {o} and put {it} {t}
    pick {o} up and place {it} {t}
    grab {o} and put {it} {t}
    grab {o} and move {it} {m}
    take {o} and put {it} {t}
    take {o} and drop {it} {t}
    fetch {o} and set {it} {s}
    lift {o} and lower {it} {t}
    make sure {o} {ends} up {s}
    make sure that {o} {is} {s}
    see to it that {o} {ends} up {s}
    see that {o} {gets} {m}
    ensure {o} {is} {s}
    find {o} and put {it} {t}
    find {o} and bring {it} {m}
    get {o} and place {it} {s}
    use your gripper to put {o} {t}
    reach for {o} and put {it} {t}
""")
PUT_IN = _lines("""
    store {o} {s}
    stash {o} {s}
    stow {o} {s}
    drop {o} into {x}
    throw {o} into {x}
    toss {o} into {x}
    pack {o} into {x}
    load {o} into {x}
    insert {o} into {x}
    stuff {o} into {x}
    fill {x} with {o}
    lock {o} away {s}
    keep {o} {s}
    let {o} disappear {t}
    chuck {o} into {x}
    hide {o} {s}
    collect {o} {s}
    dump {o} into {x}
    empty {o} into {x}
""")
PUT_ON = _lines("""
    stack {o} {t}
    balance {o} on {x}
    set {o} on top of {x}
    rest {o} on {x}
    cover {x} with {o}
    top {x} with {o}
    put {o} atop {x}
    lay {o} over {x}
    pile {o} {t}
    place {o} squarely on {x}
""")
# whole statements
STATE = _lines("""
    {o} {goes} {t}
    {o} {belongs} {s}
    {o} should be {s}
    {o} should go {t}
    {o} should end up {s}
    {o} must go {t}
    {o} {needs} to go {t}
    {o} {needs} to be {s}
    {o} {has} to be moved {m}
    {o} ought to be {s}
    {o} {is} supposed to be {s}
    {o} will be better off {s}
    {o} would look nicer {s}
    i want {o} {s}
    i'd like {o} {s}
    i'd like to have {o} {s}
    i'd like to see {o} {s}
    i need {o} {s}
    i would prefer {o} {s}
    i want you to have {o} {s}
    i'm looking to get {o} {m}
    i would like {o} to be {s}
    i wish {o} were {s}
    it would be nice to have {o} {s}
    the right spot for {o} is {s}
    the place for {o} is {s}
    what i need is {o} {s}
    the goal is to have {o} {s}
    your task is to get {o} {m}
    we need {o} {s}
    we want {o} {s}
    my idea was to have {o} {s}
    why {isnt} {o} {s} yet?
    {o} {is} not where {itn} should be, {itn} {belongs} {s}
    {s} is where {o} {belongs}
    {s} is where {o} should go
    {o} would fit nicely {s}
    {o} {goes} {t}, nowhere else
    by the end {o} should be {s}
""")
TERSE = _lines("""
    {o} -> {x}
    {o} to {x}
    {o} {t}
    {o} {s}
    {o}: {x}
    {o} => {x}
    move {o}, {x}
    {o} for {x}
    {o}, {s}
    put {o} {t}
    task: {o} {m}
""")
BRING = _lines("""
    bring me {o}
    bring {o} to me
    bring {o} over here
    bring {o} here
    bring {o}
    get me {o}
    get {o} for me
    fetch me {o}
    fetch {o}
    fetch {o} for me
    hand me {o}
    hand {o} to me
    hand {o} over
    give me {o}
    give {o} to me
    pass me {o}
    pass {o} to me
    pass {o} over
    deliver {o} to me
    carry {o} over to me
    go get {o}
    go and get me {o}
    grab me {o}
    grab {o} for me
    let me have {o}
    find {o} and bring {it} to me
    find me {o}
    come to me with {o}
    pick up {o} and bring {it} to me
    retrieve {o} for me
    run and fetch {o}
    take {o} to me
    serve me {o}
    make your way to me with {o}
    see that {o} {gets} to me
""")
GIVE_TO = _lines("""
    bring {o} to {x}
    take {o} to {x}
    give {o} to {x}
    give {x} {o}
    hand {o} to {x}
    hand {x} {o}
    bring {x} {o}
    carry {o} over to {x}
    deliver {o} to {x}
    pass {o} to {x}
    get {x} {o}
    fetch {o} for {x}
    find {o} and bring {it} to {x}
    serve {x} {o}
""")
WANT = _lines("""
    i want {o}
    i'd like {o}
    i would like {o}
    i'd like to have {o}
    i'd love {o}
    i need {o}
    i need {o} over here
    i could use {o}
    i could do with {o}
    i'll have {o}
    i'll take {o}
    can i have {o}?
    could i have {o}?
    could i get {o}?
    may i have {o}?
    can i get {o}?
    i'm looking for {o}, bring {it} to me
    where did i leave {o}? bring {it} here
    i'm waiting for {o}
    i'm after {o}
    i fancy {o}
    {o} for me
    one more thing, i need {o}
    what i'm missing is {o}
    mind getting me {o}?
    do you think you could get me {o}?
    is it possible for me to get {o}?
    have you got {o} for me?
    {o}, to me
    {o} {is} needed over here
""")
HOLD = _lines("""
    pick up {o}
    pick {o} up
    pick up {o} and hold {it}
    grab {o}
    take {o}
    take hold of {o}
    lift {o}
    lift up {o}
    lift {o} up
    hold {o}
    hold {o} up
    grasp {o}
    get hold of {o}
    raise {o}
    take {o} in your hand
    have {o} in your gripper
    seize {o}
    keep {o} in your hand
    hold on to {o}
    close your gripper around {o}
    clutch {o}
    get a grip on {o}
""")
THROW = _lines("""
    throw {o} away
    throw away {o}
    throw out {o}
    throw {o} out
    get rid of {o}
    dispose of {o}
    bin {o}
    trash {o}
    discard {o}
    toss {o}
    toss out {o}
    chuck {o} out
    dump {o}
    put {o} in the rubbish
    put {o} in the trash
    throw {o} in the garbage
    bring {o} to the trash
    scrap {o}
    remove {o}, it can go in the rubbish
    do away with {o}
""")

# in front of a plain verb
ASK = _lines("""
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
GERUND = _lines("""
    would you mind
    do you mind
    i'd appreciate you
    how about
    what about
    mind
    can i bother you with
    start by
    thanks in advance for
    it's time for
    could i trouble you with
""")
CALL = _lines("""
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
CLOSE = _lines("""
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
BEFORE_TALK = _lines("""
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
AFTER_TALK = _lines("""
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
THEN = _lines("""
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
AND = _lines("""
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
FIRST = _lines("""
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
FIRST_B = _lines("""
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
LAST = _lines("""
    , and finally {b}
    . Finally, {b}
    , and lastly {b}
    . Last, {b}
    . At the very end, {b}
    , and at the end {b}
    . The last thing: {b}
    , and to finish {b}
""")
