"""Many tagged PDFs made one, written as they are read: memory does not grow with their number.

The structure trees, bookmarks and pages of all stand under one; what was attached to each is left
out. Only for PDFs of `rendering.pdf`, whose shape is known (see ISO 32000-1, 7.5 and 14.7).
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import md5
from typing import BinaryIO

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

CATALOG, PAGES, STRUCTURE, DOCUMENT, PARENTS, OUTLINES = range(1, 7)
_STRING_OR_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>|(\d+) 0 R\b", re.DOTALL)
_LEFT_OUT = (Name.ObjStm, Name.XRef, Name.Filespec, Name.EmbeddedFile, Name.Catalog)


@dataclass(slots=True)
class _Part:
    """One PDF inside: where its objects went, and those that the whole refers to."""

    pdf: Pdf
    base: int
    shared: dict[int, int] = field(default_factory=dict)  # object here -> object of the whole

    def number(self, item: Object) -> int:
        own: int = item.objgen[0]
        return self.shared.get(own, self.base + own)

    def stand_for(self, number: int) -> Object:
        """A reference, inside this PDF, to an object of the whole."""
        anchor = self.pdf.make_indirect(Dictionary())
        self.shared[anchor.objgen[0]] = number
        return anchor

    def written(self, item: Object) -> bytes:
        def renumbered(match: re.Match[bytes]) -> bytes:
            if match[1] is None:
                return match[0]
            own = int(match[1])
            return b"%d 0 R" % self.shared.get(own, self.base + own)

        content = item.unparse(resolved=True)
        return _STRING_OR_REFERENCE.sub(renumbered, content) if b" R" in content else content


class Volume:
    """`add` each PDF in reading order, then `finish` with the one that goes first."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.offsets = array("Q", [0] * (OUTLINES + 1))
        self.digest = md5(usedforsecurity=False)
        self.pages: list[tuple[int, int]] = []  # node, how many
        self.first_pages: list[int] = []
        self.titles: list[str] = []
        self.sections: list[int] = []
        self.leaves: list[int] = []
        self.bookmarks: list[tuple[int, bytes]] = []
        self.parents = 0
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, pdf: Pdf) -> None:
        self._write_part(_Part(pdf, len(self.offsets) - 1))

    def finish(self, front: Pdf) -> None:
        """`front` goes first and gives title, language and colours to the whole.

        Its links to `effets:rapport/3` lead to the third PDF that was added.
        """
        part = _Part(front, len(self.offsets) - 1)
        self._lead_to_reports(part)
        self._write_part(part)
        self.pages.insert(0, self.pages.pop())
        self.sections.insert(0, self.sections.pop())
        self.bookmarks.insert(0, self.bookmarks.pop())
        self._write_whole(part)

    def _lead_to_reports(self, part: _Part) -> None:
        for item in part.pdf.objects:
            action = item.get("/A") if isinstance(item, Dictionary) else None
            if action is None or not str(action.get("/URI", "")).startswith("effets:rapport/"):
                continue
            rank = int(str(action.URI).rpartition("/")[2])
            del item["/A"]
            item.Contents = self.titles[rank - 1]
            item.Dest = Array([part.stand_for(self.first_pages[rank - 1]), Name.Fit])

    def _write_part(self, part: _Part) -> None:
        root = part.pdf.Root
        part.shared[root.Outlines.objgen[0]] = OUTLINES
        part.shared[root.StructTreeRoot.objgen[0]] = DOCUMENT
        self._renumber(part)
        root.Pages.Parent = part.stand_for(PAGES)
        for section in root.StructTreeRoot.K:
            section.S = Name.Part
            self.sections.append(part.number(section))
        bookmarks = _siblings(root.Outlines.First)
        self.titles.append(str(bookmarks[0].Title))
        for item in bookmarks:
            for name in {"/Prev", "/Next"} & set(item.keys()):
                del item[name]
            self.bookmarks.append((part.number(item), part.written(item)))
        self.pages.append((part.number(root.Pages), len(part.pdf.pages)))
        self.first_pages.append(part.number(part.pdf.pages[0].obj))
        self._write_objects(part, {item.objgen[0] for item in bookmarks})

    def _renumber(self, part: _Part) -> None:
        """Entries of the parent tree are numbered on from the PDFs before; links by name become
        links by place, for two reports have the same names."""
        shift = self.parents
        names = part.pdf.Root.get("/Names", Dictionary()).get("/Dests", Dictionary())
        places = list(names.get("/Names", Array()))
        found = {str(name): place for name, place in zip(places[::2], places[1::2], strict=True)}
        for item in part.pdf.objects:
            if not isinstance(item, Dictionary):
                continue
            keys = item.keys()
            for name in ("/StructParent", "/StructParents"):
                if name in keys:
                    item[name] = int(item[name]) + shift
            if "/Dest" in keys and str(item.Dest) in found:
                item.Dest = found[str(item.Dest)]
        self._shift_tree(part, shift)

    def _shift_tree(self, part: _Part, shift: int) -> None:
        cells = list(part.pdf.Root.StructTreeRoot.ParentTree.Nums)
        pairs = list(zip(cells[::2], cells[1::2], strict=True))
        self.parents = shift + int(pairs[-1][0]) + 1
        moved = [cell for key, value in pairs for cell in (int(key) + shift, value)]
        limits = Array([moved[0], moved[-2]])
        leaf = part.pdf.make_indirect(Dictionary(Nums=Array(moved), Limits=limits))
        self.leaves.append(part.number(leaf))

    def _write_objects(self, part: _Part, left_out: set[int]) -> None:
        last = part.base
        for item in part.pdf.objects:
            own = item.objgen[0]
            last = max(last, part.base + own)
            self._make_room(last)
            is_known = isinstance(item, Dictionary | Stream) and item.get("/Type") in _LEFT_OUT
            if own in part.shared or own in left_out or is_known:
                continue
            if isinstance(item, Stream):
                raw = item.read_raw_bytes()
                head = part.written(item.stream_dict)
                self._write(part.base + own, head + b"\nstream\n" + raw + b"\nendstream")
            else:
                self._write(part.base + own, part.written(item))

    def _make_room(self, number: int) -> None:
        missing = number + 1 - len(self.offsets)
        if missing > 0:
            self.offsets.extend([0] * missing)

    def _write(self, number: int, content: bytes) -> None:
        self._make_room(number)
        self.offsets[number] = self.out.tell()
        self.digest.update(content)
        self.out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))

    def _write_whole(self, front: _Part) -> None:
        root = front.pdf.Root
        kids, total = _references(row for row, _ in self.pages), sum(row for _, row in self.pages)
        self._write(PAGES, b"<< /Type /Pages /Count %d /Kids [ %b ] >>" % (total, kids))
        tree = b"<< /Type /StructTreeRoot /K [ %d 0 R ] /ParentTree %d 0 R >>"
        self._write(STRUCTURE, tree % (DOCUMENT, PARENTS))
        whole = b"<< /Type /StructElem /S /Document /P %d 0 R /K [ %b ] >>"
        self._write(DOCUMENT, whole % (STRUCTURE, _references(self.sections)))
        self._write(PARENTS, b"<< /Kids [ %b ] >>" % _references(self.leaves))
        self._write_bookmarks()
        catalog = {
            "Pages": b"%d 0 R" % PAGES,
            "StructTreeRoot": b"%d 0 R" % STRUCTURE,
            "Outlines": b"%d 0 R" % OUTLINES,
            "Metadata": b"%d 0 R" % front.number(root.Metadata),
            "Lang": front.written(root.Lang),
            "MarkInfo": b"<< /Marked true >>",
            "ViewerPreferences": b"<< /DisplayDocTitle true >>",
            "OutputIntents": front.written(root.OutputIntents),
        }
        entries = b" ".join(b"/%b %b" % (name.encode(), row) for name, row in catalog.items())
        self._write(CATALOG, b"<< /Type /Catalog %b >>" % entries)
        self._write_end(front.number(front.pdf.trailer.Info))

    def _write_bookmarks(self) -> None:
        numbers = [number for number, _ in self.bookmarks]
        for rank, (number, content) in enumerate(self.bookmarks):
            before = b" /Prev %d 0 R" % numbers[rank - 1] if rank else b""
            after = b" /Next %d 0 R" % numbers[rank + 1] if rank + 1 < len(numbers) else b""
            self._write(number, content.removesuffix(b">>") + before + after + b" >>")
        ends = (len(numbers), numbers[0], numbers[-1])
        content = b"<< /Type /Outlines /Count %d /First %d 0 R /Last %d 0 R >>" % ends
        self._write(OUTLINES, content)

    def _write_end(self, info: int) -> None:
        start = self.out.tell()
        self.out.write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self.offsets))
        for offset in self.offsets[1:]:
            self.out.write(b"%010d 00000 n \n" % offset if offset else b"0000000000 00001 f \n")
        identifier = self.digest.hexdigest().encode()
        trailer = b"<< /Size %d /Root %d 0 R /Info %d 0 R /ID [ <%b> <%b> ] >>"
        content = trailer % (len(self.offsets), CATALOG, info, identifier, identifier)
        self.out.write(b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (content, start))


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _siblings(first: Object) -> list[Object]:
    found = [first]
    while "/Next" in found[-1]:
        found.append(found[-1].Next)
    return found
