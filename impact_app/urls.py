from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from observations.views import api

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth asks

handler500 = "observations.views.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("comptes/", include("allauth.account.urls")),
    path("comptes/2fa/", include("allauth.mfa.urls")),
    path("comptes/sessions/", include("allauth.usersessions.urls")),
    path("api/", api.routes),
    path("", include("observations.urls")),
]
