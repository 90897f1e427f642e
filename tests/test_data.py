"""Published answers as tables and by program: only what is published, and all of it."""

import csv
import io
import json
import os
import re

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from observations import queries
from observations.composer.saying.document import from_json
from observations.composer.saying.table import COLUMNS, harmless, rows_of
from observations.enums import Absence
from observations.exchange import tables
from observations.exchange.tables import FOLDER, forget_old_tables
from observations.models import Observation, Publication
from observations.services import publishing, recording
from tests.conftest import keep_every_passage

URL = "https://effets.example/le-wip/2022/"


@pytest.fixture
def published(le_wip, manager, reviewer) -> Publication:
    seen = {row.effect.code: row for row in le_wip.observations.select_related("effect")}
    Observation.objects.filter(pk=seen["sante"].pk).update(is_public=False)
    seen["solidarite"].delete()
    for code, state in (("inclusion", "not_observed"), ("entretien", "not_applicable")):
        Observation.objects.filter(pk=seen[code].pk).update(state=state)
    keep_every_passage(le_wip)
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    return publishing.publish_report(report=le_wip, by=reviewer, url=URL)


def fetched(client: Client, kind: str, **query) -> bytes:
    response = client.get(reverse("table", args=[kind]), query)
    assert response.status_code == 200
    assert not response.cookies
    return b"".join(response.streaming_content)


def csv_rows(client: Client, **query) -> list[dict[str, str]]:
    content = fetched(client, "csv", **query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


def test_three_formats_say_the_same(published, client):
    rows = csv_rows(client)
    data = json.loads(fetched(client, "json"))
    assert data["colonnes"] == COLUMNS
    as_text = [{k: "" if v is None else str(v) for k, v in row.items()} for row in data["lignes"]]
    assert as_text == rows
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, "xlsx")))
    lines = list(book["Réponses"].values)
    assert list(lines[0]) == list(COLUMNS)
    assert [["" if v is None else str(v) for v in line] for line in lines[1:]] == [
        list(row.values()) for row in rows
    ]
    dictionary = list(book["Dictionnaire"].values)[1:]
    assert dict(dictionary) == COLUMNS
    own = list(rows_of(from_json(published.document), published.number))
    assert len(rows) == len(own) > 30


def test_absences_stay_distinct(published, client, le_wip):
    later = dict(published.document)
    later["year"] = 2023
    later["data"] = [row for row in later["data"] if row["code"] != "reseau"]
    report = recording.open_year(site=le_wip.site, year=2023)
    facts = {"fingerprint": "0" * 64, "sha256": "0" * 64, "published_at": published.published_at}
    Publication.objects.create(
        report=report, number=1, document=later, document_schema=3, pdf="x.pdf", **facts
    )
    told = {
        (row["annee"], row["effet"]): row["absence"]
        for row in csv_rows(client)
        if not row["categorie"]
    }
    assert told["2022", "sante"] == Absence.NOT_PUBLISHED
    assert told["2022", "solidarite"] == Absence.NOT_ANSWERED
    assert told["2022", "inclusion"] == Absence.NOT_OBSERVED
    assert told["2022", "entretien"] == Absence.NOT_APPLICABLE
    assert told["2023", "reseau"] == Absence.NOT_ASKED
    assert {row["annee"] for row in csv_rows(client, annee="2022")} == {"2022"}
    hidden = [row for row in csv_rows(client) if row["effet"] == "sante"]
    assert not any(row["categorie"] or row["nombre"] for row in hidden)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", " =1", "＝1"])
def test_no_text_becomes_a_formula(text, published, client):
    assert harmless(text) == f"'{text}"
    document = published.document
    document["site"]["name"] = text
    document["site"]["city"] = "http://example.org"
    Publication.objects.update(document=document)
    assert {row["nom_du_lieu"] for row in csv_rows(client)} == {f"'{text}"}
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, "xlsx")))
    cell = book["Réponses"]["B2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert book["Réponses"]["C2"].hyperlink is None


def test_nothing_is_sent_again_until_something_changes(published, client, reviewer):
    for url in (
        reverse("table", args=["csv"]),
        reverse("api:reports"),
        reverse("api:report", args=["le-wip", 2022]),
        reverse("api:answers", args=["le-wip", 2022]),
    ):
        first = client.get(url)
        assert first.status_code == 200
        assert first.getvalue()
        assert first["Access-Control-Allow-Origin"] == "*"
        assert "no-store" not in first["Cache-Control"]
        assert "Cookie" not in first.get("Vary", "")
        etag = {"If-None-Match": first["ETag"]}
        assert client.get(url, headers=etag).status_code == 304
    publishing.withdraw_report(report=published.report, by=reviewer, reason="Une erreur.")
    assert csv_rows(client) == []
    assert client.get(reverse("api:report", args=["le-wip", 2022])).status_code == 410
    assert client.get(reverse("api:answers", args=["le-wip", 2022])).status_code == 410
    assert client.get(reverse("api:reports")).json()["nombre"] == 0


def test_tables_are_forgotten_after_a_day(published, client, settings):
    assert forget_old_tables() == 0
    csv_rows(client)
    assert forget_old_tables() == 0
    (file,) = (settings.MEDIA_ROOT / FOLDER).iterdir()
    os.utime(file, (0, 0))
    assert forget_old_tables() == 1
    assert csv_rows(client)


def files_of(settings) -> set[str]:
    return {file.name for file in (settings.MEDIA_ROOT / FOLDER).iterdir()}


def test_what_is_stored_is_what_is_published(published, client, settings):
    """However many addresses lead to it: a file for all, for the year, for the site, and for both."""
    whole = fetched(client, "csv")
    year = fetched(client, "csv", annee="2022")
    assert fetched(client, "csv", lieu="le-wip") == year == whole
    assert fetched(client, "csv", lieu="le-wip", annee="2022") == whole
    kept = files_of(settings)
    assert len(kept) == 4
    for same in ({"annee": "02022"}, {"annee": "٢٠٢٢"}, {"annee": "2022", "autre": "1"}):
        assert fetched(client, "csv", **same) == year
    assert fetched(client, "csv", lieu=" le-wip\u202e") == whole
    unknown = ({"annee": text} for text in ("abc", "2021", "0", "-1", "9" * 30, "9" * 5000, " "))
    for query in (*unknown, {"lieu": "arche"}, {"lieu": "x" * 500}, {"annee": "2022", "lieu": "x"}):
        assert client.get(reverse("table", args=["csv"]), query).status_code == 404, query
    assert files_of(settings) == kept


def test_two_who_ask_at_once_store_one_file(published, client, settings, monkeypatch):
    write_table, meanwhile = tables.write_table, []

    def write_while_another_asks(*args):
        if not meanwhile:
            meanwhile.append(b"")
            meanwhile[0] = fetched(client, "csv")
        write_table(*args)

    monkeypatch.setattr(tables, "write_table", write_while_another_asks)
    assert [fetched(client, "csv")] == meanwhile
    assert len(files_of(settings)) == 1


@pytest.mark.parametrize("number", ["-1", "9" * 19, "9" * 40, "9" * 5000, "1" + "0" * 400])
def test_no_number_is_too_big_for_a_reader_to_ask(number, published, client):
    flagged = f"{reverse('flag', args=['le-wip', 2022])}?passage=sante/p0&numero="
    for address in ("/?annee=", "/?page=", "/api/rapports?annee=", "/api/rapports?page=", flagged):
        assert client.get(f"{address}{number}").status_code in (200, 404, 422), address
    for address in ("/le-wip/{}/", "/le-wip/2022/{}/", "/api/rapports/le-wip/{}"):
        assert client.get(address.format(number)).status_code in (404, 422), address


@pytest.mark.parametrize(
    "address",
    [
        "/?q=a%00",
        "/api/rapports?lieu=%00",
        "/api/rapports/%00/2022",
        "/donnees/reponses.csv?lieu=%00",
        "/verifier/?code=%00",
        "/invitation/%00/",
        "/comptes/login/?next=/%00",
    ],
)
def test_no_page_is_at_an_address_with_nul(address, published, client):
    assert client.get(address).status_code == 404


def test_cookie_with_nul_is_nobody_s(published, client):
    client.cookies["sessionid"] = "abcdefgh\0"
    assert client.get("/comptes/login/").status_code == 404


def test_api_gives_reports_and_leads_on(published, client, monkeypatch):
    found = client.get(reverse("api:reports"), {"annee": 2022, "departement": "14"}).json()
    assert (found["nombre"], found["pages"], found["suivante"]) == (1, 1, None)
    (row,) = found["rapports"]
    assert (row["lieu"], row["departement"], row["publication"]) == ("le-wip", "14", 1)
    for name in ("page", "pdf", "donnees", "reponses"):
        assert client.get(row[name].removeprefix("https://effets.example")).status_code == 200
    whole = client.get(reverse("api:report", args=["le-wip", 2022])).json()
    assert from_json(whole["rapport"]) == from_json(published.document)
    lines = client.get(reverse("api:answers", args=["le-wip", 2022])).json()["lignes"]
    assert len(lines) == len(csv_rows(client))
    monkeypatch.setattr("observations.views.api.A_PAGE", 1)
    report = recording.open_year(site=published.report.site, year=2023)
    facts = {"fingerprint": "0" * 64, "sha256": "0" * 64, "published_at": published.published_at}
    Publication.objects.create(
        report=report, number=1, document=published.document, document_schema=3, pdf="x", **facts
    )
    first = client.get(reverse("api:reports"), {"lieu": "le-wip"}).json()
    second = client.get(first["suivante"].removeprefix("https://effets.example")).json()
    assert [page["rapports"][0]["annee"] for page in (first, second)] == [2023, 2022]
    assert second["suivante"] is None


def test_api_says_what_is_wrong(client, le_wip):
    unknown = client.get(reverse("api:report", args=["le-wip", 2022]))
    assert (unknown.status_code, unknown.json()) == (
        404,
        {"detail": "Ce rapport n’est pas publié."},
    )
    assert client.get(reverse("api:reports"), {"annee": "x"}).status_code == 422
    assert client.post(reverse("api:reports")).status_code == 405
    assert client.get(reverse("table", args=["exe"])).status_code == 404


def test_openapi_names_every_operation(client):
    schema = client.get(reverse("api:openapi-json")).json()
    assert sorted(schema["paths"]) == [
        "/api/rapports",
        "/api/rapports/{lieu}/{annee}",
        "/api/rapports/{lieu}/{annee}/reponses",
    ]
    assert "Document" in schema["components"]["schemas"]
    assert all(list(methods) == ["get"] for methods in schema["paths"].values())


def test_examples_of_the_page_work(published, client):
    page = client.get(reverse("data_page")).content.decode()
    examples = re.findall(r"curl (?:-H .*? )?'?https://effets\.example([^'<\s]+)", page)
    assert len(examples) == 4
    for example in examples:
        assert client.get(example.replace("&amp;", "&")).status_code == 200
    assert page.count("?annee=2022") >= 3


def test_queries_do_not_grow(published, client, django_assert_num_queries):
    client.get(reverse("data_page"))
    with django_assert_num_queries(1):
        client.get(reverse("data_page"))
    with django_assert_num_queries(2):
        client.get(reverse("api:reports"))
    with django_assert_num_queries(1):
        client.get(reverse("api:report", args=["le-wip", 2022]))
    with django_assert_num_queries(4):
        fetched(client, "csv")
    with django_assert_num_queries(2):  # the file is kept
        fetched(client, "csv")
    fetched(client, "csv", annee="2022")
    with django_assert_num_queries(3):  # and whether that year is published
        fetched(client, "csv", annee="2022")


def test_rows_that_fill_a_sheet_go_on_in_another(published, monkeypatch):
    rows = list(tables.published_rows(queries.published_reports()))
    monkeypatch.setattr(tables, "SHEET_ROWS_MAX", len(rows) // 2 + 2)
    out = io.BytesIO()
    tables.write_table("xlsx", rows, out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Réponses", "Réponses 2", "Dictionnaire"]
    written = [line for name in book.sheetnames[:2] for line in list(book[name].values)[1:]]
    assert len(written) == len(rows)
