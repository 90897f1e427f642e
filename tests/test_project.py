"""The project tests itself: its words, its templates, its promises about where things are."""

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.urls import reverse
from lxml import html as lxml_html

from observations.services.publishing import publish_report
from observations.services.recording import submit_report
from tests.questionnaire import QUESTIONNAIRE, ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PYTHON = [
    file
    for folder in ("observations", "impact_app")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in file.parts
]


def codes() -> set[str]:
    """Every code of the shipped questionnaire that is not also a plain word of the code."""
    data = json.loads(QUESTIONNAIRE.read_text())
    found = set()
    for effect in data["effects"]:
        found.add(effect["code"])
        for question in effect["questions"]:
            found.add(question["code"])
            found |= {category["code"] for category in question.get("categories", [])}
    for vocabulary in data["vocabularies"]:
        found.add(vocabulary["code"])
        found |= {category["code"] for category in vocabulary["categories"]}
    return found


def code_strings(file: Path) -> set[str]:
    """String constants, without docstrings, that the code could compare with."""
    tree = ast.parse(file.read_text())
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    }


# Words that happen to be codes too: names of Django's, values of enums, verbose names, grammar.
HOMONYMS = {"type", "positive", "negative", "plus", "publics", "effet", "effets", "aucun"}


def test_no_code_of_the_questionnaire_is_in_the_python():
    assert {
        (str(file.relative_to(ROOT)), word)
        for file in PYTHON
        for word in code_strings(file) & (codes() - HOMONYMS)
    } == set()


def test_every_template_is_used():
    sources = "\n".join(file.read_text() for file in (*TEMPLATES, *PYTHON))
    by_libraries = {"429.html", "400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
    for file in TEMPLATES:
        name = str(file.relative_to(ROOT / "templates"))
        if name not in by_libraries and not name.startswith(
            ("account/", "allauth/", "mfa/", "usersessions/")
        ):
            assert f'"{name}"' in sources, name


def test_partials_and_components_open_with_their_contract():
    for file in TEMPLATES:
        if file.name.startswith("_") or "components" in file.parts:
            assert file.read_text().startswith("{# Contract:"), file


def test_templates_read_like_code():
    """A line breaks where a browser shows nothing of it: a few words in a row cannot be parted."""
    lines = [line for file in TEMPLATES for line in file.read_text().splitlines()]
    assert sum(len(line) > 120 for line in lines) < len(lines) / 100


def test_pages_are_sent_without_the_indentation_of_their_templates():
    source = (ROOT / "templates/404.html").read_text()
    sent = get_template("404.html").template.source
    assert "\n  <h1>" in source
    assert "\n<h1>" in sent
    assert "\n " not in sent


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_no_template_indents_what_is_shown_as_it_is(file):
    """Else the loader would take it away, and the formatter might have put it there."""
    for found in re.finditer(r"<(pre|textarea)\b[^>]*>(.*?)</\1>", file.read_text(), re.DOTALL):
        assert not re.search(r"\n[ \t]", found[2]), found[0]


def rendered_text(source: str) -> str:
    """The words of a template, without tags of any kind."""
    without_code = re.sub(r"{#.*?#}|{%.*?%}", "", source, flags=re.DOTALL)
    without_tags = re.sub(r"<(script|style).*?</\1>|<[^>]*>", "|", without_code, flags=re.DOTALL)
    return re.sub(r"{{.*?}}", "x", without_tags)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_french_of_the_templates_is_typographic(file):
    text = rendered_text(file.read_text())
    assert not re.search(r"\w'\w", text), "straight apostrophe"
    assert not re.search(r" [:;!?»]|« |\w[!?](?=\s|$|\|)", text), "breakable space before a mark"
    assert "..." not in text


def test_french_of_the_code_is_typographic():
    for file in PYTHON:
        for text in code_strings(file):
            if re.search(r"[àâéèêîôûç]", text):
                assert not re.search(r"\w'\w", text), (file, text)


class Undefined(str):
    """Fails the test when a template prints what it was not given."""

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"undefined template variable: {name}")

    def __contains__(self, text: object) -> bool:
        return text == "%s"


@pytest.fixture
def strict_templates():
    engine = engines["django"].engine
    before, engine.string_if_invalid = engine.string_if_invalid, Undefined("%s")
    yield
    engine.string_if_invalid = before


@pytest.fixture
def published(le_wip, manager, reviewer):
    submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    publish_report(report=le_wip, by=reviewer, url="https://effets.example/le-wip/2022/")
    return le_wip


START = {"reader": "/", "manager": "/mes-lieux/", "reviewer": "/equipe/"}


def test_every_link_of_every_page_leads_somewhere(published, manager, reviewer, signed_in):
    people = {"reader": None, "manager": manager, "reviewer": reviewer}
    for who, start in START.items():
        browser, seen, waiting = signed_in(people[who]), set(), [start]
        while waiting:
            url = waiting.pop()
            seen.add(url)
            response = browser.get(url, follow=True)
            assert response.status_code == 200, (who, url)
            content = response.getvalue()
            if "html" not in response["Content-Type"]:
                continue
            tree = lxml_html.fromstring(content)
            anchors = {row.get("id") for row in tree.xpath("//*[@id]")}
            for link in tree.xpath("//a/@href"):
                if link.startswith("#"):
                    assert link[1:] in anchors, (url, link)
                elif link.startswith("/") and not link.startswith(("/static/", "/comptes/")):
                    waiting += [link] if link not in seen else []
        assert len(seen) >= 3


def test_pages_print_only_what_they_are_given(
    published, manager, reviewer, signed_in, strict_templates
):
    own = [reverse(name, args=["le-wip", 2022]) for name in ("year", "check", "draft", "scales")]
    own += [reverse("effect", args=["le-wip", 2022, code]) for code in ("sante", "cadre-de-vie")]
    for url in ("/", reverse("public", args=["le-wip", 2022])):
        assert signed_in(None).get(url).status_code == 200
    for url in ("/mes-lieux/", *own):
        assert signed_in(manager).get(url).status_code == 200
    for url in ("/equipe/", "/equipe/2022/relances/", "/donnees/", own[1]):
        assert signed_in(reviewer).get(url).status_code == 200


def test_nothing_named_in_the_repository_is_of_a_registry():
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in (ROOT / name).read_text()


def test_vendored_files_are_what_their_list_says():
    rows = re.findall(
        r"`([\w./-]+)` \| .*? \| `([0-9a-f]{64})`", (ROOT / "static/vendor/README.md").read_text()
    )
    listed = dict(rows)
    folders = (ROOT / "static/vendor", ROOT / "observations/rendering/pdf/fonts")
    found = {
        str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in folders
        for file in folder.rglob("*.*")
        if file.suffix in (".ttf", ".woff2", ".js", ".json")
    }
    assert listed == found


def test_functions_and_files_stay_small():
    for file in PYTHON:
        source = file.read_text()
        assert source.count("\n") <= 300, file
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 50, (file, node.name)


def test_settings_are_strict():
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"] == ["'none'"]
    assert settings.SECURE_REFERRER_POLICY == "same-origin"
    assert settings.DEBUG is False


def appended(name: str, line: str) -> Callable[[Path], object]:
    return lambda copy: (copy / name).write_text((copy / name).read_text() + line)


def replaced(name: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda copy: (copy / name).write_text((copy / name).read_text().replace(old, new, 1))


COMPOSER = "observations/composer"
FAULTS = [
    ("style", appended("observations/enums.py", "import os\n")),
    ("format", appended("observations/enums.py", "x  =  1\n")),
    *(
        ("layers", appended(name, f"import observations.{imported}\n"))
        for name, imported in [
            ("observations/models/site.py", "services.recording"),
            (f"{COMPOSER}/language/french.py", "composer.saying.document"),
            (f"{COMPOSER}/questionnaire/inputs.py", "composer.questionnaire.origin"),
            ("observations/enums.py", "models.site"),
        ]
    ),
    ("layers", appended(f"{COMPOSER}/compose.py", "import django.conf\n")),
    ("layers", appended("observations/jobs.py", "import weasyprint\n")),
    ("templates", appended("templates/404.html", '<img src="x">\n')),
    ("layout", replaced("templates/404.html", "  <h1>", "<h1>")),
    ("dependencies", appended("observations/jobs.py", "import requests\n")),
    ("migrations", replaced("observations/models/site.py", "max_length=120", "max_length=121")),
    ("deployment", replaced("impact_app/settings.py", "SESSION_COOKIE_SECURE = ", "_ = ")),
]


@pytest.mark.parametrize(("check", "fault"), FAULTS)
def test_check_that_finds_a_fault_fails(check, fault, tmp_path):
    """Types apart, which take a minute to read anew: mypy stands alone on its line."""
    for name in ("observations", "impact_app", "templates", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "static").mkdir()
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def run(names: str) -> int:
        command = [tmp_path / "scripts/checks", *names.split()]
        return subprocess.run(command, check=False, env=environment, capture_output=True).returncode

    assert run(check) == 0
    fault(tmp_path)
    assert run(check) == run(f"{check} style") == 1


def test_check_that_does_not_exist_is_not_passed_over():
    command = [ROOT / "scripts/checks", "unknown"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1


def test_every_command_of_the_tests_can_fail():
    """No check hides in a pipe or a condition, where bash does not stop at its failure."""
    source = (ROOT / "test").read_text()
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("#", "trap"))]
    assert [line for line in lines if re.search(r"\|(?!\|)|\|\||&& |^!", line)] == []
    assert "set -euo pipefail" in source
