"""`render_report`, as an operator uses it."""

import pytest
from django.core.management import CommandError, call_command
from lxml import html as lxml_html

from observations.models import User
from observations.rendering import pdf


@pytest.mark.parametrize(
    ("kind", "start"),
    [("pdf", b"%PDF"), ("html", b"<!DOCTYPE html>"), ("txt", b"EFFETS"), ("json", b"{")],
)
def test_render_report_writes_every_format(le_wip, kind, start, tmp_path):
    file = tmp_path / "out"
    call_command("render_report", "le-wip", 2022, "--format", kind, "-o", str(file))
    assert file.read_bytes().startswith(start)


def test_first_admin_is_created_from_the_command_line(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "une longue phrase")
    call_command("createsuperuser", interactive=False, email="a@effets.example", name="Ana")
    assert User.objects.get(is_superuser=True).check_password("une longue phrase")


def test_html_file_stands_alone(le_wip, tmp_path):
    file = tmp_path / "rapport.html"
    call_command("render_report", "le-wip", 2022, "--format", "html", "-o", str(file))
    tree = lxml_html.fromstring(file.read_text())
    assert tree.xpath("//link | //script | //img") == []
    assert "url(" not in file.read_text().replace('url("data:', "")
    assert len(tree.xpath("//section[@class='effect']")) == 10


def test_render_report_prints_and_explains(le_wip, capfdbinary, monkeypatch):
    call_command("render_report", "le-wip", 2022)
    assert capfdbinary.readouterr().out.startswith(b"EFFETS SOCIAUX")
    with pytest.raises(CommandError):
        call_command("render_report", "le-wip", 1999)
    monkeypatch.setattr(pdf._process, "_ask", lambda _request: None)
    with pytest.raises(CommandError, match="intacts"):
        call_command("render_report", "le-wip", 2022, "--format", "pdf")
