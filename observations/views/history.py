from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from observations import queries
from observations.composer.comparing.compare import differences
from observations.composer.questionnaire.inputs import EffectInput
from observations.exceptions import EffetsError
from observations.lifecycle import RECORD
from observations.models import AnnualReport, Effect, Observation, ObservationVersion
from observations.services import recording
from observations.views.acts import person
from observations.views.objects import get_report

PER_PAGE = 30


def _number(request: HttpRequest, name: str, default: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else default


def _words(report: AnnualReport, code: str) -> EffectInput:
    asked = queries.asked_of(report, code)
    if not asked:
        raise Http404
    return asked[0]


@require_safe
def history(request: HttpRequest, slug: str, year: int, code: str) -> HttpResponse:
    """Every version of one page, by sitting: who, when, what changed."""
    report, access = get_report(request, slug, year)
    effect = get_object_or_404(Effect, edition=report.edition_id, code=code)
    observation = Observation.objects.filter(report=report, effect=effect).first()
    rows = queries.versions_of(observation) if observation else []
    words = _words(report, code)
    page = Paginator(queries.sittings(words, rows), PER_PAGE).get_page(request.GET.get("page"))
    context = {"report": report, "access": access, "effect": effect, "page": page, "versions": rows}
    return render(request, "observations/recording/history.html", context)


@require_safe
def compare(request: HttpRequest, slug: str, year: int, code: str) -> HttpResponse:
    """Two versions side by side, `?avant=3&apres=7`; by default the last one and the one before."""
    report, access = get_report(request, slug, year)
    effect = get_object_or_404(Effect, edition=report.edition_id, code=code)
    observation = get_object_or_404(Observation, report=report, effect=effect)
    after = _number(request, "apres", observation.version)
    before = _number(request, "avant", max(after - 1, 1))
    rows = {
        row.number: row
        for row in observation.versions.filter(number__in=(before, after)).select_related(
            "saved_by"
        )
    }
    if before not in rows or after not in rows:
        raise Http404
    words = _words(report, code)
    context = {
        "report": report,
        "effect": effect,
        "observation": observation,
        "before": rows[before],
        "after": rows[after],
        "differences": differences(
            words, queries.entry_of(rows[before]), queries.entry_of(rows[after])
        ),
        "can_restore": access.can_record and queries.is_open(report, code),
    }
    return render(request, "observations/recording/compare.html", context)


@require_POST
def restore(request: HttpRequest, slug: str, year: int, code: str, number: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, RECORD.right)
    effect = get_object_or_404(Effect, edition=report.edition_id, code=code)
    version = request.POST.get("version", "")
    try:
        recording.restore_observation(
            report=report,
            effect=effect,
            number=number,
            version=int(version) if version.isascii() and version.isdigit() else 0,
            by=person(request),
        )
    except ObservationVersion.DoesNotExist:
        raise Http404 from None
    except EffetsError as error:
        messages.error(request, str(error))
        return redirect("history", slug, year, code)
    messages.success(request, f"La version {number} est rétablie, en une nouvelle version.")
    return redirect("effect", slug, year, code)
