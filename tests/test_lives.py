"""Admins change words while managers fill and hand in and staff publish: nothing is ever lost."""

import json

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from observations import lifecycle, queries
from observations.composer.comparing.snapshot import read
from observations.composer.compose import compose
from observations.composer.questionnaire.inputs import ObservationInput
from observations.composer.questionnaire.lineage import follow_codes
from observations.composer.saying.document import Document
from observations.enums import Origin, ReportState
from observations.exceptions import NotAllowedNow
from observations.models import (
    AnnualReport,
    Category,
    Observation,
    ObservationVersion,
    Publication,
    Question,
    Sentence,
    Site,
    User,
    WordingAct,
)
from observations.services import publishing, recording, reviewing, wording
from observations.services.editions import copy_edition
from observations.services.recording import says_the_same

pytestmark = pytest.mark.django_db
EXAMPLES, STEPS = 20, 100  # 2,000 acts
EFFECT, QUESTION = "sante", "effets"
SITES = ("arche", "le-wip")
CODES = st.integers(0, 30)


class Lives(RuleBasedStateMachine):
    """`ticked`: what each site's year must say; `frozen`: what readers got of each publication;
    `handed_in`: what each year says from its handing-in to its return."""

    edition: int

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.ticked: dict[int, frozenset[str]] = {}
        self.frozen: dict[int, tuple[str, bytes]] = {}
        self.handed_in: dict[int, Document] = {}
        self.acts: dict[int, dict[int, frozenset[str]]] = {}

    def teardown(self) -> None:
        for pk, (document, page) in self.frozen.items():
            row = Publication.objects.select_related("report__site").get(pk=pk)
            assert json.dumps(row.document, sort_keys=True) == document
            if row == row.report.publications.latest("number"):
                assert self._page(row) == page
        transaction.savepoint_rollback(self.savepoint)

    @initialize()
    def open_two_sites(self) -> None:
        """One that has everything to say, one that has a year filled already."""
        self.people = list(User.objects.order_by("pk"))
        new = Site.objects.create(name="Arche", name_with_de="d’Arche", slug=SITES[0])
        recording.open_year(site=new, year=2022)
        self.ticked = {
            pk: self._said(pk) for pk in AnnualReport.objects.values_list("pk", flat=True)
        }

    # What each person does. A refusal in a sentence is an answer too; anything else is a fault.

    @rule(which=st.sampled_from(SITES), chosen=st.sets(CODES, max_size=4))
    def fill(self, which, chosen) -> None:
        report, rows = self._report(which), self._categories()
        now = self.ticked[report.pk]
        offered = [row.code for row in rows if not row.retired or row.code in now]
        codes = (
            frozenset(offered[rank % len(offered)] for rank in chosen) if offered else frozenset()
        )
        said = ObservationInput(answers={QUESTION: tuple(sorted(codes))} if codes else {})
        effect = report.edition.effects.get(code=EFFECT)
        if self._tried(
            lambda: recording.save_observation(
                report=report, effect=effect, said=said, by=self.people[0]
            )
        ):
            self.ticked[report.pk] = codes

    @rule(which=st.sampled_from(SITES))
    def hand_in(self, which) -> None:
        report = self._report(which)
        if self._tried(lambda: recording.submit_report(report=report, by=self.people[0])):
            self.handed_in[report.pk] = compose(queries.report_inputs(report))

    @rule(which=st.sampled_from(SITES))
    def give_back(self, which) -> None:
        report = self._report(which)
        if self._tried(
            lambda: reviewing.return_report(report=report, by=self.people[1], reason="Encore.")
        ):
            del self.handed_in[report.pk]
            self._follow_merges(report.pk)

    def _follow_merges(self, pk: int) -> None:
        """Those that were made while the year was away."""
        for act in WordingAct.objects.filter(kind="merge", undone_at=None).order_by("pk"):
            code, (into,) = act.category.code, act.category.successors
            if code in self.ticked[pk]:
                self.acts[act.pk][pk] = self.ticked[pk]
                self.ticked[pk] = self.ticked[pk] - {code} | {into}

    @rule(which=st.sampled_from(SITES))
    def publish(self, which) -> None:
        report = self._report(which)
        if report.state != ReportState.SUBMITTED.value:
            return
        done = self._tried(
            lambda: publishing.publish_report(
                report=report, by=self.people[1], url="https://effets.example/", reason="Suite."
            )
        )
        if done:
            row = report.publications.latest("number")
            document = json.dumps(row.document, sort_keys=True)
            self.frozen[row.pk] = (document, self._page(row))

    @rule(origin=st.sampled_from(Origin), which=st.sampled_from(SITES))
    def ask_more(self, origin, which) -> None:
        effect, rank = self._edition().effects.get(code=EFFECT), Question.objects.count()
        site = Site.objects.get(slug=which) if origin is Origin.SITE else None
        question = Question.objects.create(
            effect=effect, code=f"q{rank}", kind="multiple", label="Et ?", origin=origin, site=site
        )
        Category.objects.create(
            question=question, code="oui", form_label="Oui", report_wording="oui"
        )
        Sentence.objects.create(effect=effect, passage=9, template=f"On a dit {{q{rank}}}")
        for slug in SITES:
            report = self._report(slug)
            (asked,) = queries.asked_of(report, EFFECT)
            is_asked = question.code in {row.code for row in asked.questions}
            assert is_asked == (self._is_draft(report.pk) and (site is None or slug == which))

    @rule(which=st.sampled_from(SITES), page=st.sampled_from(("year", "check", "draft")))
    def look(self, which, page) -> None:
        client = Client()
        client.force_login(self.people[1])
        assert client.get(reverse(page, args=[which, 2022])).status_code == 200

    @rule(which=CODES, word=st.sampled_from(("rire", "oser", "dormir mieux")))
    def mend(self, which, word) -> None:
        row = self._category(which)
        before = {"form_label": row.form_label, "report_wording": row.report_wording}
        row.form_label, row.report_wording = word.capitalize(), word
        row.save()
        self._acted(wording.keep_mended(category=row, before=before, by=self.people[2]))

    @rule(which=CODES)
    def retire(self, which) -> None:
        self._act(lambda: wording.retire(category=self._category(which), by=self.people[2]))

    @rule(which=CODES)
    def offer(self, which) -> None:
        self._act(lambda: wording.offer(category=self._category(which), by=self.people[2]))

    @rule(which=CODES, other=CODES)
    def merge(self, which, other) -> None:
        row, into = self._category(which), self._category(other)
        before = dict(self.ticked)
        act = self._act(lambda: wording.merge(category=row, into=into, by=self.people[2]), before)
        if act:
            for pk, codes in before.items():
                if row.code in codes and self._is_draft(pk):
                    self.ticked[pk] = codes - {row.code} | {into.code}
                    assert follow_codes(self._question(), codes) == follow_codes(
                        self._question(), self.ticked[pk]
                    )

    @rule(which=CODES, others=st.lists(CODES, min_size=2, max_size=3))
    def split(self, which, others) -> None:
        parts = list({row.pk: row for row in map(self._category, others)}.values())
        self._act(
            lambda: wording.split(category=self._category(which), into=parts, by=self.people[2])
        )

    @rule(which=st.integers(0, 5))
    def undo(self, which) -> None:
        rows = list(WordingAct.objects.filter(undone_at=None)[: which + 1])
        if not rows:
            return
        act = rows[-1]
        untouched = Observation.objects.filter(pk__in=dict(act.moved)).values_list("report", "pk")
        back = [pk for pk, row in untouched if self._says_still(row, dict(act.moved)[row])]
        drafts = [pk for pk in back if self._is_draft(pk)]
        if self._tried(lambda: wording.undo(act=act, by=self.people[2])):
            before = self.acts[act.pk]
            self.ticked |= {pk: before[pk] for pk in drafts}

    @rule()
    def prepare_next(self) -> None:
        last = self._edition()
        if last.__class__.objects.count() < 3:
            year = last.__class__.objects.latest("first_year").first_year + 1
            copy = copy_edition(edition=last, first_year=year)
            theirs = [(row.code, row.successors) for row in self._categories(copy)]
            assert theirs == [(row.code, row.successors) for row in self._categories()]

    # What must be true after each act.

    @invariant()
    def no_tick_disappears(self) -> None:
        for pk, codes in self.ticked.items():
            assert self._said(pk) == codes

    @invariant()
    def what_is_submitted_keeps_its_words(self) -> None:
        for pk, document in self.handed_in.items():
            report = AnnualReport.objects.select_related("site", "edition").get(pk=pk)
            assert compose(queries.report_inputs(report)) == document

    @invariant()
    def no_published_word_changes(self) -> None:
        rows = dict(Publication.objects.filter(pk__in=self.frozen).values_list("pk", "document"))
        for pk, (document, _) in self.frozen.items():
            assert json.dumps(rows[pk], sort_keys=True) == document

    def _act(self, act, before=None) -> WordingAct | None:
        made: list[WordingAct] = []
        if self._tried(lambda: made.append(act())):
            self._acted(made[0], before)
        return made[0] if made else None

    def _acted(self, act: WordingAct, before=None) -> None:
        self.acts[act.pk] = dict(before or self.ticked)

    def _tried(self, act) -> bool:
        try:
            with transaction.atomic():
                act()
        except NotAllowedNow:
            return False
        return True

    def _edition(self):
        return self._report(SITES[0]).edition

    def _categories(self, edition=None) -> list[Category]:
        rows = Category.objects.filter(
            question__code=QUESTION,
            question__effect__code=EFFECT,
            question__effect__edition=edition or self._edition(),
        )
        return list(rows.select_related("question__effect__edition"))

    def _category(self, rank: int) -> Category:
        rows = self._categories()
        return rows[rank % len(rows)]

    def _question(self):
        (effect,) = queries.edition_effects(self._edition(), EFFECT)
        return next(row for row in effect.questions if row.code == QUESTION)

    def _report(self, slug: str) -> AnnualReport:
        return AnnualReport.objects.select_related("site", "edition").get(
            site__slug=slug, year=2022
        )

    def _says_still(self, observation: int, version: int) -> bool:
        """As the act left it: nobody has written anything else since."""
        rows = ObservationVersion.objects.filter(observation=observation)
        now = rows.first()
        return says_the_same(rows.get(number=version), read(now.said), now.internal_note)

    def _is_draft(self, pk: int) -> bool:
        return AnnualReport.objects.get(pk=pk).state in lifecycle.RECORDABLE

    def _said(self, pk: int) -> frozenset[str]:
        row = queries.observation_of(AnnualReport.objects.get(pk=pk), EFFECT)
        answers = queries.observation_input(row).answers if row else {}
        return frozenset(answers.get(QUESTION, ()))

    def _page(self, row: Publication) -> bytes:
        response = Client().get(reverse("public", args=[row.report.site.slug, 2022]))
        assert response.status_code == 200
        return response.content


def test_two_thousand_acts_lose_nothing(edition, manager, reviewer, boss, monkeypatch):
    """The PDF is drawn elsewhere (test_pdf.py): here it would only take time."""
    monkeypatch.setattr(publishing, "render_pdf", lambda *args, **rest: b"%PDF-")
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
