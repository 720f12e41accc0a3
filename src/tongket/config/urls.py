"""Which address leads where? "/" is Vietnamese, "/en/" English, /cms/ the editor's."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as editing_urls
from wagtail.documents import urls as document_urls

from tongket.office import urls as office_urls
from tongket.office.api.door import nowhere
from tongket.office.api.site import api
from tongket.portal import urls as portal_urls

urlpatterns = [
    # Editors come in by the one door of the staff.
    path("cms/login/", RedirectView.as_view(pattern_name="sign-in", query_string=True)),
    # Wagtail's editor keeps one address: the content security policy leaves it out.
    path("cms/", include(editing_urls)),
    path("documents/", include(document_urls)),
    *portal_urls.data,
    # A program chooses the language by a header; its addresses have no prefix.
    path("api/v1/", api.urls),
    re_path(r"^api/", nowhere),
    *i18n_patterns(
        *portal_urls.pages,
        *office_urls.urlpatterns,
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
