"""Under each page that holds words: what the report would say, before anything is saved.

The page is saved by the admin's own code in its transaction, read, and the transaction undone.
"""

import subprocess
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from observations.admin.refusals import TellsRefusals
from observations.admin.wording_forms import effect_input
from observations.composer.questionnaire.faults import faults
from observations.composer.rehearsal import Rehearsal, rehearse
from observations.exceptions import NotAllowedNow
from observations.models import Category, Effect, Question, Sentence, Vocabulary
from observations.rendering import grammar

ASKED = "_rehearse"  # `panel` by the page's script, `page` by its button
GRAMMAR = "_grammar"
_KNOWN = "known_faults"  # kept with the request


def effects_of(row: Model) -> list[Effect]:
    """Those that the words of this row speak in."""
    match row:
        case Effect():
            return [row]
        case Question() | Sentence():
            return [row.effect]
        case Category() if row.question:
            return [row.question.effect]
        case Category() | Vocabulary():
            shared = row.vocabulary if isinstance(row, Category) else row
            asking = Effect.objects.filter(Q(questions__vocabulary=shared)).distinct()
            return list(asking.select_related("edition"))
    return []


def rehearsals_of(row: Model) -> list[tuple[Effect, Rehearsal]]:
    return [(effect, rehearse(effect_input(effect))) for effect in effects_of(row)]


def faults_of(row: Model) -> set[str]:
    """What could not be said or asked of the effects that the words of this row speak in."""
    known = (effect for effect in effects_of(row) if effect.pk)
    return {reason for effect in known for _, reason in faults(effect_input(effect))}


class RehearsedAdmin(TellsRefusals):
    """A page is refused when, saved whole, it spoils a sentence or a question of its effects."""

    change_form_template = "admin/observations/rehearsed_change_form.html"

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        # What was wrong already is no reason to refuse: it is mended one row at a time.
        vars(request)[_KNOWN] = faults_of(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if spoilt := faults_of(form.instance) - vars(request)[_KNOWN]:
            raise NotAllowedNow(*sorted(spoilt))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **rest: Any
    ) -> HttpResponse:
        if _is_asked(request):  # a page with errors, or it would have been saved
            return _shown(request, {"errors": context["errors"]})
        row = rest.get("obj")
        context["rehearsals"] = rehearsals_of(row) if row else []
        context["has_grammar"] = grammar.is_installed()
        return super().render_change_form(request, context, *args, **rest)

    def response_add(
        self, request: HttpRequest, obj: Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        if _is_asked(request):
            return _rehearsed(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        if _is_asked(request):
            return _rehearsed(request, obj)
        return super().response_change(request, obj)


def _is_asked(request: HttpRequest) -> bool:
    return ASKED in request.POST or GRAMMAR in request.POST


def _rehearsed(request: HttpRequest, row: Model) -> HttpResponse:
    """What the row would say as it was just saved; then nothing was."""
    row.refresh_from_db()
    rehearsals = rehearsals_of(row)
    response = _shown(request, {"rehearsals": rehearsals, **_grammar(request, rehearsals)})
    transaction.set_rollback(True)
    return response


def _grammar(request: HttpRequest, found: list[tuple[Effect, Rehearsal]]) -> dict[str, Any]:
    if GRAMMAR not in request.POST or not grammar.is_installed():
        return {}
    examples = (row for _, told in found for group in told.groups for row in group.examples)
    lines = sorted({text for row in examples for text in (row.said, row.said_full) if text})
    try:
        return {"is_read": True, "corrections": grammar.corrections(lines).items()}
    except (subprocess.SubprocessError, OSError, ValueError):
        return {"grammar_failed": True}


def _shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    if request.POST.get(ASKED) == "panel":
        return render(request, "admin/observations/rehearsal.html", context)
    context |= admin.site.each_context(request)
    return render(request, "admin/observations/rehearsal_page.html", context)
