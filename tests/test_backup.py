"""One file holds everything: what was saved comes back, and what cannot be restored changes nothing."""

import gzip
import io
import json
import tarfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from observations.models import Observation, Publication, Site, User
from observations.services import publishing, recording
from observations.services.backup import write_backup
from tests.conftest import person

pytestmark = pytest.mark.django_db(transaction=True)  # isolation is set before any query


@pytest.fixture
def published(le_wip, manager, reviewer) -> Publication:
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    return publishing.publish_report(report=le_wip, by=reviewer, url="https://effets.example/")


@pytest.fixture
def archive(published, tmp_path_factory):
    path = tmp_path_factory.mktemp("backups") / "sauvegarde.tar.gz"
    call_command("backup", path)
    return path


def content(path_or_bytes) -> dict[str, object]:
    """Rows and files, in the order of the archive."""
    with tarfile.open(fileobj=io.BytesIO(path_or_bytes)) as tar:
        found = {member.name: tar.extractfile(member).read() for member in tar}
    found["manifest.json"] = json.loads(found["manifest.json"])["migrations"]
    rows = [json.loads(line) for line in found.pop("database.jsonl").splitlines()]
    return found | {f"{row['model']} {row['pk']}": row["fields"] for row in rows}


def everything() -> dict[str, object]:
    out = io.BytesIO()
    write_backup(out)
    return content(out.getvalue())


def test_everything_comes_back(archive, published, client, capsys):
    pages = [reverse(name, args=["le-wip", 2022]) for name in ("public", "public_pdf")]
    before = [client.get(page).getvalue() for page in pages]
    rows, at = content(archive.read_bytes()), published.published_at
    assert archive.stat().st_mode & 0o077 == 0
    Observation.objects.all().delete()
    Site.objects.update(name="Perdu")
    person("late")
    default_storage.delete(published.pdf.name)
    call_command("restore", archive, replace=True)
    assert everything() == rows
    published.refresh_from_db()
    assert published.published_at == at
    assert [client.get(page).getvalue() for page in pages] == before
    assert person("next").pk == User.objects.latest("pk").pk


def test_empty_installation_is_saved_too(settings):
    settings.MEDIA_ROOT = settings.MEDIA_ROOT / "nowhere"
    found = everything()
    assert not [name for name in found if name.startswith("files/")]


def test_database_that_holds_something_is_not_replaced_unasked(archive):
    rows = everything()
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", archive)
    assert everything() == rows


def rewritten(path, change) -> None:
    """The archive with its manifest changed."""
    old = path.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(old)) as source, tarfile.open(path, "w:gz") as target:
        for member in source:
            data = source.extractfile(member).read()
            if member.name == "manifest.json":
                data = json.dumps(change(json.loads(data))).encode()
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-3000]), "abîmée"),
        (lambda path: path.write_bytes(b"une lettre"), "abîmée"),
        (lambda path: path.write_bytes(gzip.compress(bytes(10240))), "manifest.json"),
        (lambda path: rewritten(path, lambda found: found | {"format": "autre"}), "d’Effets"),
        (lambda path: rewritten(path, lambda found: found | {"migrations": []}), "autre version"),
        (lambda path: path.unlink(), "No such file"),
    ],
)
def test_what_cannot_be_restored_changes_nothing(archive, spoil, said):
    rows = everything()
    spoil(archive)
    with pytest.raises(CommandError, match=said):
        call_command("restore", archive, replace=True)
    assert everything() == rows


def test_folder_in_the_archive_is_no_file(archive):
    with gzip.open(archive) as packed:
        plain = io.BytesIO(packed.read())
    with tarfile.open(fileobj=plain, mode="a") as tar:
        folder = tarfile.TarInfo("files/vide")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
    archive.write_bytes(gzip.compress(plain.getvalue()))
    rows = everything()
    call_command("restore", archive, replace=True)
    assert everything() == rows
