"""tongket claims: is every number of a text true?"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from tongket.cycle import report
from tongket.domain.claims import Judged, as_json
from tongket.domain.indicators import Comparison
from tongket.domain.periods import NoSuchPeriod, parse
from tongket.domain.sentences import Refusal
from tongket.office import claims_table, drafts, facts, speech
from tongket.office.commands import YearCommand, add_period, console, period_of


class LineUnreadable(Refusal, ValueError):
    """A line of a file of lines is no record."""

    words = "Tệp {file}, dòng {line}: không phải bản ghi JSON có trường text; sửa dòng."


class Command(YearCommand):
    """Find every number that a text claims and test it."""

    help = (
        "Kiểm tra số liệu trong một văn bản (.txt, .docx, .html): tìm từng con số, đối "
        "chiếu với số liệu của kỳ và với các con số khác trong văn bản. Có số sai thì "
        "lệnh kết thúc với mã 1."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the file, the period, and whether it is a file of JSON lines."""
        parser.add_argument("file", type=Path, help=_("tệp văn bản"))
        add_period(parser)
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help=_("mỗi dòng của tệp là một bản ghi {id, text, period}; in ra JSON"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge the text, print what was found, end with 1 where something is false."""
        path = options["file"]
        if not path.is_file():
            raise drafts.DraftMissing(file=path)
        is_false = self.lines(path) if options["jsonl"] else self.text(path, options)
        if is_false:
            sys.exit(1)

    def text(self, path: Path, options: dict[str, Any]) -> bool:
        """Judge one text; whether anything in it is false."""
        text = drafts.text_of(path.name, read(path))
        period = period_of(options)
        compared = claims_table.comparisons(period)
        judged = report.judge(text, pack=facts.pack(), comparisons=compared)
        if not judged:
            self.say(_("Không tìm thấy số liệu nào trong %s.") % path.name)
            return False
        found = claims_table.claims(text, judged, compared)
        title = f"{path.name} · {speech.said(facts.pack())}, {speech.said(period)}"
        console().print(claims_table.table(found, title))
        for words in claims_table.derivations(judged):
            self.say(_("Suy ra: %s") % speech.translated(words))
        self.say(claims_table.summary(found))
        return any(each.is_false for each in found)

    def lines(self, path: Path) -> bool:
        """Judge each record of a file; whether anything in it is false."""
        is_false = False
        known: dict[str, Mapping[str, Comparison]] = {"": {}}
        for record in records(path):
            text = record.get("text") or record["claim_paraphrase"]
            period = str(record.get("period") or "")
            if period not in known:
                known[period] = figures_of(period)
            judged = report.judge(text, pack=facts.pack(), comparisons=known[period])
            told = judgement(record.get("id"), judged)
            is_false = is_false or told["consistent"] is False
            self.say(json.dumps(told, ensure_ascii=False))
        return is_false


def read(path: Path) -> bytes:
    """Return the content of a file, or say that it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise CommandError(_("Không mở được tệp %s.") % path) from wrong


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a file of JSON lines; refuses a line that is none."""
    lines = drafts.decoded(path.name, read(path)).splitlines()
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as wrong:
            raise LineUnreadable(file=path.name, line=place) from wrong
        if not isinstance(record, dict) or not (
            record.get("text") or record.get("claim_paraphrase")
        ):
            raise LineUnreadable(file=path.name, line=place)
        yield record


def figures_of(period: str) -> Mapping[str, Comparison]:
    """Return the figures of a period's key; nothing for a period in free words."""
    try:
        return claims_table.comparisons(parse(period, facts.pack().regimes))
    except NoSuchPeriod:
        return {}


def judgement(identity: object, judged: tuple[Judged, ...]) -> dict[str, Any]:
    """Return what is thought of one text.

    `consistent` is null where nothing in the text could be tested.
    """
    false = [each for each in judged if each.verdict in report.FALSE]
    soft = [each for each in judged if each.conflicts and each not in false]
    tested = any(each.verdict == "verified" or each.derivations for each in judged)
    reasons = dict.fromkeys(str(each.reason) for each in [*false, *soft])
    return {
        "id": identity,
        "quantities": [as_json(each.quantity) for each in judged],
        "consistent": False if false or soft else True if tested else None,
        "severity": "hard" if false else "soft" if soft else None,
        "reasons": list(reasons),
    }
