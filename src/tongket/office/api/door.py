"""May this program come in, in which language is it answered, and how is it refused?

The API takes keys only, never the cookie of a signed-in person: a page of another site
can make a browser send its cookies, but no key.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import (
    get_language,
    get_language_from_request,
    override,
)
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from tongket.cycle import connect
from tongket.cycle.connect import Scope
from tongket.domain.sentences import Refusal
from tongket.office import clock, speech
from tongket.office.entrance import Actor, admit
from tongket.records.models import ApiToken

ADDRESS = "/api/"


class KeyRefused(Refusal):
    """No key, or one that is unknown, revoked or past its day."""

    words = (
        "Thiếu khóa API, hoặc khóa không đúng, đã hết hạn hay đã bị thu hồi; gửi tiêu "
        "đề “Authorization: Bearer tk_…”."
    )


class ScopeLacking(Refusal):
    """The key was not given this scope."""

    words = "Khóa này không có quyền “{scope}”; tạo khóa khác có quyền này."


class NotFound(Refusal, LookupError):
    """What does not exist, or may not be seen."""

    words = "Không có dữ liệu này trong phạm vi của tài khoản; kiểm tra lại địa chỉ."


class MethodNotAllowed(Refusal):
    """The address answers other methods."""

    words = "Địa chỉ này không nhận phương thức {method}."


class Busy(Refusal):
    """The database was held by another writer for too long."""

    words = "Hệ thống đang bận ghi dữ liệu khác; chờ vài giây rồi gửi lại."


class ParameterWrong(Refusal, ValueError):
    """A parameter of the address that cannot be read."""

    words = "Tham số “{name}” không đúng; xem mô tả tại {address}."


class Key(HttpBearer):
    """Lets a program in by its key, for what one scope allows."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the key, and put the account with its grants of today on the request.

        `token` is what the header carries: the text of the key.
        """
        found = connect.authenticate(key=token, at=clock.now())
        if found is None:
            return None
        if self.scope is not None and self.scope not in found.scopes:
            raise ScopeLacking(scope=self.scope)
        admit(request, Actor(found.user, clock.today()))
        return found


def language(request: HttpRequest) -> str:
    """Return the language of the answer: ?lang=, else Accept-Language, else Vietnamese.

    A program sends no cookies and its addresses have no prefix.
    """
    asked = request.GET.get("lang", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    if not request.headers.get("Accept-Language"):
        return settings.LANGUAGE_CODE
    return get_language_from_request(request)


def told(refusal: Refusal) -> str:
    """Return the sentence of a refusal in the language of the request."""
    return speech.translated(refusal.sentence)


class ApiMiddleware:
    """Answers below /api/ in the program's language, and every refusal as JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request; what is not below /api/ is left alone."""
        if not request.path.startswith(ADDRESS):
            return self.get_response(request)
        with override(language(request)):
            response = self.get_response(request)
            is_json = response.headers.get("Content-Type", "").startswith(
                "application/json"
            )
            if response.status_code == 405 and not is_json:
                allowed = response.headers.get("Allow", "")
                wrong = MethodNotAllowed(method=request.method)
                response = refused(405, "method_not_allowed", wrong)
                response["Allow"] = allowed
            response["Content-Language"] = get_language()
        response["Cache-Control"] = response.get("Cache-Control", "no-store")
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        return response


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer an address below /api/ that leads nowhere; never a page for people."""
    return refused(404, "not_found", NotFound())


def refused(status: int, code: str, refusal: Refusal, **more: Any) -> JsonResponse:
    """Return a refusal as JSON: its stable code and its sentence."""
    content = {"code": code, "sentence": told(refusal), **more}
    return JsonResponse(content, status=status, json_dumps_params=PLAIN)


PLAIN = {"ensure_ascii": False}
