"""What makes Effets an application that a phone can install and open without a network."""

import hashlib
import json
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

_FILES = (  # what the private pages ask for, as tests/test_device.py reads it in them
    "css/tokens.css",
    "css/base.css",
    "css/recording.css",
    "css/report.css",
    "css/print.css",
    "js/app.js",
    "js/autosave.js",
    "js/device.js",
    "js/recording.js",
    "js/session.js",
    "js/unfold.js",
    "vendor/idb-keyval/idb-keyval.js",
    "img/icon.svg",
    "img/icon-180.png",
    "vendor/fonts/atkinson-hyperlegible-next-400.woff2",
    "vendor/fonts/atkinson-hyperlegible-next-400-italic.woff2",
    "vendor/fonts/atkinson-hyperlegible-next-700.woff2",
    "vendor/fonts/bricolage-grotesque-600.woff2",
    "vendor/fonts/bricolage-grotesque-700.woff2",
)


def release() -> str:
    """Names what a page needs to open without a network: when any of it changes, so does the name."""
    return _release(_addresses())


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    source = _worker(_addresses(), release())
    return HttpResponse(source, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
@cache_control(max_age=24 * 3600)
def manifest(request: HttpRequest) -> HttpResponse:
    source = render_to_string("manifest.webmanifest")
    return HttpResponse(source, content_type="application/manifest+json; charset=utf-8")


@login_not_required
@require_safe
@cache_control(no_cache=True)  # each worker keeps the one that asks for its own files
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: nothing of anybody."""
    return render(request, "offline.html")


def _addresses() -> tuple[str, ...]:
    return tuple(map(static, _FILES))


@cache
def _release(addresses: tuple[str, ...]) -> str:
    kept = _worker(addresses, "") + render_to_string("offline.html")
    return hashlib.sha256(kept.encode()).hexdigest()[:12]


def _worker(addresses: tuple[str, ...], release: str) -> str:
    offline = reverse("offline")
    context = {
        "release": release,
        "files": json.dumps([offline, *addresses]),
        "offline": offline,
        "sign_out": reverse("account_logout"),
    }
    return render_to_string("service-worker.js", context)
