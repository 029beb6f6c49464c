"""What a kind of problem is told with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its status, its title, and what a person can do about it."""

    status: int
    title: str
    en: str
    vi: str
