"""Reviewing a year on the report itself: remarks, returns, what readers will get."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from observations import queries
from observations.composer.protecting.privacy import Decision
from observations.enums import PublicChoice
from observations.exceptions import NotAllowedNow
from observations.lifecycle import ANSWER, DECIDE, PUBLISH, REMARK, RETURN, REVIEW, WITHDRAW
from observations.models import AnnualReport, Comment, Effect
from observations.models.observation import NOTE_MAX
from observations.models.publication import REASON_MAX
from observations.rendering.colophon import public_url
from observations.services import privacy, publishing, reviewing
from observations.views.acts import person, telling_refusals, words
from observations.views.objects import get_report

REPLACEMENT_MAX = 250
FINGERPRINT = 64  # characters


@require_POST
def comment(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, REMARK.right)
    effect = get_object_or_404(Effect, edition=report.edition_id, code=words(request, "effect"))
    with telling_refusals(request):
        reviewing.add_comment(
            report=report,
            effect=effect.code,
            quoted=words(request, "quoted", NOTE_MAX),
            text=words(request, "text"),
            by=person(request),
        )
        messages.success(request, "La remarque est enregistrée : le lieu la verra avec le rapport.")
    return redirect("check", slug, year)


@require_POST
def answer_comment(request: HttpRequest, slug: str, year: int, pk: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, ANSWER.right)
    row = get_object_or_404(Comment, round__report=report, pk=pk)
    with telling_refusals(request):
        reviewing.answer_comment(comment=row, text=words(request, "text"), by=person(request))
        messages.success(request, "La réponse est enregistrée.")
    return redirect("check", slug, year)


@require_POST
def review(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, REVIEW.right)
    with telling_refusals(request):
        seen = words(request, "seen", FINGERPRINT)
        reviewing.mark_reviewed(report=report, by=person(request), seen=seen)
        messages.success(request, f"{report} est relu.")
    return redirect("check", slug, year)


@require_POST
def return_report(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Gives the year back to the site, whole or in part."""
    report, _ = get_report(request, slug, year, RETURN.right)
    known = set(
        Effect.objects.asked_at(report.site_id)
        .filter(edition=report.edition_id)
        .values_list("code", flat=True)
    )
    with telling_refusals(request):
        reviewing.return_report(
            report=report,
            by=person(request),
            reason=words(request, "reason"),
            effects=[code for code in request.POST.getlist("effects") if code in known],
        )
        messages.success(request, f"{report} est rendu au lieu, qui peut le reprendre.")
    return redirect("check", slug, year)


@require_POST
def publish(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, PUBLISH.right)
    with telling_refusals(request):
        publication = publishing.publish_report(
            report=report,
            by=person(request),
            url=public_url(slug, year),
            reason=words(request, "reason", REASON_MAX),
            seen=words(request, "seen", FINGERPRINT),
        )
        messages.success(
            request, f"Le rapport {report} est publié (publication n° {publication.number})."
        )
    return redirect("check", slug, year)


@require_POST
def withdraw(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, WITHDRAW.right)
    with telling_refusals(request):
        publishing.withdraw_report(
            report=report, by=person(request), reason=words(request, "reason", REASON_MAX)
        )
        messages.success(request, f"{report} est retiré : plus personne ne peut le lire.")
    return redirect("check", slug, year)


@require_safe
def privacy_review(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """What readers would get of each note, and what waits for a decision."""
    report, _ = get_report(request, slug, year, DECIDE.right)
    return _privacy_page(request, report)


def _privacy_page(
    request: HttpRequest, report: AnnualReport, *, refused: str = "", typed: str = ""
) -> HttpResponse:
    """`refused`: the effect that was not saved; `typed`: its words, to be copied."""
    reviews = queries.note_reviews(report)
    context = {
        "report": report,
        "reviews": reviews,
        "waiting": sum(len(row.waiting) for row in reviews),
        "choices": list(PublicChoice),
        "refused": refused,
        "typed": typed,
    }
    status = 409 if refused else 200
    return render(request, "observations/review/privacy.html", context, status=status)


@require_POST
def decide(request: HttpRequest, slug: str, year: int, code: str) -> HttpResponse:
    report, _ = get_report(request, slug, year, DECIDE.right)
    row = get_object_or_404(
        report.observations.select_related("effect", "report").prefetch_related("decisions"),
        effect__code=code,
    )
    decided = {
        found.key: decision
        for found in queries.review_of(row).decidable
        if (decision := _decision(request, found.name))
    }
    rewritten = words(request, "public_note", NOTE_MAX)
    try:
        privacy.decide_public(
            observation=row,
            is_public="is_public" in request.POST,
            note_is_public="note_is_public" in request.POST if row.note else row.note_is_public,
            public_note=rewritten,
            decisions=decided,
            by=person(request),
            seen=words(request, "seen", FINGERPRINT),
        )
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal))
        return _privacy_page(request, report, refused=code, typed=rewritten)
    messages.success(request, f"«\u00a0{row.effect.title}\u00a0» : c’est noté.")
    return redirect("privacy", slug, year)


def _decision(request: HttpRequest, name: str) -> Decision | None:
    choice = request.POST.get(f"choice-{name}", "")
    if choice not in [known.value for known in PublicChoice]:
        return None
    return Decision(PublicChoice(choice), words(request, f"replacement-{name}", REPLACEMENT_MAX))
