"""How people are found without their names lying anywhere: folding, and keyed hashes of what is folded."""

import hmac
import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return a text without diacritics and case, đ as d."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.replace("đ", "d")


def words(name: str) -> tuple[str, ...]:
    """Return the different folded words of a name, sorted."""
    return tuple(sorted(set(_WORD.findall(folded(name)))))


class Digests:
    """Keyed hashes: who lacks the secret can neither read nor guess what was hashed."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def of(self, kind: str, *parts: str) -> str:
        """Return the digest of some parts; other kinds and other cuts give other digests."""
        message = "".join(f"{len(part)}:{part}" for part in (kind, *parts))
        return hmac.digest(self._secret, message.encode(), "sha256").hex()

    def identity(self, number: str) -> str:
        """Return the digest of an identity number, however it is spaced."""
        return self.of("identity", "".join(words_in_order(number)))

    def name(self, name: str) -> tuple[str, ...]:
        """Return the digests of the words of a name."""
        return tuple(self.of("name", word) for word in words(name))

    def person(self, name: str | None, number: str | None) -> tuple[str, ...]:
        """Return all digests that a search for this person asks for."""
        names: Iterable[str] = self.name(name) if name else ()
        return (*names, *((self.identity(number),) if number else ()))


def words_in_order(text: str) -> list[str]:
    """Return the folded words of a text as they stand."""
    return _WORD.findall(folded(text))
