"""Signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path


class SignIn(LoginView):
    """The door of the office; who is signed in already goes straight to the year."""

    template_name = "office/account/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """Say where the demonstration's accounts are told, if this is one."""
        is_demonstration = settings.TODAY is not None
        return super().get_context_data(is_demonstration=is_demonstration, **values)


urlpatterns = [
    path("dang-nhap/", SignIn.as_view(), name="sign-in"),
    path("dang-xuat/", LogoutView.as_view(), name="sign-out"),
]
