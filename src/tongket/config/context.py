"""Where is this same page in the other language?"""

from django.http import HttpRequest
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language


def other_language(request: HttpRequest) -> dict[str, str]:
    """Return the code of the other language and the address of this page in it.

    Vietnamese has no prefix, English lies under /en/.
    """
    path = request.get_full_path()
    if get_language() == "en":
        # Two slashes at the start would lead to another site.
        here = escape_leading_slashes(path.removeprefix("/en") or "/")
        return {"other_language": "vi", "other_language_url": here}
    return {"other_language": "en", "other_language_url": f"/en{path}"}
