"""After the lock: a return is amended only by a new version with its reason.

The unit files it, or the standing office in its place; it climbs the ladder again, and
what was accepted before counts until the new version is accepted.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from tongket.cycle import collect
from tongket.cycle.check.examining import examine
from tongket.cycle.check.turns import SentAgain, unit_name
from tongket.domain.figures import Cell
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records.models import COUNTS, OpenPeriod, Return, ReturnVersion, Review


class NotLocked(Refusal):
    """An amendment where the unit may simply send again."""

    words = (
        "Kỳ {period} chưa khóa; {unit} sửa và gửi lại báo cáo, không cần bản đính "
        "chính."
    )


class NothingToAmend(Refusal):
    """An amendment of a return that never was accepted."""

    words = (
        "{unit} chưa có báo cáo kỳ {period} được nhận nên không có gì để đính chính; "
        "đề nghị cơ quan thường trực cho gửi sau khi khóa."
    )


class ReasonForAmending(Refusal):
    """An amendment says why."""

    words = "Nêu lý do đính chính báo cáo của {unit} kỳ {period}."


class NothingAmended(Refusal):
    """An amendment that says what was sent before."""

    words = "Bản đính chính của {unit} kỳ {period} không khác lần gửi {number}."


@transaction.atomic
def amend(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    cells: Mapping[str, Cell],
    reason: str,
    by: str,
    at: dt.datetime,
    seen: int,
    explanations: Mapping[str, str] | None = None,
    filed_at: str = "",
    channel: str = ReturnVersion.Channel.WEB,
) -> ReturnVersion:
    """File an amended version of an accepted return of a locked period; examined.

    `seen` is the number of the version that the page was made from; `filed_at` the
    standing office, where it files in the unit's place.
    """
    opened.refresh_from_db(fields=["state"])
    said = {
        "unit": unit_name(unit, opened.end_on),
        "period": collect.window(pack, opened).label,
    }
    if opened.state == OpenPeriod.State.OPEN:
        raise NotLocked(**said)
    if not reason.strip():
        raise ReasonForAmending(**said)
    rows = Return.objects.filter(period=opened, unit__key=unit, form=form)
    row = rows.select_for_update(of=("self",)).first()
    if row is None or not Review.objects.filter(COUNTS, version__of=row).exists():
        raise NothingToAmend(**said)
    last = row.versions.order_by("number").last()
    assert last is not None, "what was accepted was sent"
    if last.number > seen:
        raise SentAgain(number=last.number, **said)
    sending = collect.Sending(unit, form, cells, at, channel, explanations or {})
    versions = collect.receive(
        pack=pack,
        opened=opened,
        sendings=[sending],
        by=by,
        at=at,
        amendment=reason.strip(),
        filed_at=filed_at,
    )
    if not versions:
        raise NothingAmended(number=last.number, **said)
    examine(pack=pack, versions=versions, at=at)
    return versions[0]
