"""`/api/`: what is published, for programs. Read only, without account; see `/donnees/`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError

from observations import queries
from observations.composer.language.french import clean_text
from observations.composer.saying.document import Document, from_json
from observations.composer.saying.table import report_content, rows_of, to_record
from observations.models import Publication
from observations.rendering.colophon import public_url
from observations.views.data import open_data

A_PAGE = 100

api = NinjaAPI(
    title="Effets : données publiées",
    version="1",
    description="Rapports publiés, en lecture seule. Rien n’y paraît qui ne soit publié.",
    docs_url=None,  # `/donnees/` says it in words, without scripts from elsewhere
    urls_namespace="api",
)


class Report(Schema):
    """Un rapport publié : sa dernière publication."""

    lieu: str
    nom_du_lieu: str
    commune: str
    code_postal: str
    departement: str
    annee: int
    publication: int
    publie_le: datetime
    code: str
    empreinte: str
    page: str
    pdf: str
    donnees: str
    reponses: str

    @staticmethod
    def of(row: Publication) -> "Report":
        site, year = row.report.site, row.report.year
        return Report(
            lieu=site.slug,
            nom_du_lieu=site.name,
            commune=site.city,
            code_postal=site.postcode,
            departement=site.department,
            annee=year,
            publication=row.number,
            publie_le=row.published_at,
            code=row.code,
            empreinte=row.fingerprint,
            page=public_url(site.slug, year),
            pdf=_absolute("public_pdf", site.slug, year),
            donnees=_absolute("api:report", site.slug, year),
            reponses=_absolute("api:answers", site.slug, year),
        )


class Reports(Schema):
    """Une page de rapports ; `suivante` est l’adresse de la page d’après, s’il y en a une."""

    nombre: int
    page: int
    pages: int
    suivante: str | None
    rapports: list[Report]


class Tree(Schema):
    """Le rapport publié en entier : phrases, notes, codes et libellés."""

    format: str
    publication: int
    rapport: Document


class Answers(Schema):
    """Les réponses d’un rapport, une ligne par catégorie cochée ; voir le dictionnaire."""

    lignes: list[dict[str, str | int | None]]


def for_everybody(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    return open_data(conditional_page(view))


@api.get("/rapports", response=Reports, url_name="reports", summary="Rapports publiés")
@decorate_view(for_everybody)
def reports(
    request: HttpRequest,
    annee: int | None = None,
    departement: str = "",
    lieu: str = "",
    page: int = 1,
) -> Reports:
    """Les plus récents d’abord, cent par page. `departement` est un code, comme 14 ou 2A."""
    rows = queries.published_reports(year=annee, department=clean_text(departement), slug=lieu)
    found = Paginator(rows, A_PAGE).get_page(page)
    after = request.GET.copy()
    after["page"] = str(found.number + 1)
    return Reports(
        nombre=found.paginator.count,
        page=found.number,
        pages=found.paginator.num_pages,
        suivante=f"{_absolute('api:reports')}?{after.urlencode()}" if found.has_next() else None,
        rapports=[Report.of(row) for row in found],
    )


@api.get("/rapports/{lieu}/{annee}", response=Tree, url_name="report", summary="Un rapport")
@decorate_view(for_everybody)
def report(request: HttpRequest, lieu: str, annee: int) -> dict[str, Any]:
    """410 s’il a été retiré."""
    row = _publication(lieu, annee)
    return report_content(from_json(row.document), row.number)


@api.get(
    "/rapports/{lieu}/{annee}/reponses",
    response=Answers,
    url_name="answers",
    summary="Les réponses d’un rapport",
)
@decorate_view(for_everybody)
def answers(request: HttpRequest, lieu: str, annee: int) -> Answers:
    """Codes et libellés ; une question sans réponse dit laquelle des absences c’est."""
    row = _publication(lieu, annee)
    rows = rows_of(from_json(row.document), row.number)
    return Answers(lignes=[to_record(line) for line in rows])


def _publication(slug: str, year: int) -> Publication:
    row = queries.readable_publication(slug, year)
    if row is not None:
        return row
    if queries.was_published(slug, year):
        raise HttpError(410, "Ce rapport a été retiré.")
    raise HttpError(404, "Ce rapport n’est pas publié.")


def _absolute(name: str, *args: str | int) -> str:
    return settings.SITE_URL + reverse(name, args=args)


routes = api.urls
for pattern in routes[0]:
    assert pattern.callback is not None
    pattern.callback = login_not_required(pattern.callback)
