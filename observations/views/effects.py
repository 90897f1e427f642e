"""The page of one effect: shown, saved by its buttons or by itself, compared when two people wrote."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from observations import queries
from observations.access import SiteAccess
from observations.composer.comparing.compare import Difference, differences, merge
from observations.composer.compose import compose_effect
from observations.composer.questionnaire.completeness import missing_from
from observations.composer.questionnaire.inputs import EffectInput, Entry, ObservationInput
from observations.enums import InclusiveWriting, Keep
from observations.exceptions import NotAllowedNow, StaleVersion
from observations.forms.effect import EffectForm, unsaid_questions
from observations.lifecycle import RECORD
from observations.models import AnnualReport, Effect, Observation, ObservationVersion
from observations.services import recording
from observations.views.acts import person
from observations.views.errors import wants_json
from observations.views.objects import get_report
from observations.views.session import seconds_left

_NOTHING = Entry(ObservationInput())
_SOMEBODY_IS_HERE = timedelta(minutes=2)  # pages save themselves every few seconds


@dataclass(frozen=True, slots=True)
class EffectPage:
    """What the page of one effect is about."""

    report: AnnualReport
    access: SiteAccess
    row: Effect
    effect: EffectInput
    observation: Observation | None
    form: EffectForm

    @property
    def saved(self) -> Entry:
        return self.form.before

    @property
    def version(self) -> int:
        return self.observation.version if self.observation else 0

    @property
    def url(self) -> str:
        return reverse("effect", args=[self.report.site.slug, self.report.year, self.effect.code])


def _page(request: HttpRequest, slug: str, year: int, code: str) -> EffectPage:
    report, access = get_report(request, slug, year, RECORD.right)
    asked = queries.asked_of(report, code)
    if not asked:
        raise Http404
    (effect,) = asked
    row = Effect.objects.get(edition=report.edition_id, code=code)
    observation = queries.observation_of(report, code)
    form = EffectForm(
        request.POST if request.method == "POST" else None,
        effect=effect,
        before=_entry(observation),
        version=observation.version if observation else 0,
        last=queries.last_year_of(report, code),
    )
    return EffectPage(report, access, row, effect, observation, form)


def _entry(observation: Observation | None) -> Entry:
    if observation is None:
        return _NOTHING
    return Entry(queries.observation_input(observation), observation.internal_note)


@require_http_methods(["GET", "HEAD", "POST"])
def effect(request: HttpRequest, slug: str, year: int, code: str) -> HttpResponse:
    page = _page(request, slug, year, code)
    if request.method != "POST":
        return _show(request, page)
    return _answer_script(request, page) if wants_json(request) else _answer(request, page)


@require_POST
def sentences(request: HttpRequest, slug: str, year: int, code: str) -> HttpResponse:
    """What the report would say of what is ticked and not saved yet. Writes nothing."""
    page = _page(request, slug, year, code)
    page.form.is_valid()
    context = _spoken(request, page, page.form.entry().said)
    return render(request, "observations/recording/_spoken.html", context)


def _answer(request: HttpRequest, page: EffectPage) -> HttpResponse:
    """A page without script: every outcome is a page."""
    if request.POST.get("resolve") == Keep.SAVED:
        return redirect(page.url)
    if not page.form.is_valid():
        return _show(request, page, status=422)
    try:
        _save(request, page)
    except StaleVersion:
        return _show_conflict(request, _read_again(request, page))
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return _show(request, page, status=409)
    messages.success(request, f"«\u00a0{page.effect.title}\u00a0» est enregistré.")
    return redirect(_next_url(request, page))


def _read_again(request: HttpRequest, page: EffectPage) -> EffectPage:
    """Somebody saved after this page was read: compare with what is there now."""
    report = page.report
    again = _page(request, report.site.slug, report.year, page.effect.code)
    again.form.is_valid()
    return again


def _save(request: HttpRequest, page: EffectPage) -> ObservationVersion:
    entry = page.form.entry()
    if request.POST.get("resolve") == "merge":
        entry = merge(page.effect, page.saved, entry, _kept(request.POST))
    return recording.save_observation(
        report=page.report,
        effect=page.row,
        said=entry.said,
        internal_note=entry.internal_note,
        version=page.form.cleaned_data["version"],
        by=person(request),
        key=_key(request),
    )


def _kept(posted: QueryDict) -> dict[str, Keep]:
    choices = {keep.value: keep for keep in Keep}
    prefix = "keep-"
    return {
        name.removeprefix(prefix): choices[str(value)]
        for name, value in posted.items()
        if name.startswith(prefix) and value in choices
    }


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _next_url(request: HttpRequest, page: EffectPage) -> str:
    """The following effect when that was asked, unless an answer needs a second look here."""
    if "next" not in request.POST or unsaid_questions(page.effect, page.form.entry().said):
        return page.url
    slug, year = page.report.site.slug, page.report.year
    _, following = _neighbours(page.report, page.effect)
    if following is None:
        return reverse("check", args=[slug, year])
    return reverse("effect", args=[slug, year, following.code])


def _answer_script(request: HttpRequest, page: EffectPage) -> JsonResponse:
    """A page that saves itself: what can be saved is, what cannot be is named.

    {"state": "saved", "version", "at", "next", "spoken", "errors", "seconds_left"}, or
    {"state": "conflict", "version", "panel"}, "closed" with its "message", "other_person".
    """
    if request.headers.get("Effets-Person", str(request.user.pk)) != str(request.user.pk):
        return JsonResponse({"state": "other_person"}, status=403)
    form = page.form
    form.is_valid()
    if "version" in form.errors:
        return JsonResponse({"state": "closed", "message": "Rechargez la page."}, status=422)
    try:
        version = _save(request, page)
    except StaleVersion:
        page = _read_again(request, page)
        panel = render_to_string(
            "observations/recording/_conflict.html", _conflict(page), request=request
        )
        found = {"state": "conflict", "version": page.version, "panel": panel}
        return JsonResponse(found, status=409)
    except NotAllowedNow as error:
        return JsonResponse({"state": "closed", "message": str(error)}, status=409)
    said = _spoken(request, page, form.entry().said)
    return JsonResponse(
        {
            "state": "saved",
            "version": version.number,
            "at": f"{timezone.localtime(version.saved_at):%H:%M}",
            "next": _next_url(request, page),
            "spoken": render_to_string("observations/recording/_spoken.html", said),
            "errors": [form.fields[name].label for name in form.errors],
            "seconds_left": seconds_left(request, extend=True),
        }
    )


def _neighbours(report: AnnualReport, effect: EffectInput) -> tuple[Effect | None, Effect | None]:
    rows = list(Effect.objects.asked_at(report.site_id).filter(edition=report.edition_id))
    rank = next(rank for rank, row in enumerate(rows) if row.code == effect.code)
    previous = rows[rank - 1] if rank else None
    return previous, rows[rank + 1] if rank + 1 < len(rows) else None


def _show_conflict(request: HttpRequest, page: EffectPage) -> HttpResponse:
    """What was typed stays in the form, which now answers the version that is saved."""
    conflict = _conflict(page)
    typed = request.POST.copy()
    typed["version"] = str(page.version)
    page.form.data = typed
    return _show(request, page, status=409, conflict=conflict)


def _conflict(page: EffectPage) -> dict[str, Any]:
    typed = page.form.entry()
    found = differences(page.effect, page.saved, typed, _base(page))
    return {"observation": page.observation, "differences": found}


def _base(page: EffectPage) -> Entry | None:
    """What this page was opened on."""
    opened = page.form.cleaned_data.get("version")
    if page.observation is None or not opened:
        return _NOTHING
    row = page.observation.versions.filter(number=opened).first()
    return queries.entry_of(row) if row else None


def _spoken(request: HttpRequest, page: EffectPage, said: ObservationInput) -> dict[str, Any]:
    writing = InclusiveWriting(page.report.site.inclusive_writing)
    return {
        "section": compose_effect(page.effect, said, writing),
        "missing": missing_from(page.effect, said) if said != _NOTHING.said else [],
        "colleague": _colleague(request, page.observation),
    }


def _colleague(request: HttpRequest, observation: Observation | None) -> Observation | None:
    """The observation, when somebody else has just saved it."""
    if observation is None or observation.updated_by_id in (None, request.user.pk):
        return None
    is_recent = timezone.now() - observation.updated_at < _SOMEBODY_IS_HERE
    return observation if is_recent else None


def _show(
    request: HttpRequest,
    page: EffectPage,
    *,
    status: int = 200,
    conflict: dict[str, list[Difference] | Observation | None] | None = None,
) -> HttpResponse:
    previous, following = _neighbours(page.report, page.effect)
    context = _spoken(request, page, page.saved.said) | {
        "report": page.report,
        "effect": page.effect,
        "form": page.form,
        "observation": page.observation,
        "conflict": conflict,
        "previous": previous,
        "following": following,
        "is_recordable": queries.is_open(page.report, page.effect.code),
        "additions": queries.additions_of(page.report, (page.effect,)).get(page.effect.code),
        "comments": queries.comments_on(page.report, page.effect.code),
        "access": page.access,
        "seconds_left": seconds_left(request),
    }
    return render(request, "observations/recording/effect.html", context, status=status)
