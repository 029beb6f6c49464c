"""Which level the answers to a scheme's questions allow; pure.

A level holds when every criterion that needs it is met, and the highest level that holds is the one
reached. For full, that is the machine test from the wording of NĐ 42/2022 (our reading of it: data,
``level_criteria.csv``).
"""

from collections.abc import Iterable, Mapping, Sequence

from services.registry.reference.kinds import Criterion, SchemeLevel

Answers = Mapping[str, bool]  # met or not; a criterion that is missing was not answered


def needs(level: str, criteria: Iterable[Criterion]) -> list[Criterion]:
    """Return the criteria a level needs, in their order."""
    return [criterion for criterion in criteria if level in criterion.needed_for.split()]


def attainable(levels: Iterable[SchemeLevel], criteria: Sequence[Criterion], answers: Answers) -> list[SchemeLevel]:
    """Return the levels of a scheme these answers leave possible, highest first; one where all are given."""
    found = []
    for level in sorted(levels, key=lambda each: -each.rank):
        given = [answers.get(need.criterion) for need in needs(level.level, criteria)]
        if False not in given:
            found.append(level)
        if all(given):
            break  # this level holds whatever else is answered, so no lower one is it
    return found
