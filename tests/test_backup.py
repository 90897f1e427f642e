"""One file holds everything: what was saved comes back, and what cannot be restored changes nothing."""

import errno
import gzip
import io
import json
import tarfile

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from observations import queries
from observations.composer.language.french import plain
from observations.composer.protecting.likeness import is_said, words_of
from observations.composer.protecting.removal import passages_of, sections_of
from observations.composer.saying.document import from_json
from observations.enums import FlagOutcome, PassageKind
from observations.models import AnnualReport, Flag, Observation, Publication, Removal, Site, User
from observations.services import (
    backup,
    ledger,
    publishing,
    recording,
    removals,
    reviewing,
    takedown,
)
from observations.services.backup import write_backup
from observations.services.editions import copy_edition
from tests.conftest import PASSWORD, keep_every_passage, person

URL = "https://effets.example/le-wip/2022/"
PUBLIC = "/le-wip/2022/"

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


def rows_changed(path, change) -> None:
    """The archive with its rows changed, one line each."""
    old = path.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(old)) as source, tarfile.open(path, "w:gz") as target:
        for member in source:
            data = source.extractfile(member).read()
            if member.name == "database.jsonl":
                data = b"".join(change(data.splitlines(keepends=True)))
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: [*rows, rows[-1]], "n’a pas accepté"),
        (
            lambda rows: [*rows, b'{"model": "observations.inconnu", "pk": 1, "fields": {}}\n'],
            "abîmée",
        ),
        (lambda rows: [*rows, b"[1]\n"], "abîmée"),
        (
            lambda rows: [row for row in rows if b'"observations.site"' not in row],
            "n’a pas accepté",
        ),
    ],
)
def test_rows_that_cannot_be_put_back_are_refused_in_a_sentence(archive, change, said):
    rows = everything()
    rows_changed(archive, change)
    with pytest.raises(CommandError, match=said):
        call_command("restore", archive, replace=True)
    assert everything() == rows


def test_restored_over_a_newer_edition_new_groups_and_open_sessions(archive, boss, le_wip):
    rows = content(archive.read_bytes())
    copy_edition(edition=le_wip.edition, first_year=2030)
    group = Group.objects.create(name="Relecture")
    group.permissions.set(Permission.objects.all()[:3])
    boss.groups.add(group)
    boss.user_permissions.set(Permission.objects.all()[:3])
    browser = Client()
    browser.post("/comptes/login/", {"login": boss.email, "password": PASSWORD})
    assert browser.get("/mes-lieux/", follow=True).status_code == 200
    call_command("restore", archive, replace=True)
    assert everything() == rows
    assert browser.get("/mes-lieux/").status_code == 302
    assert not UserSession.objects.exists()


SECRET = "Karima Benali est passée tous les mardis raconter sa longue maladie à la cuisine."


def test_what_was_removed_since_stays_removed(le_wip, manager, reviewer, client, tmp_path, capsys):
    Observation.objects.filter(effect__code="sante").update(note=SECRET)
    keep_every_passage(le_wip)
    recording.submit_report(report=le_wip, by=manager)
    first = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL)
    archive = tmp_path / "avant.tar.gz"
    call_command("backup", archive)
    flags = [
        Flag.objects.create(publication=first, place="sante/n0", quoted=SECRET),
        Flag.objects.create(
            publication=first, place="reseau/p0", quoted=first_sentence(first, "reseau")
        ),
    ]
    for flag in flags:
        takedown.hide_passage(flag=flag, by=reviewer, reason="À sa demande.", url=URL)
    publishing.withdraw_report(report=le_wip, by=reviewer, reason="Tout.")
    capsys.readouterr()
    call_command("restore", archive, replace=True)
    printed = capsys.readouterr().out
    assert "publication 1 : retirée de nouveau" in printed
    assert printed.count("attend de nouveau une décision") == 2
    assert "Karima" not in printed
    assert client.get(PUBLIC).status_code == 410
    back = Publication.objects.get()
    assert (back.withdrawn_by, back.withdrawn_reason) == (reviewer, takedown.TAKEN_AWAY)
    report = le_wip_now()
    assert report.state == "submitted"
    publishing.publish_report(report=report, by=reviewer, url=URL, reason="De nouveau.")
    document = json.dumps(Publication.objects.readable().get().document, ensure_ascii=False)
    for flag in flags:
        assert not is_said(words_of(flag.quoted), document)
    Observation.objects.filter(effect__code="sante").update(note=SECRET.replace("mardis", "jeudis"))
    assert any(row.waiting for row in queries.note_reviews(report))
    call_command("restore", archive, replace=True)
    assert "retirée de nouveau" in capsys.readouterr().out


@pytest.mark.parametrize(("year", "times"), [(2020, 0), (2022, 1)])
def test_passage_hidden_in_a_year_that_the_backup_had_not_begun_or_not_published(
    year, times, le_wip, manager, reviewer, tmp_path, capsys
):
    archive = tmp_path / "avant.tar.gz"
    AnnualReport.objects.filter(pk=le_wip.pk).update(year=year)
    call_command("backup", archive)
    AnnualReport.objects.filter(pk=le_wip.pk).update(year=2022)
    recording.submit_report(report=le_wip, by=manager)
    first = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL)
    section = next(row for row in sections_of(from_json(first.document)) if row.note)
    flag = Flag.objects.create(
        publication=first, place=f"{section.code}/n0", quoted=section.note[0]
    )
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    call_command("restore", archive, replace=True)
    assert not Flag.objects.exists()
    printed = capsys.readouterr().out
    assert printed.count("attend de nouveau une décision") == times
    assert printed.count("S’il revient, il attendra une décision") == 1 - times
    notes = [row.waiting for row in queries.note_reviews(le_wip_now())]
    assert any(notes) is not bool(times)  # decided again, it is left out; in another year, it waits
    assert len(queries.removed_from(le_wip.site_id)) == 1


OTHER = "Cette cuisinière bénévole souffre depuis longtemps du diabète, confiait son voisin."


@pytest.mark.parametrize("was_published", [True, False])
def test_passage_removed_before_its_site_was_renamed_stays_removed(
    was_published, le_wip, manager, reviewer, tmp_path, capsys
):
    """The words are those that staff chose, where the flag had others; and the site has another
    address since the backup, which may be older than the publication."""
    Observation.objects.filter(effect__code="sante").update(note=OTHER)
    keep_every_passage(le_wip)
    archive = tmp_path / "avant.tar.gz"
    if not was_published:
        call_command("backup", archive)
    recording.submit_report(report=le_wip, by=manager)
    first = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL)
    flag = Flag.objects.create(publication=first, place="sante/n0", quoted=SECRET)
    if was_published:
        call_command("backup", archive)
    Site.objects.update(slug="le-wip-d-ailleurs")
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL, place="sante/n0")
    capsys.readouterr()
    call_command("restore", archive, replace=True)
    assert "attend de nouveau une décision" in capsys.readouterr().out
    report = le_wip_now()
    assert report.site.slug == "le-wip"
    if not was_published:
        recording.submit_report(report=report, by=manager)
    again = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL, reason="Suite.")
    assert not is_said(words_of(OTHER), json.dumps(again.document, ensure_ascii=False))
    Observation.objects.filter(effect__code="reseau").update(note=OTHER.replace("longtemps", "peu"))
    assert any(row.waiting for row in queries.note_reviews(report))


def test_passage_written_after_the_backup_waits_when_it_is_written_again(
    le_wip, manager, reviewer, tmp_path
):
    rows = Observation.objects.filter(effect__code="sante")
    rows.update(note="En cours.")
    archive = tmp_path / "avant.tar.gz"
    call_command("backup", archive)
    rows.update(note=SECRET)
    keep_every_passage(le_wip)
    recording.submit_report(report=le_wip, by=manager)
    first = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL)
    flag = Flag.objects.create(publication=first, place="sante/n0", quoted=SECRET)
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    call_command("restore", archive, replace=True)
    Observation.objects.filter(effect__code="sante").update(note=SECRET)
    keep_every_passage(le_wip_now())
    recording.submit_report(report=le_wip_now(), by=manager)
    again = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL)
    assert not is_said(words_of(SECRET), json.dumps(again.document, ensure_ascii=False))


def test_two_restores_in_a_row_bring_nothing_back(le_wip, manager, reviewer, client, tmp_path):
    """The first of the wrong file, older than the publication: the second still knows."""
    Observation.objects.filter(effect__code="sante").update(note=SECRET)
    keep_every_passage(le_wip)
    early, late = tmp_path / "early.tar.gz", tmp_path / "late.tar.gz"
    call_command("backup", early)
    recording.submit_report(report=le_wip, by=manager)
    first = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL)
    call_command("backup", late)
    flag = Flag.objects.create(publication=first, place="sante/n0", quoted=SECRET)
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    kept = {*Removal.objects.values_list("pk", "at", "seal", "by")}
    for archive in (early, late, early, late):
        call_command("restore", archive, replace=True)
        assert {*Removal.objects.values_list("pk", "at", "seal", "by")} == kept
        assert client.get(PUBLIC).status_code in {404, 410}
    again = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL, reason="Suite.")
    assert not is_said(words_of(SECRET), json.dumps(again.document, ensure_ascii=False))


def take_secret_down(report, manager, reviewer, archive) -> None:
    """After a backup; its reader had left an address."""
    Observation.objects.filter(effect__code="sante").update(note=SECRET)
    keep_every_passage(report)
    recording.submit_report(report=report, by=manager)
    first = publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL)
    Flag.objects.create(publication=first, place="sante/n0", quoted=SECRET)
    call_command("backup", archive)
    takedown.hide_passage(flag=Flag.objects.get(), by=reviewer, reason="À sa demande.", url=URL)


def test_lost_database_is_told_by_the_files_beside_it(
    le_wip, manager, reviewer, client, tmp_path, capsys
):
    archive = tmp_path / "avant.tar.gz"
    take_secret_down(le_wip, manager, reviewer, archive)
    call_command("flush", interactive=False)
    capsys.readouterr()
    call_command("restore", archive)
    printed = capsys.readouterr().out
    assert "publication 1 : retirée de nouveau" in printed
    assert "attend de nouveau une décision" in printed
    assert "rien n’y dit" not in printed
    assert client.get(PUBLIC).status_code == 410
    flag = Flag.objects.get()  # it was still open in the backup
    assert (flag.outcome, flag.reason) == (FlagOutcome.HIDDEN.value, "À sa demande.")
    assert flag.handled_by == reviewer


def test_ledger_has_no_word_of_what_it_keeps(le_wip, manager, reviewer, tmp_path):
    take_secret_down(le_wip, manager, reviewer, tmp_path / "avant.tar.gz")
    _, names = default_storage.listdir(ledger.FOLDER)
    assert len(names) == Removal.objects.count() >= 2  # the number that had it, and the passage
    for name in names:
        with default_storage.open(f"{ledger.FOLDER}/{name}") as file:
            kept = plain(file.read().decode())
        assert not {*words_of(SECRET).content} & {*words_of(kept).words}


@pytest.mark.parametrize("act", ["backup", "restore"])
def test_removal_whose_file_was_not_written_is_not_lost(
    act, archive, published, reviewer, client, monkeypatch, caplog, tmp_path
):
    """The disk is full: what was withdrawn is withdrawn all the same."""

    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(type(default_storage._wrapped), "_save", fail)
        publishing.withdraw_report(report=published.report, by=reviewer, reason="Tout.")
    assert "has no file" in caplog.text
    assert not ledger.exists()
    if act == "backup":
        call_command("backup", tmp_path / "après.tar.gz")
    else:
        call_command("restore", archive, replace=True)
    assert ledger.exists()
    assert client.get(PUBLIC).status_code == 410


def test_file_of_the_ledger_that_is_spoilt_is_said(archive, published, reviewer, client, capsys):
    publishing.withdraw_report(report=published.report, by=reviewer, reason="Tout.")
    (name,) = default_storage.listdir(ledger.FOLDER)[1]
    with default_storage.open(f"{ledger.FOLDER}/{name}") as file:
        whole = file.read()
    spoilt = {
        "a.json": whole[:50],
        "b.json": b'[{"model": "observations.campaign", "pk": 1, "fields": {"year": 2022}}]',
        "c.json": whole.replace(b'"number": 1', b'"number": null'),
        "d.json": b"[]",
        "e.json": b"\xff",
    }
    for other, content in spoilt.items():
        default_storage.save(f"{ledger.FOLDER}/{other}", ContentFile(content))
    capsys.readouterr()
    call_command("restore", archive, replace=True)
    printed = capsys.readouterr().out
    assert "publication 1 : retirée de nouveau" in printed
    for other in spoilt:
        assert f"removals/{other} ne se lit pas" in printed
    assert client.get(PUBLIC).status_code == 410


def test_empty_database_says_that_it_cannot_know(archive, capsys):
    call_command("flush", interactive=False)
    call_command("restore", archive)
    assert "rien n’y dit ce qui a été retiré depuis" in capsys.readouterr().out


def le_wip_now() -> AnnualReport:
    return AnnualReport.objects.select_related("site", "edition").get()


def first_sentence(publication: Publication, code: str) -> str:
    rows = sections_of(from_json(publication.document))
    return next(passages_of(row)[0][1] for row in rows if row.code == code)


def publish(reviewer, reason=""):
    return publishing.publish_report(report=le_wip_now(), by=reviewer, url=URL, reason=reason)


def told_in(publication):
    return json.dumps(publication.document["scales"], ensure_ascii=False)


def readable_saying(words):
    return [
        p.number for p in Publication.objects.readable() if is_said(words_of(words), told_in(p))
    ]


def test_number_that_only_the_archive_has_does_not_say_it(
    le_wip, manager, reviewer, tmp_path, client
):
    """n° 2 of the archive and n° 2 of after the first restore are two publications."""
    Observation.objects.filter(effect__code="sante").update(note=SECRET)
    keep_every_passage(le_wip)
    recording.submit_report(report=le_wip, by=manager)
    publish(reviewer)
    a, b = tmp_path / "a.tar.gz", tmp_path / "b.tar.gz"
    call_command("backup", a)

    def correct():
        report = le_wip_now()
        reviewing.return_report(report=report, by=reviewer, reason="Suite.")
        recording.submit_report(report=report, by=manager)
        return publish(reviewer, "Suite.")

    correct()
    call_command("backup", b)
    call_command("restore", a, replace=True)
    second = correct()
    flag = Flag.objects.create(publication=second, place="sante/n0", quoted=SECRET)
    takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    assert readable_saying(SECRET) == []
    call_command("restore", b, replace=True)
    assert readable_saying(SECRET) == []


@pytest.mark.parametrize("act", ["hide", "withdraw"])
def test_note_that_was_held_whole_is_held_after_a_restore(act, le_wip, manager, reviewer, tmp_path):
    """Corrected since in other words, the note waited whole; it still does."""
    rows = Observation.objects.filter(effect__code="sante")
    rows.update(note=SECRET)
    keep_every_passage(le_wip)
    recording.submit_report(report=le_wip, by=manager)
    first = publish(reviewer)
    flag = Flag.objects.create(publication=first, place="sante/n0", quoted=SECRET)
    reviewing.return_report(report=le_wip_now(), by=reviewer, reason="Suite.")
    rows.update(note=OTHER)
    recording.submit_report(report=le_wip_now(), by=manager)
    keep_every_passage(le_wip_now())
    if act == "withdraw":
        publish(reviewer, "Suite.")  # readers get OTHER
    a = tmp_path / "a.tar.gz"
    call_command("backup", a)
    if act == "withdraw":
        takedown.withdraw_all(flag=flag, by=reviewer, reason="Tout.")
    else:
        takedown.hide_passage(flag=flag, by=reviewer, reason="", url=URL)
    assert rows.get().note_is_public is False
    call_command("restore", a, replace=True)
    assert rows.get().note_is_public is False


def test_flag_of_another_passage_stays_open_after_a_restore(le_wip, manager, reviewer, tmp_path):
    """The same place, of another number, had what was taken down."""
    rows = Observation.objects.filter(effect__code="sante")
    rows.update(note=f"{SECRET}\n{OTHER}")
    keep_every_passage(le_wip)
    recording.submit_report(report=le_wip, by=manager)
    first = publish(reviewer)
    one = Flag.objects.create(publication=first, place="sante/n0", quoted=SECRET)
    two = Flag.objects.create(publication=first, place="sante/n1", quoted=OTHER)
    reviewing.return_report(report=le_wip_now(), by=reviewer, reason="Suite.")
    rows.update(note=f"Une nouvelle ligne.\n{SECRET}\n{OTHER}")
    recording.submit_report(report=le_wip_now(), by=manager)
    keep_every_passage(le_wip_now())
    publish(reviewer, "Suite.")
    a = tmp_path / "a.tar.gz"
    call_command("backup", a)
    takedown.hide_passage(flag=one, by=reviewer, reason="", url=URL)
    two.refresh_from_db()
    assert two.outcome == FlagOutcome.OPEN.value
    call_command("restore", a, replace=True)
    assert Flag.objects.get(pk=one.pk).outcome == FlagOutcome.HIDDEN.value
    assert Flag.objects.get(pk=two.pk).outcome == FlagOutcome.OPEN.value


def a_file(place=True):
    for name in default_storage.listdir(ledger.FOLDER)[1]:
        with default_storage.open(f"{ledger.FOLDER}/{name}") as file:
            whole = file.read()
        if bool(json.loads(whole)[0]["fields"]["place"]) is place:
            return name, whole
    raise AssertionError


@pytest.mark.parametrize(
    "field",
    [{"seal": ""}, {"seal": "  / "}, {"at": "2026-11-25T10:00:00"}, {"seal": "pas une empreinte"}],
)
def test_file_of_the_ledger_with_a_field_spoilt(field, le_wip, manager, reviewer, tmp_path, capsys):
    a = tmp_path / "a.tar.gz"
    take_secret_down(le_wip, manager, reviewer, a)
    _, whole = a_file()
    (row,) = json.loads(whole)
    row["pk"] = "00000000-0000-4000-8000-000000000001"
    row["fields"] |= field
    default_storage.save(
        f"{ledger.FOLDER}/{row['pk']}.json", ContentFile(json.dumps([row]).encode())
    )
    Observation.objects.filter(effect__code="reseau").update(
        note="Rien à voir.\nUn jardin partagé fleurit."
    )
    call_command("restore", a, replace=True)
    assert readable_saying(SECRET) == []
    waiting = {
        r.observation.effect.code
        for r in queries.note_reviews(le_wip_now())
        if any(f.kind is PassageKind.FLAGGED for f in r.passages)
    }
    assert waiting <= {"sante"}


def test_restore_that_fails_half_way_leaves_no_foreign_ledger(
    le_wip, manager, reviewer, tmp_path, monkeypatch
):
    a, b = tmp_path / "a.tar.gz", tmp_path / "b.tar.gz"
    take_secret_down(le_wip, manager, reviewer, a)
    call_command("backup", b)
    for name in default_storage.listdir(ledger.FOLDER)[1]:
        default_storage.delete(f"{ledger.FOLDER}/{name}")
    call_command("flush", interactive=False)

    def fail():
        raise OSError("full")

    with monkeypatch.context() as m:
        m.setattr(backup, "remove_again", fail)
        with pytest.raises(CommandError):
            call_command("restore", b)
    assert not ledger.exists()


def test_stray_copy_in_the_ledger_spoils_no_later_backup(
    le_wip, manager, reviewer, tmp_path, client
):
    """Somebody copied one file beside itself; the backup is restored on a new machine."""
    take_secret_down(le_wip, manager, reviewer, tmp_path / "a.tar.gz")
    name, whole = a_file()
    default_storage.save(f"{ledger.FOLDER}/{name}.bak", ContentFile(whole))
    b = tmp_path / "b.tar.gz"
    call_command("backup", b)
    call_command("flush", interactive=False)
    for other in default_storage.listdir(ledger.FOLDER)[1]:
        default_storage.delete(f"{ledger.FOLDER}/{other}")
    call_command("restore", b)
    assert client.get(PUBLIC).status_code == 200


def test_database_put_back_by_other_means_is_told_by_migrate(
    le_wip, manager, reviewer, client, tmp_path, capsys
):
    """Its tables are of before; the files beside it are not."""
    take_secret_down(le_wip, manager, reviewer, tmp_path / "avant.tar.gz")
    Removal.objects.all().delete()
    Publication.objects.filter(number=2).delete()
    Publication.objects.update(withdrawn_at=None, withdrawn_by=None)
    assert client.get(PUBLIC).status_code == 200
    call_command("migrate", check_unapplied=True, verbosity=0)
    call_command("migrate", "observations", verbosity=0)
    assert client.get(PUBLIC).status_code == 200  # a question writes nothing
    call_command("migrate", verbosity=0)
    assert "retirée de nouveau" in capsys.readouterr().out
    assert client.get(PUBLIC).status_code == 410


def test_replay_that_stops_half_way_is_done_again(le_wip, manager, reviewer, tmp_path, monkeypatch):
    take_secret_down(le_wip, manager, reviewer, tmp_path / "avant.tar.gz")
    Removal.objects.all().delete()

    def fail(_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(removals, "_hide_again", fail)
        with pytest.raises(OSError, match="full"):
            removals.remove_again()
    assert not Removal.objects.exists()
    assert removals.remove_again()
