"""`/verifier/`: whether a paper or a file is a report as it was published."""

from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from observations import queries
from observations.composer.language.french import clean_text
from observations.models import Publication

FILE_MAX = 5 * 1024 * 1024
UNKNOWN, AUTHENTIC, REPLACED, WITHDRAWN = "unknown", "authentic", "replaced", "withdrawn"


@csrf_exempt  # it writes nothing and asks for no account
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("code") or request.GET.get("code", "")
    code = clean_text(code)[:64].strip().lower()
    sent = request.FILES.get("file")
    context: dict[str, object] = {"code": code}
    if sent is not None and (sent.size or 0) > FILE_MAX:
        context["error"] = "Ce fichier dépasse 5\u00a0Mo : ce n’est pas un rapport d’Effets."
    elif sent is not None:
        digest = sha256(b"".join(sent.chunks())).hexdigest()
        context |= _told(queries.publication_of_file(digest)) | {"digest": digest}
    elif code:
        context |= _told(queries.publication_of_code(code))
    elif request.method == "POST":
        context["error"] = "Donnez un fichier, ou le code imprimé à la fin du rapport."
    status = 422 if "error" in context else 200
    return render(request, "observations/report/verify.html", context, status=status)


def _told(found: tuple[Publication, int] | None) -> dict[str, object]:
    if found is None:
        return {"verdict": UNKNOWN}
    publication, last = found
    if publication.withdrawn_at is not None:
        return {"verdict": WITHDRAWN, "publication": publication}
    verdict = AUTHENTIC if publication.number == last else REPLACED
    return {"verdict": verdict, "publication": publication, "last": last}
