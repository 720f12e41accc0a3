"""Where do the addresses of the API lead, and how is what goes wrong answered?"""

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from tongket.domain.sentences import Refusal, Refusals
from tongket.office.api import door, forms, sending
from tongket.office.api.codes import code_of, each_of

api = NinjaAPI(
    title="tongket",
    version="1",
    description=(
        "Read forms and units, send returns. Keys are made on the page “Khóa API” of "
        "the office. Sentences are Vietnamese, English with ?lang=en or "
        "Accept-Language: en."
    ),
    urls_namespace="api-1",
    docs_url="/docs",
)
api.add_router("", forms.router)
api.add_router("", sending.router)  # one with that of the returns: GET and POST meet


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer a request without a key that opens."""
    response = door.refused(401, "key_refused", door.KeyRefused())
    response["WWW-Authenticate"] = 'Bearer realm="tongket"'
    return response


@api.exception_handler(Http404)
def absent(request: HttpRequest, error: Http404) -> HttpResponse:
    """Answer what does not exist exactly as what may not be seen."""
    return door.refused(404, "not_found", door.NotFound())


@api.exception_handler(ValidationError)
def wrong_parameter(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a parameter of the address that cannot be read, by its name."""
    name = str(error.errors[0]["loc"][-1]) if error.errors else "?"
    refusal = door.ParameterWrong(name=name, address="/api/v1/docs")
    return door.refused(422, "parameter_wrong", refusal)


@api.exception_handler(Refusal)
def one_refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    """Answer a request that cannot be met with its code and sentence."""
    code = code_of(error)
    return door.refused(code.status, code.key, error)


@api.exception_handler(Refusals)
def several_refusals(request: HttpRequest, error: Refusals) -> HttpResponse:
    """Answer several refusals at once; the first gives code and status."""
    told = [
        {"code": code_of(each).key, "sentence": door.told(each)}
        for each in each_of(error)
    ]
    first = error.refusals[0]
    code = code_of(first)
    return door.refused(code.status, code.key, first, refusals=told)


@api.exception_handler(OperationalError)
def held(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """Answer that the database was held too long: nothing was written."""
    response = door.refused(503, "busy", door.Busy())
    response["Retry-After"] = "5"
    return response
