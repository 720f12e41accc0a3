"""What every `tongket` command shares: language, plain help, sentences, progress."""

import os
import sys
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import translation
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tongket.domain.periods import Period, parse
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import entrance, facts
from tongket.records import scope
from tongket.records.models import OpenPeriod

DJANGO_OPTIONS = (
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
)


class YearCommand(BaseCommand):
    """A command of the year: says what it does in one language, refuses in sentences.

    The language is Vietnamese; `LANGUAGE=en` in the environment makes it English.
    """

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Return the parser: help in plain sentences, Django's own options hidden."""
        translation.activate(language())
        name = subcommand.replace("_", "-")
        self.help = _(self.help) if self.help else ""
        parser = super().create_parser("tongket", name, **kwargs)
        parser.prog = f"tongket {name}"
        for action in parser._actions:
            if set(action.option_strings) & set(DJANGO_OPTIONS):
                action.help = SUPPRESS
            elif "--help" in action.option_strings:
                action.help = _("in trợ giúp này rồi thoát")
        parser._optionals.title = _("tùy chọn")
        parser._positionals.title = _("tham số")
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run the command; a refusal is printed as sentences, without a traceback."""
        translation.activate(language())
        try:
            with scope.whole("a command of the operator"):
                return super().execute(*args, **options)
        except (Refusal, Refusals) as refused:
            raise CommandError("\n".join(entrance.sentences(refused))) from refused
        except DatabaseError as error:
            if connection.introspection.table_names():
                raise
            words = _("Chưa có cơ sở dữ liệu; chạy tongket demo hoặc tongket migrate.")
            raise CommandError(words) from error

    def say(self, sentence: str) -> None:
        """Print one line."""
        self.stdout.write(sentence)


def language() -> str:
    """Return en when the environment asks for English, else Vietnamese."""
    wanted = os.environ.get("LANGUAGE", "").split(":")[0]
    return "en" if wanted.startswith("en") else "vi"


def console() -> Console:
    """Return the terminal; wide enough for tables when it is none."""
    return Console(width=None if sys.stdout.isatty() else 110)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a line for each long step, its bar and seconds."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[outcome]}"),
        console=console(),
    ) as shown:
        yield shown


def add_period(parser: ArgumentParser) -> None:
    """Let a command take --year or --period."""
    parser.add_argument("--year", type=int, help=_("năm báo cáo, ví dụ 2023"))
    parser.add_argument("--period", help=_("mã kỳ báo cáo, ví dụ nd09-2023-m12"))


def period_of(options: dict[str, Any]) -> Period:
    """Return the period that was asked for; by default the latest year opened."""
    pack = facts.pack()
    if options.get("period"):
        return parse(options["period"], pack.regimes)
    regime = pack.regimes[pack.regime]
    if options.get("year"):
        return regime.year(options["year"])
    last = (
        OpenPeriod.objects.filter(period__startswith=f"{pack.regime}-")
        .order_by("end_on")
        .last()
    )
    if last is None:
        raise CommandError(
            _("Chưa có kỳ nào được mở; chạy tongket open-period hoặc tongket demo.")
        )
    return regime.year(parse(last.period, pack.regimes).year)
