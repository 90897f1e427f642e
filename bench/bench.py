"""Measures Effets against itself and others in one run, and prints ratios. Run it with `bench/run`.

The machine drifts, so contenders take turns and medians are compared within the run.
"""

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402  # the path comes first

django.setup()

import pikepdf  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from observations import queries  # noqa: E402
from observations.composer.compose import compose  # noqa: E402
from observations.composer.saying.document import Document  # noqa: E402
from observations.models import AnnualReport, User  # noqa: E402
from observations.rendering import pdf  # noqa: E402

ROUNDS = 20
LIKE_OURS = {
    "print_background": True,
    "tagged": True,
    "outline": True,
    "prefer_css_page_size": True,
}
PORT = 8765
URL = f"http://127.0.0.1:{PORT}"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def milliseconds(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    act()
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        took.append((time.perf_counter() - start) * 1000)
    return median(took)


def row(name: str, value: float, unit: str, target: str = "") -> None:
    print(f"{name:<66}{value:>9.2f} {unit:<8}{target}", flush=True)


def answers() -> None:
    report = AnnualReport.objects.select_related("site", "edition").get(year=2022)
    inputs = queries.report_inputs(report)
    row("compose a report", milliseconds(lambda: compose(inputs), 200), "ms")
    row(
        "read its answers from the database",
        milliseconds(lambda: queries.report_inputs(report)),
        "ms",
    )

    reader = Client(SERVER_NAME="127.0.0.1")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        reader.get("/le-wip/2022/")
        count = len(asked)
    row("public report page, queries", count, "")
    page = milliseconds(lambda: reader.get("/le-wip/2022/"), 100)
    row("public report page, server time", page, "ms", "target < 10")

    manager = Client(SERVER_NAME="127.0.0.1")
    manager.force_login(User.objects.get(email="gestionnaire@effets.example"))
    url = "/lieux/le-wip/2025/effets/sante/"

    def shown_version() -> str:
        return re.search(r'name="version" value="(\d+)"', manager.get(url).content.decode())[1]  # type: ignore[index]

    took = []
    for _ in range(60):
        data = {
            "version": shown_version(),
            "state": "observed",
            "q-effets": ["confiance", "inconfort"],
            "note": f"Une note. {time.time()}",
        }
        start = time.perf_counter()
        response = manager.post(url, data)
        took.append((time.perf_counter() - start) * 1000)
        assert response.status_code == 302, response.status_code
    row("save a recording page (SQLite, synchronous=FULL)", median(took), "ms", "target < 30")
    took.sort()
    row("save a recording page, 95th percentile", took[int(len(took) * 0.95)], "ms")
    live_sentences(manager, url)


def live_sentences(manager: Client, url: str) -> None:
    took = []
    for turn in range(200):
        data = {
            "version": 1,
            "q-effets": ["confiance", "inconfort"][: turn % 3],
            "note": "Une note.",
        }
        start = time.perf_counter()
        response = manager.post(f"{url}phrases/", data)
        took.append((time.perf_counter() - start) * 1000)
        assert response.status_code == 200, response.status_code
    took.sort()
    row("sentences of unsaved ticks, median", median(took), "ms")
    row("sentences of unsaved ticks, 95th percentile", took[190], "ms", "target < 60")


OUT_OF_THE_BOX = """
import sys, time
from weasyprint import HTML
for line in sys.stdin:
    start = time.perf_counter()
    content = HTML(url=line.strip()).write_pdf()
    print((time.perf_counter() - start) * 1000, len(content), flush=True)
"""  # the public page as it is: its style sheets, its WOFF2 faces, untagged


def times_in_turn(contenders: dict[str, Callable[[], float]]) -> dict[str, float]:
    for act in contenders.values():
        act()
    took: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, act in contenders.items():
            took[name].append(act())
    return {name: median(times) for name, times in took.items()}


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def pdfs(document: Document) -> None:
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "impact_app.wsgi",
            "--bind",
            f"127.0.0.1:{PORT}",
            "--threads",
            "2",
            "--log-level",
            "error",
            "--no-control-socket",
        ],
        cwd=ROOT,
    )
    box = subprocess.Popen(
        [sys.executable, "-c", OUT_OF_THE_BOX],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    sizes = {}

    def boxed() -> float:
        assert box.stdin
        assert box.stdout
        box.stdin.write(f"{URL}/le-wip/2022/\n")
        box.stdin.flush()
        took, sizes["box"] = map(float, box.stdout.readline().split())
        return took

    time.sleep(3)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page_weight(browser)
        context = browser.new_context()
        tab = context.new_page()

        def reused() -> None:
            tab.goto(f"{URL}/le-wip/2022/")
            sizes["chromium"] = len(tab.pdf(**LIKE_OURS))

        def new_tab() -> None:
            fresh = context.new_page()
            fresh.goto(f"{URL}/le-wip/2022/")
            fresh.pdf(**LIKE_OURS)
            fresh.close()

        def recipe() -> None:
            sizes["recipe"] = len(pdf.render_pdf(document))

        took = times_in_turn(
            {
                "recipe": lambda: timed(recipe),
                "box": boxed,
                "reused": lambda: timed(reused),
                "new": lambda: timed(new_tab),
            }
        )
        browser.close()
    server.terminate()
    box.terminate()
    row("PDF of Le WIP, the recipe, warm", took["recipe"], "ms")
    row("PDF of Le WIP, WeasyPrint out of the box, warm", took["box"], "ms")
    row("PDF of Le WIP, Chromium's reused tab", took["reused"], "ms")
    row("PDF of Le WIP, Chromium's new tab", took["new"], "ms")
    row("recipe / WeasyPrint out of the box", took["recipe"] / took["box"], "", "target <= 0.35")
    row("recipe / Chromium's reused tab", took["recipe"] / took["reused"], "", "target <= 2.5")
    row("recipe / Chromium's new tab", took["recipe"] / took["new"], "", "target <= 1.5")
    row("size, recipe", sizes["recipe"] / 1024, "KB")
    row("size, recipe / Chromium's", sizes["recipe"] / sizes["chromium"], "", "target <= 0.5")


def page_weight(browser: object) -> None:
    """What a first visit to the report brings over the wire."""
    context = browser.new_context()  # type: ignore[attr-defined]
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{URL}/le-wip/2022/")
    page.wait_for_load_state("networkidle")
    row("public report page, first visit over the wire", sum(sizes) / 1024, "KB", "target < 150")
    row("public report page, requests", len(sizes), "")
    context.close()


def long_documents(document: Document) -> None:
    def repeated(times: int) -> Document:
        return replace(
            document,
            scales=tuple(
                replace(
                    section,
                    effects=tuple(
                        replace(effect, code=f"{effect.code}-{turn}")
                        for turn in range(times)
                        for effect in section.effects
                    ),
                )
                for section in document.scales
            ),
        )

    found = {}
    for times in (1, 10):
        long = repeated(times)
        content = pdf.render_pdf(long)
        pages = page_count(content)
        took = milliseconds(lambda long=long: pdf.render_pdf(long), 5)
        found[times] = took / pages
        row(f"PDF, ms per page at {pages} pages", took / pages, "ms")
    row("ms per page, long / short", found[10] / found[1], "", "target <= 1.5")


def page_count(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def two_workers(document: Document) -> None:
    html = pdf.render_print_html(document)
    workers = [pdf.PdfProcess(), pdf.PdfProcess()]
    for worker in workers:
        worker.render(html, {}, "x")
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda worker: [worker.render(html, {}, "x") for _ in range(20)], workers))
    row("two workers, documents a second", 40 / (time.perf_counter() - start), "", "target >= 5")
    memory = max(
        int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{worker.child.pid}/status").read_text())[1])  # type: ignore[index,union-attr]
        for worker in workers
    )
    row("memory of a worker after 20 documents", memory / 1024, "MB", "target < 140")
    for worker in workers:
        worker.stop()


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_questionnaire", ROOT / "fixtures/questionnaire.json", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    assert not settings.DEBUG
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, Django {django.__version__}\n")
    report = AnnualReport.objects.select_related("site", "edition").get(year=2022)
    document = compose(queries.report_inputs(report))
    answers()
    pdfs(document)
    long_documents(document)
    two_workers(document)
    pdf._process.stop()


if __name__ == "__main__":
    main()
