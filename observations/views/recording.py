from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from observations import queries
from observations.composer.compose import ReportInputs, compose
from observations.composer.questionnaire.completeness import missing_from, progress_of
from observations.composer.questionnaire.inputs import EffectInput
from observations.enums import Progress, Scale
from observations.exceptions import NotAllowedNow
from observations.forms.scales import ScalesForm
from observations.lifecycle import RECORD, SUBMIT
from observations.models import Comment
from observations.rendering.html import fingerprint, page_context
from observations.services import recording
from observations.views.acts import person, words
from observations.views.objects import get_report

_DONE = (Progress.COMPLETE, Progress.NOT_OBSERVED, Progress.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Task:
    effect: EffectInput
    progress: Progress
    additions: list[str]


@require_safe
def year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The year's task list."""
    report, access = get_report(request, slug, year)
    inputs = queries.report_inputs(report)
    additions = queries.additions_of(report, inputs.effects)
    tasks = [
        Task(
            effect,
            progress_of(effect, inputs.observations.get(effect.code)),
            additions.get(effect.code, []),
        )
        for effect in inputs.effects
    ]
    done = sum(task.progress in _DONE for task in tasks)
    context = {
        "report": report,
        "access": access,
        "is_recordable": report.is_recordable,
        "scales": [(scale, [t for t in tasks if t.effect.scale is scale]) for scale in Scale],
        "done": done,
        "total": len(tasks),
        "next_task": next((task for task in tasks if task.progress not in _DONE), None),
        "current": queries.current_round(report),
        "titles": {effect.code: effect.title for effect in inputs.effects},
        "has_assessment": any(
            facts.intensity or facts.keywords for facts in inputs.scales.values()
        ),
    }
    return render(request, "observations/recording/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def scales(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, RECORD.right)
    typed = request.POST if request.method == "POST" else None
    form = ScalesForm(typed, scales=queries.scales_of(report))
    if request.method == "POST" and form.is_valid():
        try:
            recording.save_scales(report=report, scales=form.scales())
        except NotAllowedNow as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Les intensités et les mots-clés sont enregistrés.")
            return redirect("year", slug, year)
    status = 422 if form.errors else 200
    context = {"report": report, "form": form}
    return render(request, "observations/recording/scales.html", context, status=status)


@require_safe
def check(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The report itself, with what is missing said in sentences."""
    report, access = get_report(request, slug, year)
    inputs = queries.report_inputs(report)
    rounds = queries.rounds_of(report)
    remarks: dict[str, list[Comment]] = {}
    for row in rounds[0].comments.all() if rounds else ():
        remarks.setdefault(row.effect, []).append(row)
    last = report.publications.readable().first()
    before = rounds[1 if report.is_submitted else 0 :][:1]
    document = compose(inputs)
    context = page_context(document) | {
        "report": report,
        "fingerprint": fingerprint(document),
        "access": access,
        "missing": _missing(inputs),
        "is_recordable": report.is_recordable,
        "rounds": rounds,
        "current": rounds[0] if rounds else None,
        "remarks": remarks,
        "can_comment": access.can_review and bool(rounds),
        "changed": queries.changes_since_round(inputs.effects, report, before[0].versions)
        if before
        else [],
        "effects": inputs.effects,
        "titles": {effect.code: effect.title for effect in inputs.effects},
        "waiting": sum(len(row.waiting) for row in queries.note_reviews(report)),
        "is_published": last is not None,
        "last_number": report.publications.count(),
    }
    return render(request, "observations/recording/check.html", context)


def _missing(inputs: ReportInputs) -> list[Any]:
    return [
        missing
        for effect in inputs.effects
        for missing in missing_from(effect, inputs.observations.get(effect.code))
    ]


@require_POST
def submit(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, SUBMIT.right)
    try:
        recording.submit_report(
            report=report,
            by=person(request),
            message=words(request, "message"),
        )
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return redirect("check", slug, year)
    messages.success(request, "Le rapport est transmis à l’équipe du réseau. Merci !")
    return redirect("year", slug, year)
