from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth asks

urlpatterns = [
    path("admin/", admin.site.urls),
    path("comptes/", include("allauth.account.urls")),
    path("", include("observations.urls")),
]
