"""Long work on many reports: shared, taken up again, the same bytes for the same publications."""

import hashlib
import io
import json
import subprocess
import zipfile
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import page as page_validation
import pikepdf
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from observations import jobs, queries
from observations.enums import BatchKind, CampaignState, ItemState
from observations.exceptions import NotAllowedNow
from observations.exchange.bilan import read_bilan
from observations.models import (
    AnnualReport,
    Batch,
    BatchItem,
    Membership,
    Observation,
    Publication,
    Site,
    User,
)
from observations.services import batches, privacy, publishing, recording, reviewing
from observations.services.importing import import_bilan
from tests.questionnaire import LE_WIP

URL = "https://effets.example/x/2022/"
NAMES = ("Arche", "Le Moulin", "Halles (12 0 R)")  # the last looks like a reference of a PDF


def reviewed_site(name: str, by: User) -> AnnualReport:
    """Another third place with Le WIP's answers, handed in and read over."""
    data = json.loads(LE_WIP.read_text())
    slug = f"lieu-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    data["site"] |= {"slug": slug, "name": name, "name_with_de": f"de {name}"}
    import_bilan(bilan=read_bilan(json.dumps(data).encode()))
    report = AnnualReport.objects.select_related("site").get(site__name=name)
    privacy.decide_all(report=report, by=by)
    recording.submit_report(report=report, by=by)
    report.refresh_from_db()
    reviewing.mark_reviewed(report=report, by=by)
    return report


@pytest.fixture
def reviewed(edition, reviewer) -> list[AnnualReport]:
    return [reviewed_site(name, reviewer) for name in NAMES]


@pytest.fixture
def published(reviewed, reviewer) -> list[Publication]:
    return [publishing.publish_report(report=row, by=reviewer, url=URL) for row in reviewed]


def worked(kind: BatchKind, by: User, **rest) -> Batch:
    batch = batches.start_batch(pk=uuid4(), kind=kind, year=2022, by=by, **rest)
    batches.work_on(batch.pk, "a worker")
    batch.refresh_from_db()
    assert batch.finished_at is not None
    return batch


def content_of(batch: Batch) -> bytes:
    with batch.file.open() as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == batch.sha256
    return content


def words_of(pdf: bytes) -> Counter[str]:
    run = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return Counter(run.stdout.decode().split())


def test_zip_holds_the_published_bytes_and_is_the_same_again(published, reviewer):
    first, again = (content_of(worked(BatchKind.ZIP, reviewer)) for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        found = {
            name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()
        }
    assert found == {f"{row.report.site.slug}-2022.pdf": row.sha256 for row in published}


def test_volume_is_one_valid_whole_and_the_same_again(published, reviewer, tmp_path):
    content, again = (content_of(worked(BatchKind.VOLUME, reviewer)) for _ in range(2))
    assert content == again
    file = tmp_path / "volume.pdf"
    file.write_bytes(content)
    for profile in ("ua1", "3a"):
        assert page_validation.validate_pdf(str(file), profile=profile).failures == []
    whole = words_of(content)
    for row in published:
        with row.pdf.open() as stored:
            assert not words_of(stored.read()) - whole
    with pikepdf.open(file) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "Effets sociaux et urbains",
            *(f"Effets sociaux et urbains de {name}" for name in sorted(NAMES)),
        ]
        assert len(outline.root[1].children) > 3
        contents = next(row for row in pdf.pages if len(row.get("/Annots", [])) == len(NAMES))
        places = [pdf.pages.index(pikepdf.Page(link.Dest[0])) for link in contents.Annots]
        told = contents_numbers(file, pdf.pages.index(contents) + 1)
        assert [place + 1 for place in places] == told
        inside = next(link for link in pdf.pages[places[1] + 1].Annots if "/Dest" in link)
        assert places[1] < pdf.pages.index(pikepdf.Page(inside.Dest[0])) < places[2]
    check = subprocess.run(["pdfinfo", "-struct", file], capture_output=True, text=True, check=True)
    assert check.stderr == ""


def contents_numbers(file, number: int) -> list[int]:
    command = ["pdftotext", "-layout", "-f", str(number), "-l", str(number), str(file), "-"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line.split() for line in run.stdout.splitlines()]
    return [int(line[0]) for line in lines if len(line) > 1 and line[0].isdecimal()]


def test_what_cannot_be_in_the_file_is_named_and_stops_nothing(published, reviewer, caplog):
    missing, changed, withdrawn = published
    kept = reviewed_site("Encore un", reviewer)
    publishing.publish_report(report=kept, by=reviewer, url=URL)
    batch = batches.start_batch(pk=uuid4(), kind=BatchKind.ZIP, year=2022, by=reviewer)
    missing.pdf.delete(save=False)
    with changed.pdf.storage.open(changed.pdf.name, "wb") as file:
        file.write(b"%PDF-1.7 something else")
    publishing.withdraw_report(report=withdrawn.report, by=reviewer, reason="Une erreur.")
    batches.work_on(batch.pk, "a worker")
    batch.refresh_from_db()
    errors = dict(batch.items.values_list("publication", "error"))
    assert "manque" in errors[missing.pk]
    assert "n’est plus celui" in errors[changed.pk]
    assert "retiré" in errors[withdrawn.pk]
    with zipfile.ZipFile(io.BytesIO(content_of(batch))) as archive:
        assert archive.namelist() == [f"{kept.site.slug}-2022.pdf"]


def test_unreadable_pdf_is_named_too(published, reviewer, caplog):
    broken = published[0]
    with broken.pdf.storage.open(broken.pdf.name, "wb") as file:
        file.write(b"not a PDF")
    broken.sha256 = hashlib.sha256(b"not a PDF").hexdigest()
    broken.save(update_fields=["sha256"])
    batch = worked(BatchKind.VOLUME, reviewer)
    (failed,) = batch.items.filter(state=ItemState.FAILED.value)
    assert (failed.publication, failed.error) == (broken, batches.UNEXPECTED)
    assert "publication" in caplog.text


def test_nothing_that_can_be_read_makes_no_file(published, reviewer):
    batch = batches.start_batch(pk=uuid4(), kind=BatchKind.VOLUME, year=2022, by=reviewer)
    for row in published:
        row.pdf.delete(save=False)
    batches.work_on(batch.pk, "a worker")
    batch.refresh_from_db()
    assert batch.finished_at
    assert not batch.file


def test_bulk_publishing_leaves_out_who_is_not_ready(le_wip, manager, reviewed, reviewer):
    recording.submit_report(report=le_wip, by=manager)  # handed in, not read over
    waiting = reviewed[0].observations.get(effect__code="lien-social")
    waiting.note = "Karim est venu."
    waiting.save()
    batch = worked(BatchKind.PUBLISH, reviewer)
    states = dict(batch.items.values_list("report__site__name", "state"))
    assert states == {"Arche": "failed", "Le Moulin": "done", "Halles (12 0 R)": "done"}
    failed = batch.items.get(state="failed")
    assert "décision" in failed.error
    assert Publication.objects.count() == 2
    assert set(Publication.objects.values_list("published_by", flat=True)) == {reviewer.pk}


def test_only_the_chosen_sites_and_something_to_do(published, reviewer):
    chosen = published[1].report.site
    batch = worked(BatchKind.ZIP, reviewer, sites=[chosen.slug])
    assert batch.items.count() == 1
    with pytest.raises(NotAllowedNow, match="Aucun rapport relu"):
        batches.start_batch(pk=uuid4(), kind=BatchKind.PUBLISH, year=2022, by=reviewer)
    with pytest.raises(NotAllowedNow, match="n’est publié"):
        batches.start_batch(pk=uuid4(), kind=BatchKind.ZIP, year=2021, by=reviewer)
    assert Batch.objects.count() == 1


def test_dead_workers_share_is_free_after_a_while(reviewed, reviewer):
    batch = batches.start_batch(
        pk=uuid4(), kind=BatchKind.PUBLISH, year=2022, by=reviewer, sites=[reviewed[0].site.slug]
    )
    taken = batches.claim_item(batch, "dies")
    assert batches.claim_item(batch, "too soon") is None
    batches.work_on(batch.pk, "too soon")
    batch.refresh_from_db()
    assert batch.finished_at is None
    assert batches.next_to_do() is None
    # It had published, and died before saying so.
    published = publishing.publish_report(report=reviewed[0], by=reviewer, url=URL)
    long_ago = timezone.now() - batches.LEASE - timedelta(seconds=1)
    batch.items.update(claimed_at=long_ago)
    Batch.objects.update(claimed_at=long_ago)
    assert batches.next_to_do() == batch.pk
    batches.work_on(batch.pk, "takes up")
    taken.refresh_from_db()
    batch.refresh_from_db()
    assert (taken.state, taken.worker, taken.publication) == ("done", "takes up", published)
    assert batch.finished_at is not None
    assert Publication.objects.count() == 1


def test_two_workers_never_make_the_same_file(published, reviewer):
    batch = batches.start_batch(pk=uuid4(), kind=BatchKind.ZIP, year=2022, by=reviewer)
    Batch.objects.update(claimed_at=timezone.now())  # the other's sign of life
    batches.work_on(batch.pk, "second")
    batch.refresh_from_db()
    assert batch.finished_at is None
    Batch.objects.update(claimed_at=timezone.now() - batches.LEASE * 2)
    batches.work_on(batch.pk, "second")
    assert content_of(Batch.objects.get())


def test_work_asked_by_somebody_who_left_says_so(reviewed, boss):
    batch = batches.start_batch(pk=uuid4(), kind=BatchKind.PUBLISH, year=2022, by=boss)
    Batch.objects.update(asked_by=None)
    batches.work_on(batch.pk, "a worker")
    assert all("n’a plus de compte" in item.error for item in batch.items.all())


def test_unexpected_error_stops_nothing(reviewed, reviewer, monkeypatch, caplog):
    calls = []

    def publish(**rest):
        calls.append(rest)
        if len(calls) == 1:
            raise RuntimeError
        return publishing.publish_report(**rest)

    monkeypatch.setattr(batches, "publish_report", publish)
    batch = worked(BatchKind.PUBLISH, reviewer)
    assert Counter(batch.items.values_list("state", flat=True)) == {"failed": 1, "done": 2}
    assert batch.items.get(state="failed").error == batches.UNEXPECTED


def test_correction_is_never_published_by_the_dozen(manager, published, reviewer):
    report = published[0].report
    report.refresh_from_db()
    reviewing.return_report(report=report, by=reviewer, reason="Une faute.")
    recording.submit_report(report=AnnualReport.objects.get(pk=report.pk), by=manager)
    reviewing.mark_reviewed(report=report, by=reviewer)
    batch = worked(BatchKind.PUBLISH, reviewer)
    assert "dites pourquoi" in batch.items.get().error


def test_worker_does_what_is_left_and_forgets_what_is_old(published, reviewer):
    done = worked(BatchKind.ZIP, reviewer)
    name = done.file.name
    left = batches.start_batch(pk=uuid4(), kind=BatchKind.VOLUME, year=2022, by=reviewer)
    jobs.tidy()
    Batch.objects.filter(pk=done.pk).update(asked_at=timezone.now() - batches.KEPT * 2)
    rests = []
    jobs.work(lambda: bool(rests), rests.append)
    assert rests == [jobs.POLL]
    (row,) = Batch.objects.all()
    assert (row.pk, row.finished_at is None) == (left.pk, False)
    assert content_of(row)
    assert not done.file.storage.exists(name)


def test_worker_that_is_told_to_stop_ends_with_its_item(reviewed, reviewer):
    batch = batches.start_batch(pk=uuid4(), kind=BatchKind.PUBLISH, year=2022, by=reviewer)

    def is_over() -> bool:
        return batch.items.filter(state=ItemState.DONE.value).exists()

    assert jobs.do_next("tells what happened")
    assert jobs.do_next("first", is_over)
    assert batch.items.filter(state=ItemState.DONE.value).count() == 1
    while jobs.do_next("second"):
        pass
    batch.refresh_from_db()
    assert batch.finished_at is not None


def test_work_that_fails_unexpectedly_is_taken_up_again(published, reviewer, monkeypatch, caplog):
    batch = batches.start_batch(pk=uuid4(), kind=BatchKind.ZIP, year=2022, by=reviewer)
    rests = []
    with monkeypatch.context() as patched:
        patched.setattr(batches, "_assemble", fail)
        jobs.work(lambda: bool(rests), rests.append)
    assert "half-way" in caplog.text
    assert batches.next_to_do() == batch.pk


def fail(*_arguments: object) -> None:
    raise OSError


def test_generated_sites_are_the_same_again_and_can_be_published(edition):
    def told() -> list[str]:
        call_command("generate_sites", sites=10, years=[2022, 2023], seed=7, verbosity=0)
        rows = Observation.objects.order_by("report__site__slug", "report__year", "effect__code")
        return list(rows.values_list("note", flat=True))

    first = told()
    assert sum(map(bool, first)) > 100
    counts = queries.campaign_counts(2023)
    assert min(counts[state] for state in (CampaignState.STARTED, CampaignState.REVIEWED)) > 1
    assert queries.campaign_counts(2022)[CampaignState.REVIEWED] == 10
    staff = User.objects.get(email="relecture@effets.example")
    batch = worked(BatchKind.PUBLISH, staff, sites=list(some_slugs(2)))
    assert set(batch.items.values_list("state", flat=True)) == {"done"}
    worked(BatchKind.PUBLISH, staff, sites=list(some_slugs(3)))
    assert Publication.objects.count() == 3
    for model in (BatchItem, Batch, Publication, Observation, AnnualReport, Membership, Site):
        model.objects.all().delete()
    assert told() == first


def some_slugs(count: int) -> list[str]:
    return list(Site.objects.order_by("slug").values_list("slug", flat=True)[:count])


def test_generate_sites_publishes_all_but_the_last_year(edition):
    call_command("generate_sites", sites=1, years=[2022, 2023], publish=True, verbosity=0)
    assert list(Publication.objects.values_list("report__year", flat=True)) == [2022]


def test_work_that_is_done_or_unknown_is_left_alone(published, reviewer):
    batch = worked(BatchKind.ZIP, reviewer)
    batches.work_on(batch.pk, "a worker")
    batches.work_on(uuid4(), "a worker")
    assert Batch.objects.get().finished_at == batch.finished_at


def test_report_published_before_the_work_was_asked_is_not_its_own(reviewed, reviewer):
    row = reviewed[0]
    batch = batches.start_batch(
        pk=uuid4(), kind=BatchKind.PUBLISH, year=2022, by=reviewer, sites=[row.site.slug]
    )
    publishing.publish_report(report=row, by=reviewer, url=URL)
    Batch.objects.update(asked_at=timezone.now() + timedelta(hours=1))
    batches.work_on(batch.pk, "a worker")
    assert "Seul un rapport transmis" in batch.items.get().error


def test_staff_asks_follows_and_fetches(published, signed_in, reviewer):
    browser = signed_in(reviewer)
    asked = {"kind": "zip", "key": str(uuid4())}
    answers = [browser.post(reverse("start_batch", args=[2022]), asked) for _ in range(2)]
    batch = Batch.objects.get()
    url = reverse("batch", args=[batch.pk])
    assert [answer["Location"] for answer in answers] == [url, url]
    assert "0 rapport sur 3" in browser.get(url).content.decode()
    assert browser.get(reverse("batch_file", args=[batch.pk])).status_code == 404
    batches.work_on(batch.pk, "a worker")
    told = browser.get(url).content.decode()
    assert "3 rapports sur 3" in told
    assert "Terminé, sans échec" in told
    fetched = browser.get(reverse("batch_file", args=[batch.pk]))
    assert b"".join(fetched.streaming_content) == content_of(Batch.objects.get())
    assert 'filename="effets-2022.zip"' in fetched["Content-Disposition"]
    assert fetched["Cache-Control"] == "no-store"
    publishing.withdraw_report(report=published[0].report, by=reviewer, reason="Une erreur.")
    refused = browser.get(reverse("batch_file", args=[batch.pk]), follow=True)
    assert "a été retiré depuis" in refused.content.decode()
    assert browser.post(reverse("start_batch", args=[2022]), {"kind": "x"}).status_code == 404
    nothing = browser.post(reverse("start_batch", args=[2021]), {"kind": "zip"}, follow=True)
    assert "Aucun de ces rapports n’est publié" in nothing.content.decode()
    assert queries.batches_of(2022)[0].settled == 3


def test_slow_worker_does_not_say_failed_of_what_another_did(submitted, reviewer):
    reviewing.mark_reviewed(report=submitted, by=reviewer)

    batch = batches.start_batch(pk=uuid4(), kind=BatchKind.PUBLISH, year=2022, by=reviewer)
    slow = batches.claim_item(batch, "slow")
    BatchItem.objects.update(claimed_at=timezone.now() - timedelta(minutes=2))
    batches.work_on(batch.pk, "quick")
    assert BatchItem.objects.get().state == ItemState.DONE.value
    batches._settle(batch, slow)
    item = BatchItem.objects.get()
    assert (item.state, item.error) == (ItemState.DONE.value, "")
