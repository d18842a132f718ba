"""The words that requests are built from: verbs, politeness, prepositions, joints. Pools of phrases with slots.

``{o}`` the thing, ``{t}`` where to, ``{s}`` where it then is, ``{m}`` the way there, ``{x}`` the target alone,
``{it}`` the pronoun for the thing; ``{goes}``, ``{belongs}``, ``{is}``, ``{needs}``, ``{ends}`` agree with it.
"""

from __future__ import annotations

from planner.learn.talk import (  # noqa: F401  one place to draw all words from
    AFTER_TALK,
    AND,
    ASK,
    BEFORE_TALK,
    CALL,
    CLOSE,
    FIRST,
    FIRST_B,
    LAST,
    THEN,
    lines,
)  # fmt: skip

# begins with a verb in its plain form: may follow "could you", "please", ...
PUT = lines("""
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
PUT_IN = lines("""
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
PUT_ON = lines("""
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
STATE = lines("""
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
TERSE = lines("""
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
BRING = lines("""
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
GIVE_TO = lines("""
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
WANT = lines("""
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
HOLD = lines("""
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
THROW = lines("""
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

GERUND = lines("""
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
