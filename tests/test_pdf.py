"""The PDF: whole, tagged, valid, silent on the network."""

import csv
import http.server
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import page as page_validation
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from observations.composer.compose import compose
from observations.composer.questionnaire.inputs import ObservationInput, ScaleInput
from observations.composer.saying.document import Document, from_json
from observations.enums import Scale
from observations.exceptions import PdfError
from observations.rendering import pdf
from observations.rendering.html import DRAFT, Colophon
from tests.composer.test_document import le_wip, year

PUBLISHED = Colophon(
    number=3,
    published_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    fingerprint="ab" * 32,
    reason="Une correction.",
    url="https://effets.example/le-wip/2022/",
)


def rendered(document: Document, folder: Path, colophon: Colophon = DRAFT) -> Path:
    file = folder / "rapport.pdf"
    file.write_bytes(pdf.render_pdf(document, colophon))
    return file


def text_of(file: Path) -> str:
    run = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True)
    return run.stdout.decode()


def squeezed(text: str) -> str:
    """Without spaces and break opportunities: what must be there, in order."""
    return "".join(
        char for char in text if not char.isspace() and char not in "\u200b\u00ad\u200e\u200f"
    )


def problems(file: Path) -> list[str]:
    """What keeps a file from being PDF/UA-1 and PDF/A-3a at once."""
    reports = [page_validation.validate_pdf(str(file), profile=name) for name in ("ua1", "3a")]
    return [str(failure) for report in reports for failure in report.failures]


def note_document(note: str) -> Document:
    return compose(year(sante=ObservationInput(note=note)))


def shipped_document() -> Document:
    scales = {scale: ScaleInput(rank, ("entraide", "été")) for rank, scale in enumerate(Scale, 2)}
    return compose(replace(le_wip(), scales=scales))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Path:
    return rendered(shipped_document(), tmp_path_factory.mktemp("pdf"), PUBLISHED)


def test_pdf_is_tagged_titled_and_in_french(shipped):
    with pikepdf.open(shipped) as document:
        assert document.Root.Lang == "fr"
        assert document.Root.MarkInfo.Marked
        assert document.docinfo["/Title"] == "Effets sociaux et urbains du WIP, 2022"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root[0].children] or [
                item.title for item in outline.root
            ]
    for title in ("Effets individuels", "Effets collectifs", "Méthode"):
        assert title in titles


def test_pdf_is_valid_and_speaks_well(shipped):
    assert problems(shipped) == []
    outloud = Path(sys.executable).with_name("outloud")
    run = subprocess.run([outloud, shipped], capture_output=True, text=True, check=True)
    assert "0 error" in run.stdout


def test_data_of_the_year_are_attached(shipped):
    with pikepdf.open(shipped) as document:
        names = sorted(document.attachments)
        assert names == ["le-wip-2022.csv", "le-wip-2022.json"]
        table = document.attachments["le-wip-2022.csv"].get_file().read_bytes().decode("utf-8-sig")
        tree = json.loads(document.attachments["le-wip-2022.json"].get_file().read_bytes())
        assert len(document.Root.AF) == len(names)
        assert {str(file.AFRelationship) for file in document.Root.AF} == {"/Data"}
    assert tree["format"] == "effets-rapport/1"
    assert from_json(tree["rapport"]) == shipped_document()
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert {row["lieu"] for row in rows} == {"le-wip"}
    ticked = sum(
        len(question.choices) for effect in shipped_document().data for question in effect.questions
    )
    assert sum(bool(row["categorie"]) for row in rows) == ticked > 0


def test_draft_carries_no_data(tmp_path):
    with pikepdf.open(rendered(note_document("Une note."), tmp_path)) as document:
        assert not document.attachments


def test_every_font_is_embedded(shipped):
    run = subprocess.run(["pdffonts", str(shipped)], capture_output=True, text=True, check=True)
    rows = run.stdout.splitlines()[2:]
    assert len(rows) == 4
    assert all(row.split()[-5] == "yes" for row in rows)


def test_structure_is_what_it_looks_like(shipped):
    command = ["pdfinfo", "-struct", str(shipped)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {line.split()[0].rstrip(":") for line in run.stdout.splitlines() if line.split()}
    assert {
        "H1",
        "H2",
        "H3",
        "P",
        "L",
        "LI",
        "BlockQuote",
        "Table",
        "TH",
        "Figure",
        "Link",
    } <= found


def test_contents_give_page_numbers(shipped):
    contents = text_of(shipped).split("\f")[1]
    assert "Lien social" in contents
    pages = text_of(shipped).split("\f")
    number = next(rank for rank, words in enumerate(pages[2:], 3) if "Solidarité\n" in words)
    assert (
        any(
            line.startswith("Solidarité") and line.rstrip().endswith(str(number))
            for line in contents.splitlines()
        )
        or str(number) in contents
    )


def body_words(document: Document, colophon: Colophon) -> str:
    tree = lxml_html.fromstring(pdf.render_print_html(document, colophon))
    (main,) = tree.xpath("//body")
    for contents in main.xpath(".//nav[@class='toc']"):
        contents.drop_tree()
    return squeezed("".join(main.itertext()))


def printed_words(file: Path) -> str:
    """Without contents, running headers and page numbers."""
    cropped = []
    for number in range(1, len(pikepdf.open(file).pages) + 1):
        command = ["pdftotext", "-raw", "-f", str(number), "-l", str(number)]
        if number > 1:
            command += ["-x", "0", "-y", "60", "-W", "596", "-H", "730"]
        run = subprocess.run([*command, str(file), "-"], capture_output=True, check=True)
        cropped.append(run.stdout.decode())
    return squeezed("".join(cropped)).replace("•", "")


def test_every_word_is_printed_in_order(shipped):
    inputs = le_wip()
    scales = {scale: ScaleInput(rank, ("entraide", "été")) for rank, scale in enumerate(Scale, 2)}
    document = compose(replace(inputs, scales=scales))
    wanted, printed = body_words(document, PUBLISHED), printed_words(shipped)
    cover, summary = wanted.split("Lestroiséchelles", 1)
    assert printed.startswith(cover)
    assert "Lestroiséchelles" + summary == printed[printed.rindex("Lestroiséchelles") :]


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"], max_codepoint=0x24F))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(notes=st.lists(words.filter(str.strip), min_size=1, max_size=3), times=st.integers(1, 40))
def test_generated_notes_are_printed_whole(notes, times, tmp_path):
    note = "\n".join(" ".join([text] * times) for text in notes)[:20_000]
    document = note_document(note)
    file = rendered(document, tmp_path)
    paragraphs = document.scales[0].effects[0].note if not document.is_empty else ()
    printed = printed_words(file)
    for paragraph in paragraphs:
        kept = "".join(c for c in squeezed(paragraph) if c != "•")
        assert kept in printed


HOSTILE = {
    "right to left": "شكرا جزيلا للجميع. Puis en français. שלום",
    "emoji": "Très bien 🎉👩‍💻🏳️‍🌈 ❤️ vraiment.",
    "other alphabets": "Łódź, Αθήνα, Київ, 漢字",
    "one endless word": "x" * 30_000,
    "fifty thousand characters": "Une phrase assez courte, et une autre. " * 1282,
    "many paragraphs": "Oui.\n" * 3000,
    "markup": "<script>alert(1)</script> {{ 7|add:7 }} {% now %} &lt; <img src=x>",
    "controls": "a\x00b\x07c\u202ed\u2028e\ufffef",
    "private use": "\ue000\U000f0000 fin",
    "addresses": "file:///etc/passwd http://127.0.0.1:9/x <link rel=stylesheet href=//a.b>",
}


@pytest.mark.parametrize("note", HOSTILE.values(), ids=HOSTILE)
def test_hostile_note_still_makes_a_valid_pdf(note, tmp_path):
    assert problems(rendered(note_document(note), tmp_path)) == []


def test_no_emoji_is_dropped_silently(tmp_path):
    assert "🎉" in text_of(rendered(note_document("Très bien 🎉."), tmp_path))
    assert "شكرا"[0] in text_of(rendered(note_document("شكرا"), tmp_path))


def test_empty_year_and_single_effect_are_valid(tmp_path):
    for document in (compose(year()), note_document("Un mot.")):
        assert problems(rendered(document, tmp_path)) == []


def test_forty_effects_are_valid(tmp_path):
    document = compose(le_wip())
    section = document.scales[0]
    many = tuple(
        replace(effect, code=f"{effect.code}-{rank}", title=f"{effect.title} {rank}")
        for rank in range(10)
        for effect in section.effects
    )
    crowded = replace(document, scales=(replace(section, effects=many), *document.scales[1:]))
    file = rendered(crowded, tmp_path)
    assert problems(file) == []
    assert "Capacité à agir 9" in text_of(file)


def test_same_document_gives_the_same_bytes():
    document = compose(le_wip())
    assert pdf.render_pdf(document, PUBLISHED) == pdf.render_pdf(document, PUBLISHED)


@pytest.fixture
def sentinel() -> Iterator[tuple[str, list[str]]]:
    """A server that remembers who called."""
    calls: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_fetched_even_when_the_markup_asks(sentinel, tmp_path):
    address, calls = sentinel
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARI")
    markup = (
        f'<html lang="fr"><head><title>t</title><link rel="stylesheet" href="{address}/a.css">'
        f'<link rel="attachment" href="{secret.as_uri()}"><style>@import url({address}/b.css);'
        f"p{{background:url({address}/c.png)}}</style></head><body><h1>t</h1>"
        f'<p><img alt="i" src="{address}/d.png"><img alt="f" src="{secret.as_uri()}">'
        f'<object data="{address}/e"></object></p></body></html>'
    )
    process = pdf.PdfProcess()
    try:
        content = process.render(markup, {}, "x")
    finally:
        process.stop()
    assert content.startswith(b"%PDF")
    assert b"CANARI" not in content
    assert calls == []


def test_note_with_addresses_fetches_nothing(sentinel, tmp_path):
    address, calls = sentinel
    rendered(note_document(f'<img src="{address}/x"> {address} url({address}/y)'), tmp_path)
    assert calls == []


def test_slow_document_is_killed_and_the_next_one_is_served():
    process = pdf.PdfProcess(seconds=1.2)
    try:
        with pytest.raises(PdfError):
            process.render("<p>" + "mot " * 400_000, {}, "x")
        assert process.child is None
        process.seconds = 30
        assert process.render("<title>t</title><h1>t</h1>", {}, "x").startswith(b"%PDF")
    finally:
        process.stop()


def test_document_that_fails_does_not_take_the_process_with_it():
    process = pdf.PdfProcess()
    try:
        with pytest.raises(PdfError):
            process.render("<p>" * 100_000, {}, "x")
        assert process.render("<title>t</title><h1>t</h1>", {}, "x").startswith(b"%PDF")
    finally:
        process.stop()


def test_process_is_replaced_after_many_documents(monkeypatch):
    monkeypatch.setattr(pdf, "DOCUMENTS_PER_PROCESS", 1)
    process = pdf.PdfProcess()
    try:
        first = process.render("<title>t</title><h1>t</h1>", {}, "x")
        child = process.child
        assert process.render("<title>t</title><h1>t</h1>", {}, "x") == first
        assert process.child is not child
    finally:
        process.stop()


def test_dead_process_is_noticed():
    process = pdf.PdfProcess()
    try:
        process.render("<title>t</title><h1>t</h1>", {}, "x")
        process.child.kill()
        process.child.wait()
        with pytest.raises(PdfError):
            process.render("<title>t</title><h1>t</h1>", {}, "x")
        assert process.render("<title>t</title><h1>t</h1>", {}, "x").startswith(b"%PDF")
    finally:
        process.stop()
