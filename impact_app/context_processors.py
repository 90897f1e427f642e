from django.conf import settings
from django.http import HttpRequest


def application(request: HttpRequest) -> dict[str, object]:
    return {"is_demo": settings.DEMO}
