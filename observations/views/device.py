"""What makes Effets an application that a phone can install and open without a network."""

import hashlib
import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

_FILES = (
    "css/tokens.css",
    "css/base.css",
    "css/recording.css",
    "css/report.css",
    "js/app.js",
    "js/autosave.js",
    "js/device.js",
    "js/recording.js",
    "js/session.js",
    "js/unfold.js",
    "vendor/idb-keyval/idb-keyval.js",
    "img/icon.svg",
    "vendor/fonts/atkinson-hyperlegible-next-400.woff2",
    "vendor/fonts/atkinson-hyperlegible-next-700.woff2",
    "vendor/fonts/bricolage-grotesque-600.woff2",
    "vendor/fonts/bricolage-grotesque-700.woff2",
)


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    offline = reverse("offline")
    files = json.dumps([offline, *map(static, _FILES)])
    version = hashlib.sha256((files + render_to_string("offline.html")).encode()).hexdigest()[:12]
    context = {"files": files, "version": version, "offline": offline}
    source = render_to_string("service-worker.js", context)
    return HttpResponse(source, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
@cache_control(max_age=24 * 3600)
def manifest(request: HttpRequest) -> HttpResponse:
    source = render_to_string("manifest.webmanifest")
    return HttpResponse(source, content_type="application/manifest+json; charset=utf-8")


@login_not_required
@require_safe
@cache_control(max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: nothing of anybody."""
    return render(request, "offline.html")
