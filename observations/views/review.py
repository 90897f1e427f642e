"""Reviewing a year on the report itself: remarks, returns, what readers will get."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from observations import queries
from observations.composer.french import clean_text
from observations.composer.privacy import Decision
from observations.enums import PublicChoice
from observations.exceptions import NotAllowedNow, PdfError
from observations.models import Comment, Effect
from observations.models.observation import NOTE_MAX
from observations.models.publication import REASON_MAX
from observations.models.review import WORDS_MAX
from observations.services import privacy, publishing, reviewing
from observations.views.objects import get_report
from observations.views.reports import public_url

SHOWN_CHOICES = list(PublicChoice)
REPLACEMENT_MAX = 250


def words(request: HttpRequest, name: str, longest: int = WORDS_MAX) -> str:
    return clean_text(request.POST.get(name, ""))[:longest].strip()


def act(request: HttpRequest, done: str, doing: Callable[[], object]) -> bool:
    """Does it and says so, or says why not."""
    try:
        doing()
    except (NotAllowedNow, PdfError) as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True


@require_POST
def comment(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_review")
    effect = get_object_or_404(
        Effect, edition=report.edition_id, code=request.POST.get("effect", "")
    )
    act(
        request,
        "La remarque est enregistrée : le lieu la verra avec le rapport.",
        lambda: reviewing.add_comment(
            report=report,
            effect=effect.code,
            quoted=clean_text(request.POST.get("quoted", ""))[:NOTE_MAX],
            text=words(request, "text"),
            by=request.user,  # type: ignore[arg-type]  # signed in: see get_report
        ),
    )
    return redirect("check", slug, year)


@require_POST
def answer_comment(request: HttpRequest, slug: str, year: int, pk: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_record")
    row = get_object_or_404(Comment, round__report=report, pk=pk)
    act(
        request,
        "La réponse est enregistrée.",
        lambda: reviewing.answer_comment(
            comment=row,
            text=words(request, "text"),
            by=request.user,  # type: ignore[arg-type]  # signed in: see get_report
        ),
    )
    return redirect("check", slug, year)


@require_POST
def review(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_review")
    act(
        request,
        f"{report} est relu.",
        lambda: reviewing.mark_reviewed(report=report, by=request.user),  # type: ignore[arg-type]
    )
    return redirect("check", slug, year)


@require_POST
def return_report(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Gives the year back to the site, whole or in part."""
    report, _ = get_report(request, slug, year, "can_review")
    known = set(Effect.objects.filter(edition=report.edition_id).values_list("code", flat=True))
    act(
        request,
        f"{report} est rendu au lieu, qui peut le reprendre.",
        lambda: reviewing.return_report(
            report=report,
            by=request.user,  # type: ignore[arg-type]  # signed in: see get_report
            reason=words(request, "reason"),
            effects=[code for code in request.POST.getlist("effects") if code in known],
        ),
    )
    return redirect("check", slug, year)


@require_POST
def publish(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_publish")
    try:
        publication = publishing.publish_report(
            report=report,
            by=request.user,  # type: ignore[arg-type]  # signed in: see get_report
            url=public_url(slug, year),
            reason=words(request, "reason", REASON_MAX),
        )
    except (NotAllowedNow, PdfError) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, f"Le rapport {report} est publié (publication n° {publication.number})."
        )
    return redirect("check", slug, year)


@require_POST
def withdraw(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_publish")
    act(
        request,
        f"{report} est retiré : plus personne ne peut le lire.",
        lambda: publishing.withdraw_report(
            report=report,
            by=request.user,  # type: ignore[arg-type]  # signed in: see get_report
            reason=words(request, "reason", REASON_MAX),
        ),
    )
    return redirect("check", slug, year)


@require_safe
def privacy_review(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """What readers would get of each note, and what waits for a decision."""
    report, _ = get_report(request, slug, year, "can_decide")
    reviews = queries.note_reviews(report)
    context = {
        "report": report,
        "reviews": reviews,
        "waiting": sum(len(row.waiting) for row in reviews),
        "choices": SHOWN_CHOICES,
    }
    return render(request, "observations/review/privacy.html", context)


@require_POST
def decide(request: HttpRequest, slug: str, year: int, code: str) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_decide")
    row = get_object_or_404(
        report.observations.select_related("effect").prefetch_related("decisions"),
        effect__code=code,
    )
    has_note = bool(row.note)
    act(
        request,
        f"«\u00a0{row.effect.title}\u00a0» : c’est noté.",
        lambda: privacy.decide_public(
            observation=row,
            is_public="is_public" in request.POST,
            note_is_public="note_is_public" in request.POST or not has_note,
            public_note=clean_text(request.POST.get("public_note", ""))[:NOTE_MAX].strip(),
            decisions={
                found.key: decision
                for found in queries.review_of(row).passages
                if (decision := _decision(request, found.name))
            },
            by=request.user,  # type: ignore[arg-type]  # signed in: see get_report
        ),
    )
    return redirect("privacy", slug, year)


def _decision(request: HttpRequest, name: str) -> Decision | None:
    choice = request.POST.get(f"choice-{name}", "")
    if choice not in [known.value for known in PublicChoice]:
        return None
    return Decision(PublicChoice(choice), words(request, f"replacement-{name}", REPLACEMENT_MAX))
