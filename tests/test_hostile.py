"""Ten thousand hostile notes: in the page, the PDF and the JSON they are only text."""

import json
import random
import re

import pytest
from django.template.loader import render_to_string
from lxml import html as lxml_html

from observations.composer.compose import compose
from observations.composer.language import french
from observations.composer.questionnaire.completeness import has_note
from observations.composer.questionnaire.inputs import ObservationInput
from observations.composer.saying.document import from_json, to_json
from observations.exchange.bilan import read_bilan, write_bilan
from observations.rendering.html import page_context
from observations.rendering.pdf import render_print_html
from tests.composer.test_document import year
from tests.questionnaire import shipped_edition
from tests.test_pdf import printed_words, rendered

PIECES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</blockquote></section>",
    "</details>",
    "<!--",
    "-->",
    "<![CDATA[",
    "&lt;b&gt;",
    "&#60;i&#62;",
    "{{ document }}",
    "{% include 'x' %}",
    "{publics}",
    "[x: a / b]",
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "javascript:alert(1)",
    '" onmouseover="x',
    "' onclick='x",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\u200f",
    "\ud800",
    "\ufffe",
    "\U000e0001",
    "e\u0301",
    "\r\n",
    "\n\n",
    " ",
    "...",
    " : ",
    "«",
    "»",
    "العربية",
    "🎉👩‍💻",
    "un mot. ",
    "Une phrase entière ! ",
    "x" * 80,
    "%s %(a)s",
    "../../etc/passwd",
    "file:///etc/passwd",
    "' OR 1=1 --",
]
BATCH = 250
NOTES = 10_000


def hostile_notes(seed: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices(PIECES, k=chance.randint(1, 14))) for _ in range(BATCH)]


TAGS = {
    *"html head meta title link script body a header div img nav main p article h1 h2 h3".split(),
    *"section svg path g circle rect ul li span blockquote details summary footer sup code".split(),
    *"strong table thead tbody tr th td".split(),
}


# Right-to-left text draws « [ » with the glyph of « ] », and a PDF font names a glyph once.
MIRRORED = str.maketrans("[]()<>{}", "||||||||")


def visible(text: str) -> str:
    return "".join(re.sub(r"[\s\u200b]", "", text))


@pytest.mark.parametrize("seed", range(NOTES // BATCH))
def test_hostile_notes_are_only_text(seed):
    effects = ("sante", "reseau", "solidarite", "egalite", "entretien")
    notes = hostile_notes(seed)
    for start in range(0, BATCH, len(effects)):
        said = dict(zip(effects, notes[start : start + len(effects)], strict=True))
        inputs = year(**{code: ObservationInput(note=note) for code, note in said.items()})
        document = compose(inputs)
        assert from_json(json.loads(json.dumps(to_json(document)))) == document
        screen = render_to_string("observations/report/page.html", page_context(document))
        for source in (screen, render_print_html(document)):
            tree = lxml_html.fromstring(source)
            assert {row.tag for row in tree.iter() if isinstance(row.tag, str)} <= TAGS
            assert not tree.xpath("//*[@onerror or @onmouseover or @onclick]")
            assert len(tree.xpath("//script[not(@src)]")) == 0
            for code, note in said.items():
                if has_note(ObservationInput(note=french.clean_text(note))):
                    (quote,) = tree.xpath(f"//*[@id='note-{code}']")
                    shown = visible("".join(quote.itertext()))
                    for word in french.clean_text(note).split():
                        assert visible(word)[:40] in shown


@pytest.mark.parametrize("seed", range(NOTES // BATCH))
def test_hostile_notes_are_printed(seed, tmp_path):
    codes = [effect.code for effect in shipped_edition().effects]
    notes = hostile_notes(seed)
    said = {
        code.replace("-", "_"): ObservationInput(note="\n".join(notes[rank :: len(codes)]))
        for rank, code in enumerate(codes)
    }
    printed = printed_words(rendered(compose(year(**said)), tmp_path)).translate(MIRRORED)
    for note in map(french.clean_text, notes):
        # Around right-to-left words, signs change sides on paper: only letters keep their order.
        has_sides = re.search("[\u0600-\u06ff\u200f]", note)
        for piece in re.findall("[A-Za-z]{4,}" if has_sides else "[!-~]{4,}", note):
            assert piece[:30].translate(MIRRORED) in printed


def test_hostile_notes_survive_the_exchange_file():
    for seed in range(4):
        for note in hostile_notes(seed)[:50]:
            said = ObservationInput(note=french.clean_text(note))
            content = write_bilan(year(sante=said))
            assert read_bilan(content).notes["sante"] == said.note
