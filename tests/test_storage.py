"""What is stored is whole, or is not there: a disk that is full cuts nothing that is served later."""

import errno
import io
import os
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse

from observations.enums import BatchKind
from observations.exchange import tables
from observations.models import Batch, Publication
from observations.rendering import pdf
from observations.services import batches, publishing
from observations.services.backup import write_backup

URL = "https://effets.example/le-wip/2022/"


@pytest.fixture
def full_disk(monkeypatch):
    """As a disk that is full while a file is written: its beginning is there, then no more."""

    def chunks(self, chunk_size=None):
        content = self.read()
        yield content[: len(content) // 2]
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    @contextmanager
    def full():
        with monkeypatch.context() as disk:
            disk.setattr("django.core.files.base.File.chunks", chunks)
            disk.setattr("django.core.files.base.ContentFile.chunks", chunks, raising=False)
            with pytest.raises(OSError, match="No space left"):
                yield

    return full


def stored(settings) -> set[str]:
    """Every file there is, those that are still written too."""
    return {
        str(file.relative_to(settings.MEDIA_ROOT))
        for file in settings.MEDIA_ROOT.rglob("*")
        if file.is_file()
    }


def test_table_that_a_full_disk_cuts_is_made_again(published, client, full_disk, settings):
    before, table = stored(settings), reverse("table", args=["csv"])
    with full_disk():
        client.get(table)
    assert stored(settings) == before
    content = b"".join(client.get(table).streaming_content)
    rows = "".join(tables.to_csv(tables.published_rows(Publication.objects.all())))
    assert content.decode() == rows


def test_nothing_is_published_when_its_pdf_does_not_fit(submitted, reviewer, full_disk, settings):
    with full_disk():
        publishing.publish_report(report=submitted, by=reviewer, url=URL)
    assert not Publication.objects.exists()
    assert stored(settings) == set()


@pytest.mark.parametrize("kind", [BatchKind.ZIP, BatchKind.VOLUME])
def test_batch_that_does_not_fit_is_made_again(kind, published, reviewer, full_disk, settings):
    before = stored(settings)
    batch = batches.start_batch(pk=uuid4(), kind=kind, year=2022, by=reviewer)
    with full_disk():
        batches.work_on(batch.pk, "first")
    batch.refresh_from_db()
    assert (batch.file.name, batch.finished_at) == ("", None)
    assert stored(settings) == before
    Batch.objects.update(claimed_at=None)
    batches.work_on(batch.pk, "second")
    batch.refresh_from_db()
    assert stored(settings) == before | {batch.file.name}


def test_same_name_keeps_its_whole_file_until_the_new_one_is_there(full_disk, settings):
    default_storage.save("a/b.txt", ContentFile(b"before"))
    with full_disk():
        default_storage.save("a/b.txt", ContentFile(b"what comes after"))
    assert (settings.MEDIA_ROOT / "a/b.txt").read_bytes() == b"before"
    assert default_storage.save("a/b.txt", ContentFile(b"after")) == "a/b.txt"
    assert (settings.MEDIA_ROOT / "a/b.txt").read_bytes() == b"after"
    assert stored(settings) == {"a/b.txt"}
    assert (settings.MEDIA_ROOT / "a/b.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_process_left_is_in_no_backup_and_goes(settings):
    aside = settings.MEDIA_ROOT / ".aside"
    aside.mkdir()
    (aside / "today").write_text("cut")
    (aside / "old").write_text("cut")
    os.utime(aside / "old", (0, 0))
    assert write_backup(io.BytesIO())["files"] == 0
    default_storage.save("a.txt", ContentFile(b"a"))
    assert stored(settings) == {"a.txt", ".aside/today"}


def test_pdf_that_is_missing_is_said(published, client, signed_in, reviewer, caplog):
    address = reverse("public_pdf", args=["le-wip", 2022])
    assert client.get(address).status_code == 200
    default_storage.delete(published.pdf.name)
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Le PDF de ce rapport manque" in page
    assert 'href="/le-wip/2022/"' in page
    assert answer.cookies == {}
    assert client.get("/le-wip/2022/").status_code == 200
    assert str(published) in caplog.text


def test_batch_whose_file_is_missing_is_said(published, signed_in, reviewer):
    batch = batches.start_batch(pk=uuid4(), kind=BatchKind.ZIP, year=2022, by=reviewer)
    batches.work_on(batch.pk, "worker")
    batch.refresh_from_db()
    default_storage.delete(batch.file.name)
    answer = signed_in(reviewer).get(reverse("batch_file", args=[batch.pk]), follow=True)
    assert "Ce fichier n’est plus sur le serveur" in answer.content.decode()


def test_draft_waits_in_a_short_queue_and_publishing_is_never_refused(
    submitted, manager, reviewer, signed_in
):
    draft = reverse("draft_pdf", args=["le-wip", 2022])
    turns = [pdf.draft_turn() for _ in range(pdf.DRAFTS_AT_ONCE)]
    for turn in turns:
        turn.__enter__()
    refused = signed_in(manager).get(draft)
    told = signed_in(manager).get(draft, headers={"Accept": "application/json"})
    signed_in(reviewer).post(reverse("publish", args=["le-wip", 2022]))
    for turn in turns:
        turn.__exit__(None, None, None)
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "Plusieurs PDF sont en préparation" in refused.content.decode()
    assert (told.status_code, told.json()) == (503, {"state": "busy"})
    assert Publication.objects.count() == 1
    assert signed_in(manager).get(draft)["Content-Type"] == "application/pdf"


@pytest.mark.django_db(transaction=True)
def test_backup_that_does_not_fit_leaves_the_one_before(full_disk, tmp_path_factory):
    backup = tmp_path_factory.mktemp("backups") / "effets.tar.gz"
    call_command("backup", backup)
    before = backup.read_bytes()
    default_storage.save("a.txt", ContentFile(b"a"))
    with full_disk():
        call_command("backup", backup)
    assert list(backup.parent.iterdir()) == [backup]
    assert backup.read_bytes() == before
