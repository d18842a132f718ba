"""The skills a robot has, by name: lookup, grounding on what is present, and reading a step from text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping

from skills.close_ import CLOSE_SKILL
from skills.failure import Blame, Failure, FailureKind
from skills.find import FIND_SKILL
from skills.go_to import GO_TO_SKILL
from skills.hand_over import HAND_OVER_SKILL
from skills.home import GO_HOME_SKILL
from skills.open_ import OPEN_SKILL
from skills.pick import PICK_SKILL
from skills.place import PLACE_SKILLS
from skills.place_near import PLACE_NEAR_SKILLS
from skills.pour import POUR_SKILL
from skills.press import PRESS_AGAIN_SKILL, PRESS_SKILL
from skills.push_to import PUSH_TO_SKILL
from skills.resolve import available, resolve, suggestion
from skills.skill import GroundSkill, Skill
from skills.state import State
from skills.turn_upright import TURN_UPRIGHT_SKILL
from skills.wipe import WIPE_SKILL

GROUP = "groundplan.skills"
JOINT_SKILLS = (OPEN_SKILL, CLOSE_SKILL, PRESS_SKILL, PRESS_AGAIN_SKILL)
PLAIN_SKILLS = (PICK_SKILL, *PLACE_SKILLS, *JOINT_SKILLS, GO_HOME_SKILL, GO_TO_SKILL)
MORE_SKILLS = (HAND_OVER_SKILL, TURN_UPRIGHT_SKILL, PUSH_TO_SKILL, FIND_SKILL, *PLACE_NEAR_SKILLS)
LOOSE_SKILLS = (POUR_SKILL, WIPE_SKILL)
_STEP = re.compile(r"^\s*([A-Za-z_]\w*)\s*\(([^()]*)\)\s*\.?\s*$")


class SkillLibrary(Mapping[str, Skill]):
    """Skills by name, in the order of registration."""

    def __init__(self, skills: Iterable[Skill] = ()) -> None:
        self._skills: dict[str, Skill] = {}
        for skill in skills:
            self.register(skill)

    def __getitem__(self, name: str) -> Skill:
        if name not in self._skills:
            raise KeyError(f"no skill {name!r}{suggestion(name, self._skills)}; known: {', '.join(self._skills)}")
        return self._skills[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._skills)

    def __len__(self) -> int:
        return len(self._skills)

    def __contains__(self, name: object) -> bool:
        return name in self._skills

    def register(self, skill: Skill) -> None:
        """Add a skill; raises ValueError when the name is taken."""
        if skill.name in self._skills:
            raise ValueError(f"a skill named {skill.name!r} is there already; known: {', '.join(self._skills)}")
        self._skills[skill.name] = skill

    def subset(self, names: Iterable[str]) -> SkillLibrary:
        """A library of some of the skills; raises KeyError naming the choices."""
        return SkillLibrary(self[n] for n in names)

    def usable(self, state: State) -> SkillLibrary:
        """The skills for which there is something of every type that they need: no pouring where nothing is loose."""
        return self.subset(n for n, s in self.items() if all(state.of_type(p.type) for p in s.operator.parameters))

    def ground(self, state: State) -> list[GroundSkill]:
        """Every well-typed ground skill on the things of ``state``, in a fixed order; arguments all differ."""
        out = []
        for skill in self.values():
            choices = [state.of_type(p.type) for p in skill.operator.parameters]
            out += [GroundSkill(skill, args) for args in itertools.product(*choices) if len(set(args)) == len(args)]
        return out

    def applicable(self, state: State) -> list[GroundSkill]:
        """Those whose preconditions hold in ``state``."""
        return [g for g in self.ground(state) if not state.unmet(g.operator.preconditions)]

    def parse(self, text: str, state: State | None = None) -> GroundSkill | Failure:
        """Read ``name(arg, ...)``.

        With a ``state`` the arguments are checked: each must be a thing of it (upper and lower case are one) and of
        the parameter's type. Failures: UNPARSABLE, UNKNOWN_SKILL, UNKNOWN_OBJECT, WRONG_TYPE, blamed on the LM.
        """
        match = _STEP.match(text) if isinstance(text, str) else None
        if match is None:
            return _lm(FailureKind.UNPARSABLE, f"not a step: {str(text)[:80]!r}; write skill(object, ...)")
        name, inside = match.groups()
        if name not in self:
            return _lm(
                FailureKind.UNKNOWN_SKILL,
                f"no skill {name!r}{suggestion(name, self)}; known: {', '.join(self)}",
            )
        skill = self[name]
        args = tuple(" ".join(a.split()) for a in inside.split(",")) if inside.strip() else ()
        parameters = skill.operator.parameters
        if len(args) != len(parameters) or not all(args):
            wanted = ", ".join(f"{p.name}: {p.type}" for p in parameters)
            return _lm(FailureKind.UNPARSABLE, f"{name} takes ({wanted}), got ({', '.join(args)})")
        if state is None:
            return GroundSkill(skill, args)
        return self._checked(skill, args, state)

    def _checked(self, skill: Skill, args: tuple[str, ...], state: State) -> GroundSkill | Failure:
        exact = []
        for given in args:
            name = given if given in state.things else _same_but_case(given, state)
            if name is None:
                return _lm(
                    FailureKind.UNKNOWN_OBJECT,
                    f"no object {given!r}{suggestion(given, state.things)}; present: {', '.join(sorted(state.things))}",
                )
            exact.append(name)
        for name, parameter in zip(exact, skill.operator.parameters, strict=True):
            if parameter.type not in state.things[name].types:
                fitting = ", ".join(state.of_type(parameter.type)) or "none"
                return _lm(
                    FailureKind.WRONG_TYPE,
                    f"{skill.name}: {parameter.name} must be a {parameter.type}, "
                    f"{name!r} is {_kinds(state, name)}; {parameter.type}: {fitting}",
                )
        if len(set(exact)) < len(exact):
            return _lm(FailureKind.WRONG_TYPE, f"{skill.name}: the same thing twice, {exact[0]!r}")
        return GroundSkill(skill, tuple(exact))


def _same_but_case(given: str, state: State) -> str | None:
    matches = [n for n in state.things if n.casefold() == given.casefold()]
    return matches[0] if len(matches) == 1 else None


def _kinds(state: State, name: str) -> str:
    return ", ".join(sorted(state.things[name].types)) or "nothing"


def _lm(kind: FailureKind, detail: str) -> Failure:
    return Failure(kind, detail, blame=Blame.LM)


def plain_library() -> SkillLibrary:
    """What a robot does all day: picking, placing, opening, pressing, driving. Every dear skill and every one for loose
    stuff is left out."""
    return SkillLibrary(PLAIN_SKILLS)


def default_library(plugins: bool = False) -> SkillLibrary:
    """Everything in this package, plain skills first; with ``plugins`` also the installed entry points of the group
    ``groundplan.skills`` (each a `Skill`)."""
    library = SkillLibrary((*PLAIN_SKILLS, *MORE_SKILLS, *LOOSE_SKILLS))
    if plugins:
        for name in sorted(available(GROUP)):
            library.register(resolve(name, GROUP, Skill))
    return library
