"""« Signaler un passage qui me concerne »: a reader's short form, and what staff do of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from observations import queries
from observations.access import is_team
from observations.composer.protecting.removal import (
    PASSAGE_REMOVED,
    effect_of,
    nearest_first,
    passages_of,
    sections_of,
)
from observations.composer.saying.document import Document, EffectSection, from_json
from observations.enums import FlagOutcome
from observations.exceptions import NotAllowedNow
from observations.models import Flag, Publication
from observations.models.publication import REASON_MAX
from observations.models.review import WORDS_MAX
from observations.rendering.colophon import public_url
from observations.services import flagging, takedown
from observations.views.acts import person, telling_refusals, words
from observations.views.public import gone

GONE = "plus personne ne peut le lire."
HANDLED = 100  # shown, the latest first
_TRAP = "site-web"  # a field that people do not see: who fills it is a robot


@csrf_exempt  # nobody is signed in here and a reader gets no cookie: there is no authority to steal
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    asked = (request.POST.get("numero") or request.GET.get("numero", ""))[:9]
    number = int(asked) if asked.isdecimal() else None
    publication = queries.readable_publication(slug, year, number)
    if publication is None:
        if queries.was_published(slug, year, number):
            return gone(request)
        raise Http404
    document = from_json(publication.document)
    chosen = request.POST.get("passage") or request.GET.get("passage", "")
    effect = _effect(document, chosen.partition("/")[0])
    if effect is None:
        raise Http404
    passages = dict(_present(effect))
    error = ""
    if request.method == "POST":
        error = _refused(request, passages)
        if not error and not request.POST.get(_TRAP):
            try:
                flagging.add_flag(
                    publication=publication,
                    place=chosen,
                    quoted=passages[chosen],
                    message=words(request, "message", WORDS_MAX),
                    email=words(request, "email", 254),
                )
            except NotAllowedNow as refused:
                error = str(refused)
    is_done = request.method == "POST" and not error
    context = {
        "document": document,
        "effect": effect,
        "passages": passages,
        "chosen": chosen,
        "number": publication.number,
        "error": error,
        "typed": request.POST,
        "url": public_url(slug, year),
        "is_done": is_done,
    }
    status = 422 if error else 200
    return render(request, "observations/report/flag.html", context, status=status)


def _effect(document: Document, code: str) -> EffectSection | None:
    return next((effect for effect in sections_of(document) if effect.code == code), None)


def _present(effect: EffectSection) -> list[tuple[str, str]]:
    return [row for row in passages_of(effect) if row[1] != PASSAGE_REMOVED]


def _refused(request: HttpRequest, passages: dict[str, str]) -> str:
    if request.POST.get("passage") not in passages:
        return "Choisissez le passage qui vous concerne."
    email = words(request, "email", 254)
    try:
        if email:
            validate_email(email)
    except ValidationError:
        return "Cette adresse e-mail n’est pas complète ; vous pouvez aussi n’en laisser aucune."
    return ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A flag, and what its effect says now where that is no longer what was flagged."""

    flag: Flag
    number: int | None  # of the last, as it was read
    present: list[tuple[str, str]]


@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """What readers have asked, what waits first."""
    if not is_team(request.user):
        raise PermissionDenied
    rows = Flag.objects.select_related("publication__report__site", "handled_by")
    rows = rows.defer("publication__document")
    open_flags = list(rows.filter(outcome=FlagOutcome.OPEN.value))
    context = {
        "waiting": list(_waiting(open_flags)),
        "nowhere": takedown.NOWHERE,
        "handled": rows.exclude(outcome=FlagOutcome.OPEN.value).order_by("-handled_at")[:HANDLED],
    }
    return render(request, "observations/team/flags.html", context)


def _waiting(rows: list[Flag]) -> Iterator[Waiting]:
    """1 query."""
    reports = {row.publication.report_id for row in rows}
    last = Publication.objects.latest_of_reports().filter(report__in=reports)
    found = last.values_list("report", "number", "document")
    documents = {pk: (number, from_json(data)) for pk, number, data in found}
    for row in rows:
        number, document = documents.get(row.publication.report_id, (None, None))
        effect = _effect(document, row.place.partition("/")[0]) if document else None
        passages = _present(effect) if effect else []
        is_there = any(text == row.quoted for _, text in passages)
        yield Waiting(row, number, [] if is_there else nearest_first(passages, row.quoted))


@require_POST
def handle_flag(request: HttpRequest, pk: int) -> HttpResponse:
    if not is_team(request.user):
        raise PermissionDenied
    row = get_object_or_404(Flag.objects.select_related("publication__report__site"), pk=pk)
    reason = words(request, "reason", REASON_MAX)
    act = request.POST.get("act")
    with telling_refusals(request):
        if act == "hide":
            _hide(request, row, reason)
        elif act == "withdraw":
            takedown.withdraw_all(flag=row, by=person(request), reason=reason)
            messages.success(request, f"{row.publication.report} est retiré : {GONE}")
        else:
            takedown.keep_passage(flag=row, by=person(request), reason=reason)
            messages.success(request, "Le passage est gardé ; le motif aussi.")
    row.refresh_from_db()
    if row.outcome == FlagOutcome.HIDDEN.value and (left := queries.still_read(row)):
        messages.warning(
            request,
            f"Il se lit encore, ou presque, dans {', '.join(left)} : "
            "signalez-le aussi sur ces pages, ou retirez ces rapports.",
        )
    return redirect("flags")


def _hide(request: HttpRequest, row: Flag, reason: str) -> None:
    report = row.publication.report
    url = public_url(report.site.slug, report.year)
    place, number = words(request, "place", 80), words(request, "numero", 9)
    was_read = queries.readable_publication(report.site.slug, report.year) is not None
    taken = takedown.hide_passage(
        flag=row,
        by=person(request),
        reason=reason,
        url=url,
        place=place,
        seen=int(number) if number.isdecimal() else 0 if place else None,
    )
    if taken.following is None:
        told = (
            f"Le numéro suivant n’a pas pu être fabriqué : {report} est retiré, {GONE}"
            if was_read
            else f"{report} était déjà retiré : ce passage attendra une décision pour y revenir."
        )
        messages.success(request, told)
        return
    elsewhere = {at for at, _ in taken.passages} - {row.place, place}
    told = (
        f"Le passage est retiré : la page, le PDF et les données du n° {taken.following.number}, "
        "relus, ne le disent plus, et les numéros qui l’avaient ne se lisent plus."
    )
    if titles := _other_effects(elsewhere, from_json(taken.following.document)):
        told += f" Il l’a été aussi ailleurs : {', '.join(titles)}."
    messages.success(request, told)


def _other_effects(elsewhere: set[str], document: Document) -> list[str]:
    """Where else the same words stood, for staff to look at."""
    places = Counter(map(effect_of, elsewhere))
    return [
        f"«\u00a0{section.title}\u00a0»" + (f" ({count} fois)" if count > 1 else "")
        for section in sections_of(document)
        if (count := places[section.code])
    ]
