"""The life of a category: what each act would do is told, then done, kept and undone."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from observations import queries
from observations.admin.wording_forms import refuse_unsayable
from observations.enums import ActKind, EditionState
from observations.exceptions import NotAllowedNow
from observations.models import Category, Edition, WordingAct
from observations.services import wording


def _propose(form: forms.BaseForm, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # the field of several is one too
    field.queryset = rows


class RewordForm(forms.ModelForm):
    edition = forms.ModelChoiceField(Edition.objects.none(), label="À partir de", empty_label=None)

    class Meta:
        model = Category
        fields = wording.WORDS

    def __init__(self, *args: Any, editions: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        _propose(self, "edition", editions)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refuse_unsayable(self, cleaned, self.instance.question)
        return cleaned


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Category.objects.none(), label="Réunir avec")

    def __init__(self, *args: Any, others: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        _propose(self, "into", others)


class SplitForm(forms.Form):
    into = forms.ModelMultipleChoiceField(
        Category.objects.none(), label="Partager entre", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, others: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        _propose(self, "into", others)


def life_view(site_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    rows = Category.objects.select_related("vocabulary__edition", "question__effect__edition")
    category = get_object_or_404(rows, pk=pk)
    edition = queries.edition_of(category)
    if not site_admin.has_change_permission(request, category):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else None
    act = given.get("act", "") if given else ""
    built = _forms(category, edition, given, act)
    if given is not None:
        form = built.get(act)
        if form is None or form.is_valid():
            try:
                messages.success(request, _do(category, act, form, given, request))
            except NotAllowedNow as error:
                messages.error(request, str(error))
            return redirect("admin:observations_category_life", pk=pk)
    last = queries.last_published_at(edition)
    context = {
        **site_admin.admin_site.each_context(request),
        "opts": site_admin.opts,
        "category": category,
        "edition": edition,
        "usage": queries.usage_of(category),
        "successors": Category.objects.beside(category).filter(code__in=category.successors),
        "acts": [
            (row, last is None or row.at > last)
            for row in category.acts.select_related("by", "undone_by")
        ],
        "forms": built,
    }
    return render(request, "admin/observations/category/life.html", context)


def _forms(category: Category, edition: Edition, given: Any, act: str) -> dict[str, forms.BaseForm]:
    """Those of the acts that are possible; only the one that was sent is bound."""
    others = Category.objects.beside(category).filter(retired=False)
    later = Edition.objects.filter(first_year__gt=edition.first_year)
    later = later.exclude(state=EditionState.LOCKED.value)

    def sent(kind: ActKind) -> Any:
        return given if act == kind.value else None

    return {
        ActKind.REWORD.value: RewordForm(
            sent(ActKind.REWORD), instance=category, editions=later, prefix="reword"
        ),
        ActKind.MERGE.value: MergeForm(sent(ActKind.MERGE), others=others, prefix="merge"),
        ActKind.SPLIT.value: SplitForm(sent(ActKind.SPLIT), others=others, prefix="split"),
    }


def _do(category: Category, act: str, form: Any, given: Any, request: HttpRequest) -> str:
    """Does what was asked, and says it. Raises NotAllowedNow."""
    by: Any = request.user
    if act == "undo":
        row = get_object_or_404(WordingAct, pk=given.get("pk"), category=category)
        left = wording.undo(act=row, by=by)
        return (
            "C’est annulé."
            if not left
            else f"C’est annulé. Réponses modifiées depuis, et laissées : {left}."
        )
    if act == ActKind.REWORD:
        words = wording.Words(*(form.cleaned_data[name] for name in wording.WORDS))
        chosen = form.cleaned_data["edition"]
        # The form has put its words on this row; it is another edition's that change.
        fresh = Category.objects.get(pk=category.pk)
        wording.reword(category=fresh, edition=chosen, words=words, by=by)
        return f"Reformulée à partir de l’édition {chosen.first_year}. Les années d’avant gardent leurs mots."
    if act == ActKind.MERGE:
        done = wording.merge(category=category, into=form.cleaned_data["into"], by=by)
        return f"Réunies. Brouillons qui ont suivi : {len(done.moved)}."
    if act == ActKind.SPLIT:
        wording.split(category=category, into=form.cleaned_data["into"], by=by)
        return "Partagée. Elle n’est plus proposée."
    if act == ActKind.RETIRE:
        wording.retire(category=category, by=by)
        return "Elle n’est plus proposée."
    if act == ActKind.OFFER:
        wording.offer(category=category, by=by)
        return "Elle est proposée de nouveau."
    raise NotAllowedNow("Cet acte est inconnu.")
