"""The outline of a document, rewritten: titles and the pages they lead to, without actions."""

from collections.abc import Iterator, Mapping

from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, String

_MOST_ITEMS = 10_000
_MOST_LEVELS = 20

PageNumbers = Mapping[tuple[int, int], int]  # from a page's object to its index


def outline_of(document: Pdf, numbers: PageNumbers) -> list[OutlineItem]:
    """Return the outline's items; those that lead out of the document lead nowhere."""
    outlines = document.Root.get("/Outlines")
    if not isinstance(outlines, Dictionary):
        return []
    return list(_Reader(document, numbers).items(outlines, level=0))


class _Reader:
    """Reads items once each: a hostile outline may go round in circles."""

    def __init__(self, document: Pdf, numbers: PageNumbers) -> None:
        self._named = _named_places(document)
        self._numbers = numbers
        self._seen: set[tuple[int, int]] = set()

    def items(self, parent: Dictionary, *, level: int) -> Iterator[OutlineItem]:
        entry = parent.get("/First")
        while isinstance(entry, Dictionary) and self._is_new(entry) and level < _MOST_LEVELS:
            title = entry.get("/Title")
            item = OutlineItem(str(title) if isinstance(title, String) else "", self._page(entry))
            item.children.extend(self.items(entry, level=level + 1))
            yield item
            entry = entry.get("/Next")

    def _is_new(self, entry: Dictionary) -> bool:
        if not entry.is_indirect or entry.objgen in self._seen or len(self._seen) >= _MOST_ITEMS:
            return False
        self._seen.add(entry.objgen)
        return True

    def _page(self, entry: Dictionary) -> int | None:
        place = entry.get("/Dest")
        action = entry.get("/A")
        if place is None and isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
            place = action.get("/D")
        return self._number(place)

    def _number(self, place: object) -> int | None:
        if isinstance(place, (String, Name)):
            place = self._named.get(_key(place))
        if isinstance(place, Dictionary):
            place = place.get("/D")
        if not isinstance(place, Array) or not len(place):
            return None
        page = place[0]
        return self._numbers.get(page.objgen) if isinstance(page, Dictionary) and page.is_indirect else None


def _key(name: Object) -> bytes:
    return bytes(name) if isinstance(name, String) else str(name).encode()


def _named_places(document: Pdf) -> dict[bytes, Object]:
    """Return the named destinations, of both kinds."""
    places: dict[bytes, Object] = {}
    old = document.Root.get("/Dests")
    if isinstance(old, Dictionary):
        places.update((name.encode(), place) for name, place in old.items())
    names = document.Root.get("/Names")
    if isinstance(names, Dictionary):
        places.update(_leaves(names.get("/Dests")))
    return places


def _leaves(tree: object) -> Iterator[tuple[bytes, Object]]:
    waiting, seen = [tree], set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        seen.add(node.objgen)
        names, kids = node.get("/Names"), node.get("/Kids")
        if isinstance(names, Array):
            pairs = list(names)
            yield from ((bytes(k), v) for k, v in zip(pairs[::2], pairs[1::2], strict=False) if isinstance(k, String))
        if isinstance(kids, Array):
            waiting.extend(kids)
