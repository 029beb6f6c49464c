"""Takes invisible text off a page: what some earlier engine read, rightly or not."""

from collections.abc import Iterable, Iterator, Sequence

import pikepdf
from pikepdf import ContentStreamInstruction, Dictionary, Name, Object, Operator, Pdf, Stream

from services.ocr.pdf.streams import content_of, make_content

_INVISIBLE, _CLIPPING = 3, 7  # text rendering modes: neither filled nor stroked; the second clips what follows
_PAINTING = frozenset({"Do", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"})
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_MOST_LEVELS = 8
_OF_STREAM = frozenset({"/Length", "/Filter", "/DecodeParms", "/Resources"})

Instruction = ContentStreamInstruction | pikepdf.ContentStreamInlineImage


def drop_hidden_text(document: Pdf, page: Dictionary) -> bool:
    """Take the text that a page shows without painting it out of its content and of its forms.

    Fonts that only this text used go with it. Returns whether the page had some and has no other
    text. Raises ``pikepdf.PdfError`` for content that cannot be read.
    """
    cleaner = _Cleaner(document)
    content, page.Resources = cleaner.rewritten(page.get("/Contents"), page.get("/Resources"), level=0)
    page.Contents = make_content(document, content)
    return cleaner.dropped and not cleaner.shows_text


class _Cleaner:
    """Rewrites the forms of one page, each once, as copies: other pages may show them too."""

    def __init__(self, document: Pdf) -> None:
        self._document = document
        self._copies: dict[tuple[int, int], Stream] = {}
        self.dropped = False
        self.shows_text = False

    def rewritten(self, contents: Object | None, resources: Object | None, *, level: int) -> tuple[bytes, Dictionary]:
        """Return a content without hidden text, and the resources that the rest needs."""
        instructions = pikepdf.parse_content_stream(Stream(self._document, content_of(contents)))
        shown = list(_visible(instructions))
        fonts = _fonts_that_show(shown)
        self.shows_text |= bool(fonts)
        self.dropped |= _showing(shown) < _showing(instructions)
        content = pikepdf.unparse_content_stream([i for i in shown if not _chooses_other(i, fonts)])
        own = Dictionary(dict(resources.items()) if isinstance(resources, Dictionary) else {})
        if isinstance(own.get("/XObject"), Dictionary) and level < _MOST_LEVELS:
            own.XObject = Dictionary({name: self._form(drawn, own, level=level) for name, drawn in own.XObject.items()})
        if isinstance(own.get("/Font"), Dictionary):
            own.Font = Dictionary({name: font for name, font in own.Font.items() if name in fonts})
        return content, own

    def _form(self, drawn: Object, outer: Dictionary, *, level: int) -> Object:
        if not isinstance(drawn, Stream) or drawn.get("/Subtype") != Name.Form:
            return drawn
        if drawn.objgen not in self._copies:
            content, resources = self.rewritten(drawn, drawn.get("/Resources", outer), level=level + 1)
            entries = {key[1:]: value for key, value in drawn.items() if key not in _OF_STREAM}
            self._copies[drawn.objgen] = make_content(self._document, content, **entries, Resources=resources)
        return self._copies[drawn.objgen]


def _visible(instructions: Sequence[Instruction]) -> Iterator[Instruction]:
    """Yield what is left when invisible text is gone, and text that would clip if anything came after it."""
    modes = list(_modes(instructions))
    last = max((n for n, one in enumerate(instructions) if _paints(one, modes[n])), default=-1)
    for number, instruction in enumerate(instructions):
        hidden = modes[number] == _INVISIBLE or (modes[number] == _CLIPPING and number > last)
        if hidden and str(instruction.operator) in _SHOWING:
            yield from _what_stays(instruction, str(instruction.operator))
        else:
            yield instruction


def _modes(instructions: Iterable[Instruction]) -> Iterator[int]:
    """Yield the text rendering mode in force at each instruction."""
    mode, outside = 0, []
    for instruction in instructions:
        name = str(instruction.operator)
        if name == "q":
            outside.append(mode)
        elif name == "Q" and outside:
            mode = outside.pop()
        elif name == "Tr" and instruction.operands:
            mode = int(str(instruction.operands[0]))
        yield mode


def _paints(instruction: Instruction, mode: int) -> bool:
    name = str(instruction.operator)
    return name in _PAINTING or (name in _SHOWING and mode not in (_INVISIBLE, _CLIPPING))


def _what_stays(instruction: Instruction, name: str) -> Iterator[Instruction]:
    """Yield what an operator that shows text does beside it: move to the next line, set the spaces."""
    operands = list(instruction.operands)
    if name == '"' and len(operands) == 3:
        yield ContentStreamInstruction(operands[:1], Operator("Tw"))
        yield ContentStreamInstruction(operands[1:2], Operator("Tc"))
    if name in ("'", '"'):
        yield ContentStreamInstruction([], Operator("T*"))


def _showing(instructions: Iterable[Instruction]) -> int:
    return sum(str(instruction.operator) in _SHOWING for instruction in instructions)


def _chooses_other(instruction: Instruction, fonts: set[str]) -> bool:
    """Say whether an instruction chooses a font that shows nothing."""
    return str(instruction.operator) == "Tf" and (not instruction.operands or str(instruction.operands[0]) not in fonts)


def _fonts_that_show(instructions: Iterable[Instruction]) -> set[str]:
    used, font, outside = set(), "", []
    for instruction in instructions:
        name = str(instruction.operator)
        if name == "q":
            outside.append(font)
        elif name == "Q" and outside:
            font = outside.pop()
        elif name == "Tf" and instruction.operands:
            font = str(instruction.operands[0])
        elif name in _SHOWING:
            used.add(font)
    return used
