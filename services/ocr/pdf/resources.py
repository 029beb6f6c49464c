"""Puts what pages draw with into a form PDF/A allows, without touching what it looks like."""

import re
from collections.abc import Iterable, Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from services.ocr.pdf.icc import screen_ink
from services.ocr.pdf.jpeg import frame_of
from services.ocr.pdf.jpeg2000 import components, wrapped
from services.ocr.pdf.streams import ObjectNumber, content_of, mend, reached

_STREAM = ("/Filter", "/DecodeParms", "/Length", "/Type", "/Subtype", "/Name")
# the rest are hints, histories and alternatives that PDF/A forbids or a copy has no use for
_OF_PICTURES = frozenset({
    *_STREAM, "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/ImageMask", "/Mask", "/Decode", "/Matte",
    "/SMask", "/Intent", "/SMaskInData",
})  # fmt: skip
_OF_FORMS = frozenset({*_STREAM, "/FormType", "/BBox", "/Matrix", "/Resources", "/Group"})
_NOT_OF_STATES = ("/TR", "/TR2", "/HTP", "/HT", "/BG", "/BG2", "/UCR", "/UCR2")
_INTENTS = ("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation")
_DEVICE_COLOURS = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_DRAWN_BY_NAME = ("/Font", "/XObject")
_KINDS = ("/ExtGState", "/Pattern", "/XObject", "/Font")
_ESCAPED_NAME = re.compile(rb"/[^\s/<>\[\](){}%#]*#")
_NAME_END = rb"(?![^\s/<>\[\](){}%])"


class Tidied:
    """The resources of a document's pages, each seen to once.

    With ``ink``, DeviceCMYK is given a meaning wherever something is drawn: the output intent is
    about red, green and blue.
    """

    def __init__(self, document: Pdf, *, ink: bool) -> None:
        self._document = document
        self._seen: set[ObjectNumber] = set()
        self._mended: set[ObjectNumber] = set()
        self._ink = _screen_ink(document) if ink else None

    def tidy(self, page: Object) -> None:
        """See to what a page draws with, and to all that this leads to."""
        self._tidy_resources(page)
        for found in reached(page, self._mended):
            if isinstance(found, Stream):
                mend(found)

    def _tidy_resources(self, page: Object) -> None:
        waiting = [page]
        while waiting:
            holder = waiting.pop()
            resources = holder.get("/Resources")
            if isinstance(resources, Dictionary) and self._is_new(holder):
                holder.Resources = resources = self._own(holder, resources)
                waiting.extend(self._inner(resources))

    def _is_new(self, found: Object) -> bool:
        """Say whether an object is met for the first time; one without a number hangs on one place only."""
        if not found.is_indirect:
            return True
        new = found.objgen not in self._seen
        self._seen.add(found.objgen)
        return new

    def _own(self, holder: Object, resources: Dictionary) -> Dictionary:
        """Return the resources as the holder's own, without what it does not draw."""
        own = Dictionary({key: value for key, value in resources.items() if key != "/Encoding"})
        _lend(own)
        _leave_out_unused(holder, own)
        if self._ink is not None:
            spaces = own.get("/ColorSpace")
            named = dict(spaces.items()) if isinstance(spaces, Dictionary) else {}
            own.ColorSpace = Dictionary({"/DefaultCMYK": self._ink, **named})
        return own

    def _inner(self, resources: Dictionary) -> Iterator[Object]:
        for kind in _KINDS:
            members = resources.get(kind)
            for member in list(members.values()) if isinstance(members, Dictionary) else ():
                if isinstance(member, Dictionary | Stream):
                    yield from self._member(kind, member)

    def _member(self, kind: str, member: Object) -> Iterator[Object]:
        if kind == "/ExtGState":
            _without(member, _NOT_OF_STATES)
        elif kind == "/Font":
            _tidy_font(member)
        elif kind == "/XObject" and member.get("/Subtype") == Name.Image:
            self._picture(member)
        elif kind == "/XObject":
            _keep_only(member, _OF_FORMS)
        mask = member.get("/SMask")
        if isinstance(mask, Dictionary) and isinstance(mask.get("/G"), Stream):
            _keep_only(mask.G, _OF_FORMS)
            yield mask.G
        yield member

    def _picture(self, picture: Object) -> None:
        if not self._is_new(picture):
            return
        for stream in (picture, picture.get("/SMask"), picture.get("/Mask")):
            if isinstance(stream, Stream):
                _keep_only(stream, _OF_PICTURES)
                _tidy_picture(stream)


def _screen_ink(document: Pdf) -> Object:
    profile = document.make_indirect(Stream(document, screen_ink(), N=4))
    return document.make_indirect(Array([Name.ICCBased, profile]))


def _tidy_picture(picture: Stream) -> None:
    if "/Intent" in picture and picture.Intent not in [Name(intent) for intent in _INTENTS]:
        del picture["/Intent"]
    filters = picture.get("/Filter")
    if filters in (Name.JPXDecode, Array([Name.JPXDecode])):
        _tidy_jpeg2000(picture)
    elif filters in (Name.DCTDecode, Array([Name.DCTDecode])):
        _believe_frame(picture)


def _tidy_jpeg2000(picture: Stream) -> None:
    content = picture.read_raw_bytes()
    file = wrapped(content)
    if file:
        picture.write(file, filter=Name.JPXDecode)
    colour = _DEVICE_COLOURS.get(components(file or content) or 0)
    if colour is not None and "/ColorSpace" not in picture:
        picture.ColorSpace = colour


def _believe_frame(picture: Stream) -> None:
    """Let the dictionary of a JPEG say what its own header does: no validator compares them."""
    frame = frame_of(picture.read_raw_bytes())
    if frame is None:
        return
    picture.Width, picture.Height = frame.width, frame.height
    meant = _DEVICE_COLOURS.get(frame.components)
    if meant is not None and picture.get("/ColorSpace") in _DEVICE_COLOURS.values():
        picture.ColorSpace = meant


def _tidy_font(font: Object) -> None:
    """Leave out the lists of a font's characters: they may be left out, and many are wrong."""
    descendants = font.get("/DescendantFonts")
    for described in (font, *(descendants if isinstance(descendants, Array) else ())):
        descriptor = described.get("/FontDescriptor") if isinstance(described, Dictionary) else None
        if isinstance(descriptor, Dictionary):
            _without(descriptor, ("/CIDSet", "/CharSet"))


def _leave_out_unused(holder: Object, resources: Dictionary) -> None:
    """Leave out fonts and XObjects whose name the content does not say: nobody need embed those."""
    content = _content(holder)
    for kind in _DRAWN_BY_NAME:
        members = resources.get(kind)
        if isinstance(members, Dictionary):
            kept = {name: member for name, member in members.items() if _says(content, name)}
            resources[kind] = Dictionary(kept)


def _content(holder: Object) -> bytes:
    """Return what a page, a form, a pattern or the characters of a font draw."""
    if isinstance(holder, Stream):
        return content_of(holder)
    characters = holder.get("/CharProcs")
    if isinstance(characters, Dictionary):
        return b"\n".join(content_of(drawn) for drawn in characters.values())
    return content_of(holder.get("/Contents"))


def _says(content: bytes, name: str) -> bool:
    """Say whether a content has a name in it; one that may be written in two ways always counts."""
    if not re.fullmatch(r"/[\w.+-]+", name, re.ASCII) or _ESCAPED_NAME.search(content):
        return True
    return re.search(re.escape(name.encode()) + _NAME_END, content) is not None


def _lend(resources: Dictionary) -> None:
    """Give what has no resources of its own those of the page it is drawn on, as old files rely on."""
    for kind in _KINDS:
        members = resources.get(kind)
        for member in list(members.values()) if isinstance(members, Dictionary) else ():
            if isinstance(member, Dictionary | Stream) and _draws(member) and "/Resources" not in member:
                says_nothing = b"/" not in _content(member)
                member.Resources = Dictionary() if says_nothing else Dictionary(dict(resources.items()))


def _draws(member: Object) -> bool:
    return member.get("/Subtype") in (Name.Form, Name.Type3) or member.get("/PatternType") == 1


def _keep_only(found: Object, keys: frozenset[str]) -> None:
    _without(found, found.keys() - keys)


def _without(found: Object, keys: Iterable[str]) -> None:
    for key in keys:
        if key in found:
            del found[key]
