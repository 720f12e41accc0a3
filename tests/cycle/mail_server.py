"""A mail server on the loopback address that keeps what it was given, or misbehaves."""

import re
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Any


class _Talk(socketserver.StreamRequestHandler):
    """One conversation in SMTP."""

    server: "MailServer"

    def handle(self) -> None:
        """Answer until the other side leaves."""
        self.say("220 loopback")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            if word == "RCPT":
                self.server.tried.append(line)
                self.say(self.refusal(line) or "250 ok")
            elif word == "DATA":
                self.say("354 go on")
                if not self.take():
                    return
            else:
                self.say("250 ok")

    def refusal(self, line: str) -> str:
        """Return what the recipient is answered when it is refused."""
        found = (a for name, a in self.server.answers.items() if name in line)
        return next(found, "")

    def take(self) -> bool:
        """Take a mail; False when the line breaks before the receipt."""
        text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
        (name,) = re.findall(r"^Message-ID: (\S+)", text, re.MULTILINE)
        self.server.kept.append((name, text))
        if self.server.breaks:
            return False
        self.say("250 kept")
        return True

    def say(self, text: str) -> None:
        """Send one line."""
        self.wfile.write(f"{text}\r\n".encode())


@dataclass
class Behaviour:
    """What the server does, and what it was given."""

    kept: list[tuple[str, str]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(
        default_factory=dict
    )  # part of an address → refusal
    breaks: bool = False


class MailServer(Behaviour, socketserver.ThreadingTCPServer):
    """Listens while the block lasts; the port can be taken again."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        Behaviour.__init__(self)
        socketserver.ThreadingTCPServer.__init__(self, ("127.0.0.1", port), _Talk)

    __hash__ = object.__hash__

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def __enter__(self) -> Any:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()
