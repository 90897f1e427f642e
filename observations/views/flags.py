"""« Signaler un passage qui me concerne »: a reader's short form, and what staff do of it."""

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
from observations.composer.document import Document, EffectSection, from_json
from observations.enums import FlagOutcome
from observations.exceptions import NotAllowedNow
from observations.models import Flag
from observations.models.review import WORDS_MAX
from observations.rendering.colophon import public_url
from observations.services import takedown
from observations.views.acts import person, telling_refusals, words
from observations.views.public import gone

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
    passages = dict(_passages(effect))
    error = ""
    if request.method == "POST":
        error = _refused(request, passages)
        if not error and not request.POST.get(_TRAP):
            try:
                takedown.add_flag(
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
    sections = (effect for scale in document.scales for effect in scale.effects)
    return next((effect for effect in sections if effect.code == code), None)


def _passages(effect: EffectSection) -> list[tuple[str, str]]:
    """Where each passage is, and what it says."""
    sentences = [(f"{effect.code}/p{rank}", row.text) for rank, row in enumerate(effect.passages)]
    notes = [(f"{effect.code}/n{rank}", text) for rank, text in enumerate(effect.note)]
    return sentences + notes


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


@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """What readers have asked, what waits first."""
    if not is_team(request.user):
        raise PermissionDenied
    rows = Flag.objects.select_related("publication__report__site", "handled_by")
    rows = rows.defer("publication__document")
    context = {
        "waiting": rows.filter(outcome=FlagOutcome.OPEN.value),
        "handled": rows.exclude(outcome=FlagOutcome.OPEN.value).order_by("-handled_at")[:HANDLED],
    }
    return render(request, "observations/team/flags.html", context)


@require_POST
def handle_flag(request: HttpRequest, pk: int) -> HttpResponse:
    if not is_team(request.user):
        raise PermissionDenied
    row = get_object_or_404(Flag.objects.select_related("publication__report__site"), pk=pk)
    report, reason = row.publication.report, words(request, "reason")
    with telling_refusals(request):
        if request.POST.get("act") == "hide":
            url = public_url(report.site.slug, report.year)
            takedown.hide_passage(flag=row, by=person(request), reason=reason, url=url)
            done = "Le passage est retiré de la page et du PDF ; les numéros qui l’avaient aussi."
        else:
            takedown.keep_passage(flag=row, by=person(request), reason=reason)
            done = "Le passage est gardé ; le motif aussi."
        messages.success(request, done)
    return redirect("flags")
