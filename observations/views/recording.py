from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from observations import queries
from observations.composer.compare import differences
from observations.composer.completeness import missing_from, progress_of
from observations.composer.compose import compose, compose_effect
from observations.composer.inputs import EffectInput, ObservationInput, ReportInputs
from observations.enums import InclusiveWriting, Progress, Scale
from observations.exceptions import NotAllowedNow, StaleVersion
from observations.forms.effect import EffectForm, unsaid_questions
from observations.forms.scales import ScalesForm
from observations.models import AnnualReport, Effect, Observation
from observations.rendering.html import page_context
from observations.services import recording
from observations.views.objects import get_report

_EMPTY = ObservationInput()
_DONE = (Progress.COMPLETE, Progress.NOT_OBSERVED, Progress.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class EffectPage:
    """What the page of one effect is about."""

    report: AnnualReport
    effect: EffectInput
    observation: Observation | None
    form: EffectForm


@dataclass(frozen=True, slots=True)
class Task:
    effect: EffectInput
    progress: Progress


@require_safe
def year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The year's task list."""
    report, access = get_report(request, slug, year)
    inputs = queries.report_inputs(report)
    tasks = [
        Task(effect, progress_of(effect, inputs.observations.get(effect.code)))
        for effect in inputs.effects
    ]
    done = sum(task.progress in _DONE for task in tasks)
    context = {
        "report": report,
        "access": access,
        "is_recordable": report.state in recording.RECORDABLE,
        "scales": [(scale, [t for t in tasks if t.effect.scale is scale]) for scale in Scale],
        "done": done,
        "total": len(tasks),
        "next_task": next((task for task in tasks if task.progress not in _DONE), None),
        "has_assessment": any(
            facts.intensity or facts.keywords for facts in inputs.scales.values()
        ),
    }
    return render(request, "observations/recording/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def effect(request: HttpRequest, slug: str, year: int, code: str) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_record")
    row, inputs = _effect(report, code)
    observation = queries.observation_of(report, code)
    page = EffectPage(report, inputs, observation, _form(request, inputs, observation))
    if request.method != "POST":
        return _show(request, page)
    if not page.form.is_valid():
        return _show(request, page, status=422)
    try:
        _save(request, page, row)
    except StaleVersion:
        return _show_conflict(request, page)
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return _show(request, page, status=409)
    return _after_save(request, page)


def _effect(report: AnnualReport, code: str) -> tuple[Effect, EffectInput]:
    row = Effect.objects.filter(edition=report.edition_id, code=code).first()
    if row is None:
        raise Http404
    return row, queries.edition_effects(report.edition, code)[0]


def _form(request: HttpRequest, effect: EffectInput, observation: Observation | None) -> EffectForm:
    return EffectForm(
        request.POST if request.method == "POST" else None,
        effect=effect,
        said=queries.observation_input(observation) if observation else _EMPTY,
        internal_note=observation.internal_note if observation else "",
        version=observation.version if observation else 0,
    )


def _save(request: HttpRequest, page: EffectPage, effect: Effect) -> None:
    recording.save_observation(
        report=page.report,
        effect=effect,
        said=page.form.said(),
        internal_note=page.form.cleaned_data["internal_note"],
        version=page.form.cleaned_data["version"],
        by=request.user,  # type: ignore[arg-type]  # signed in: see get_report
    )


def _after_save(request: HttpRequest, page: EffectPage) -> HttpResponse:
    slug, year, effect = page.report.site.slug, page.report.year, page.effect
    messages.success(request, f"«\u00a0{effect.title}\u00a0» est enregistré.")
    if "next" not in request.POST or unsaid_questions(effect, page.form.said()):
        return redirect("effect", slug, year, effect.code)
    _, following = _neighbours(page.report, effect)
    if following is None:
        return redirect("check", slug, year)
    return redirect("effect", slug, year, following.code)


def _neighbours(report: AnnualReport, effect: EffectInput) -> tuple[Effect | None, Effect | None]:
    rows = list(Effect.objects.filter(edition=report.edition_id))
    rank = next(rank for rank, row in enumerate(rows) if row.code == effect.code)
    previous = rows[rank - 1] if rank else None
    return previous, rows[rank + 1] if rank + 1 < len(rows) else None


def _show_conflict(request: HttpRequest, page: EffectPage) -> HttpResponse:
    """What was typed stays in the form; saving again replaces what the other person saved."""
    form, observation = page.form, page.observation
    typed = request.POST.copy()
    typed["version"] = str(observation.version if observation else 0)
    form.data = typed
    conflict = {
        "observation": observation,
        "differences": differences(page.effect, form.before, form.said()),
    }
    return _show(request, page, status=409, conflict=conflict)


def _show(
    request: HttpRequest,
    page: EffectPage,
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    report, said = page.report, page.form.before
    previous, following = _neighbours(report, page.effect)
    context = {
        "report": report,
        "effect": page.effect,
        "form": page.form,
        "observation": page.observation,
        "conflict": conflict,
        "section": compose_effect(
            page.effect, said, InclusiveWriting(report.site.inclusive_writing)
        ),
        "missing": missing_from(page.effect, said) if page.observation else [],
        "previous": previous,
        "following": following,
        "is_recordable": report.state in recording.RECORDABLE,
    }
    return render(request, "observations/recording/effect.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def scales(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_record")
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
    context = page_context(compose(inputs)) | {
        "report": report,
        "access": access,
        "missing": _missing(inputs),
        "is_recordable": report.state in recording.RECORDABLE,
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
    report, _ = get_report(request, slug, year, "can_record")
    try:
        recording.submit_report(report=report, by=request.user)  # type: ignore[arg-type]  # signed in
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return redirect("check", slug, year)
    messages.success(request, "Le rapport est transmis à l’équipe du réseau. Merci !")
    return redirect("year", slug, year)
