"""How does a commune's browser talk to the server: one kept connection, one session.

The requests are those of the pages themselves: session and CSRF cookies, the form, the
redirect to the receipt, and the JSON of a cell that is left.
"""

import http.client
import json
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.servers import Server

TOKEN = "k" * 32  # a browser that has the cookie sends the same in the form
PATIENCE = 30  # seconds until a request counts as failed


class NotAnswered(Exception):
    """No answer came: whether the server did what was asked is not known."""


@dataclass
class Answer:
    """What came back, and how long it took in seconds."""

    status: int
    body: bytes
    location: str
    seconds: float
    message: str = ""  # the cookie that carries the page's message to the next page


@dataclass
class Browser:
    """One kept connection; the person is chosen for each request."""

    server: Server
    connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def ask(
        self,
        method: str,
        path: str,
        session: str,
        body: bytes | None = None,
        content_type: str = "",
        message: str = "",
    ) -> Answer:
        """Send one request; a kept connection that was closed is opened anew once."""
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}; {message}",
            "Origin": self.server.origin,
            "X-CSRFToken": TOKEN,
            **self.server.headers,
        }
        if content_type:
            headers["Content-Type"] = content_type
        began = time.perf_counter()
        try:
            return self._once(method, path, headers, body, began)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # As browsers do: the server had closed it before the request was read.
            self.close()
            try:
                return self._once(method, path, headers, body, began)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                raise NotAnswered(str(error)) from error
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NotAnswered(str(error)) from error

    def _once(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        began: float,
    ) -> Answer:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.server.port, timeout=PATIENCE
            )
        self.connection.request(method, path, body, dict(headers))
        response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        location = response.getheader("Location") or ""
        given = response.getheader("Set-Cookie") or ""
        found = re.search(r"messages=[^;]*", given)
        message = found[0] if found else ""
        return Answer(response.status, content, location, seconds, message)

    def close(self) -> None:
        """Let go of the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def address(told: Mapping[str, str], unit: str) -> str:
    """Return the address of a unit's return."""
    return (
        f"/van-phong/thu-thap/{told['scheme']}/{told['period']}/{unit}/{told['form']}/"
    )


def submit(
    browser: Browser,
    place: str,
    session: str,
    values: Mapping[str, str],
    version: int,
    edits_seen: int,
) -> Answer:
    """Send the whole form as the page does; what the page showed is sent along."""
    fields = {f"cell.{key}": text for key, text in values.items()}
    fields |= {"version": str(version), "edits_seen": str(edits_seen)}
    fields["csrfmiddlewaretoken"] = TOKEN
    body = urlencode(fields).encode()
    kind = "application/x-www-form-urlencoded"
    return browser.ask("POST", f"{place}nhap/", session, body, kind)


def save(
    browser: Browser, place: str, session: str, version: int, edits: list[Any]
) -> Answer:
    """Send cells that were left, as the grid does while one types."""
    body = json.dumps({"version": version, "edits": edits}).encode()
    return browser.ask("POST", f"{place}o/", session, body, "application/json")


def edit(measure: str, text: str, over: int, token: str = "") -> dict[str, Any]:
    """Return one cell that was typed; the token names the typing, not the request."""
    token = token or str(uuid.uuid4())
    return {"token": token, "measure": measure, "text": text, "over": over}


def seen(page: bytes) -> tuple[int, int]:
    """Return the version and the last edit that a page with the form was made from."""
    text = page.decode("utf-8", "replace")
    fields = (f'name="{name}" value="(\\d+)"' for name in ("version", "edits_seen"))
    version, edits = (re.search(field, text) for field in fields)
    return int(version[1]) if version else 0, int(edits[1]) if edits else 0


def sent_version(receipt: bytes) -> int:
    """Return the number of the version that a receipt speaks of; 0 when it does not."""
    found = re.search(r"Đã gửi lần (\d+)", receipt.decode("utf-8", "replace"))
    return int(found[1]) if found else 0
