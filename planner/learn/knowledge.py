"""What is known of everyday things: kinds, uses, properties, homes, dangers. Read from ``configs/knowledge/*.yaml``.

A file maps names to lists: ``apple: {kinds: [fruit, food], uses: [eating], is: [round], belongs: [fruit bowl],
made: [], unsafe: [], names: [red apple]}``. Every key may be left out. ``unsafe`` says what the thing must not come
into (``microwave``), ``names`` how else it is called. With ``alike: [anorak, ski jacket]`` a row describes
a sort: the same is said of every thing listed, and of the one that gives the row its name; a thing that has a row of
its own (or is in an earlier sort) only gains the sort's kinds and properties. ``members`` is the same for things that
are all known elsewhere. Needs no torch: the planner may look things up as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

from envs.strict import Document, FileError, read_yaml, suggest

KEYS = {
    "kinds": "kinds", "uses": "uses", "is": "properties", "belongs": "homes", "made": "materials",
    "unsafe": "unsafe", "names": "names",
}  # fmt: skip
OTHERS = ("alike", "members")
FIELDS = ("kinds", "uses", "properties", "homes", "materials", "unsafe")
LONGEST = 80  # characters of a name or phrase


@dataclass(frozen=True)
class Entry:
    """One thing. ``properties``: the file's ``is``; ``homes``: ``belongs``; ``materials``: ``made``."""

    name: str
    kinds: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def has(self, field: str, phrase: str) -> bool:
        """Whether ``phrase`` is listed under the field (one of `FIELDS`)."""
        return phrase in getattr(self, field)


Sort = tuple[Entry, tuple[str, ...], tuple[str, ...], Document]  # what is said, things alike, members, where


class Knowledge:
    """All entries, with look-ups from phrase to names. Names and phrases are lower case, single spaces."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: dict[str, Entry] = {}
        for e in sorted(entries, key=lambda e: e.name):
            if e.name in self.entries:
                raise ValueError(f"knowledge: {e.name!r} occurs twice")
            self.entries[e.name] = e

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __getitem__(self, name: str) -> Entry:
        if name not in self.entries:
            raise KeyError(f"nothing is known of {name!r}{suggest(name, self.entries)}")
        return self.entries[name]

    def exactly(self, phrase: str) -> Entry | None:
        """The entry of this name or other name, hyphens or not, without a guess; None when there is none."""
        name = phrase if phrase in self.entries else self._by_other_name.get(phrase.replace("-", " "))
        return self.entries[name] if name is not None else None

    def find(self, phrase: str) -> Entry | None:
        """The entry that a phrase names: exactly, by another name, or by its last words ("my green coke can" is a
        "coke can", else a "can"); None when nothing fits."""
        words = " ".join(phrase.lower().split()).split()
        for start in range(len(words)):
            entry = self.exactly(" ".join(words[start:]))
            if entry is not None:
                return entry
        return None

    def phrases(self, field: str, at_least: int = 1) -> tuple[str, ...]:
        """All phrases of a field (one of `FIELDS`) with so many members, sorted."""
        return tuple(sorted(p for p, names in self._index[field].items() if len(names) >= at_least))

    def members(self, field: str, phrase: str) -> tuple[str, ...]:
        """Names of the things that list the phrase under the field, sorted; empty when none does."""
        return self._index[field].get(phrase, ())

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Names of the things of a kind."""
        return self.members("kinds", kind)

    def for_use(self, use: str) -> tuple[str, ...]:
        """Names of the things with a use."""
        return self.members("uses", use)

    def with_property(self, word: str) -> tuple[str, ...]:
        """Names of the things that are so."""
        return self.members("properties", word)

    def belonging(self, home: str) -> tuple[str, ...]:
        """Names of the things that belong there."""
        return self.members("homes", home)

    def made_of(self, material: str) -> tuple[str, ...]:
        """Names of the things made of it."""
        return self.members("materials", material)

    def unsafe_with(self, where: str) -> tuple[str, ...]:
        """Names of the things that must not come into or near it."""
        return self.members("unsafe", where)

    def without(self, objects: Iterable[str] = (), categories: Iterable[tuple[str, str]] = ()) -> Knowledge:
        """The same without some objects and without some categories (field, phrase) on all objects."""
        gone, dropped = frozenset(objects), frozenset(categories)
        kept = []
        for e in self:
            if e.name in gone:
                continue
            change = {}
            for field in FIELDS:
                phrases = getattr(e, field)
                left = tuple(p for p in phrases if (field, p) not in dropped)
                if left != phrases:
                    change[field] = left
            kept.append(replace(e, **change) if change else e)
        return Knowledge(kept)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the data, independent of how the files are laid out."""
        rows = [[e.name, *(sorted(getattr(e, f)) for f in (*FIELDS, "names"))] for e in self]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def _index(self) -> dict[str, dict[str, tuple[str, ...]]]:
        index: dict[str, dict[str, list[str]]] = {f: {} for f in FIELDS}
        for e in self:
            for field in FIELDS:
                for phrase in getattr(e, field):
                    index[field].setdefault(phrase, []).append(e.name)
        return {f: {p: tuple(names) for p, names in rows.items()} for f, rows in index.items()}

    @cached_property
    def _by_other_name(self) -> Mapping[str, str]:
        other: dict[str, str] = {}
        for e in self:
            for name in e.names:
                other.setdefault(name.replace("-", " "), e.name)
        for e in self:
            other.setdefault(e.name.replace("-", " "), e.name)
        return other


def load_knowledge(paths: Iterable[str | Path] | None = None) -> Knowledge:
    """The shipped knowledge, or that of other files; raises FileError with file, line and what is wrong."""
    if paths is None:
        return _shipped()
    return read_knowledge(read_yaml(Path(p)) for p in paths)


@lru_cache(maxsize=1)
def _shipped() -> Knowledge:
    folder = Path(str(resources.files("configs"))) / "knowledge"
    found = sorted(folder.glob("*.yaml"))
    if not found:
        raise FileError("no knowledge files; expected *.yaml here", str(folder))
    from planner.learn.kept_knowledge import kept

    return kept(found, lambda: read_knowledge(read_yaml(p) for p in found), Path(__file__))


def read_knowledge(documents: Iterable[Document]) -> Knowledge:
    """Knowledge from documents; a name may have one row in all of them, and be in any number of sorts."""
    entries: dict[str, tuple[Entry, str]] = {}
    sorts: list[Sort] = []
    for document in documents:
        if not isinstance(document.data, dict):
            raise document.error("expected a mapping from names to {kinds: [...], ...}")
        for name, row in document.data.items():
            entry, alike, members = _entry(document, name, row)
            if alike or members:
                sorts.append((entry, (entry.name, *alike), members, document))
            elif entry.name in entries:
                raise document.error(f"{entry.name!r} is in {entries[entry.name][1]} already", (name,))
            else:
                entries[entry.name] = (entry, document.file)
    found = {name: entry for name, (entry, _) in entries.items()}
    return Knowledge(_with_sorts(found, sorts).values())


def _with_sorts(entries: dict[str, Entry], sorts: Iterable[Sort]) -> dict[str, Entry]:
    """The entries and what the sorts list; another name of an entry with a row stays that, and passes the kinds on."""
    other = {name: e.name for e in entries.values() for name in e.names}
    late = []
    for sort, alike, members, document in sorts:
        for name in alike if not members else ():
            if name in entries:
                _gains(entries, name, sort, sort.properties)
            elif name in other:
                _gains(entries, other[name], sort, ())
            else:
                entries[name] = replace(sort, name=name, names=sort.names if name == sort.name else ())
        late += [(sort, name, document) for name in ((sort.name, *members) if members else ())]
    for sort, name, document in late:
        known = name if name in entries else other.get(name)
        if known is None:
            raise document.error(f"nothing else is said of {name!r}{suggest(name, entries)}", (sort.name,))
        _gains(entries, known, sort, sort.properties if name == known else ())
    return entries


def _gains(entries: dict[str, Entry], name: str, sort: Entry, properties: tuple[str, ...]) -> None:
    known = entries[name]
    kinds = tuple(dict.fromkeys((*known.kinds, *sort.kinds)))
    entries[name] = replace(known, kinds=kinds, properties=tuple(dict.fromkeys((*known.properties, *properties))))


def _entry(document: Document, name: object, row: object) -> tuple[Entry, tuple[str, ...], tuple[str, ...]]:
    """What a row says, the other things of its sort, and things known elsewhere that are of it."""
    path = (name if isinstance(name, str) else str(name),)
    if not isinstance(name, str):
        raise document.error(f"a name is text, got {name!r}; put it in quotes", path)
    _checked(document, name, path, "the name")
    if not isinstance(row, dict):
        raise document.error(f"{name!r}: expected {{kinds: [...], ...}}, got {row!r}", path)
    fields: dict[str, tuple[str, ...]] = {}
    for key, phrases in row.items():
        if key not in KEYS and key not in OTHERS:
            known = (*KEYS, *OTHERS)
            raise document.error(f"{name!r}: unknown key {key!r}{suggest(str(key), known)} ({', '.join(known)})", path)
        if not isinstance(phrases, list):
            raise document.error(f"{name!r}: {key} is a list of phrases, got {phrases!r}", (*path, key))
        for i, phrase in enumerate(phrases):
            if not isinstance(phrase, str):
                text = f"{name!r}: {key} has {phrase!r}, which is no text; put it in quotes"
                raise document.error(text, (*path, key, i))
            _checked(document, phrase, (*path, key, i), f"{name!r}: {key}")
        if len(set(phrases)) < len(phrases):
            twice = next(p for p in phrases if phrases.count(p) > 1)
            raise document.error(f"{name!r}: {key} lists {twice!r} twice", (*path, key))
        fields[KEYS.get(key, key)] = tuple(phrases)
    alike, members = fields.pop("alike", ()), fields.pop("members", ())
    return Entry(name, **fields), alike, members


def _checked(document: Document, text: str, path: tuple[str | int, ...], what: str) -> None:
    if not text or text != " ".join(text.lower().split()):
        raise document.error(f"{what}: {text!r} must be lower case with single spaces, and not empty", path)
    if len(text) > LONGEST or set(text) & set(",()\n"):
        raise document.error(f"{what}: {text!r} must not hold commas or brackets nor exceed {LONGEST} letters", path)
