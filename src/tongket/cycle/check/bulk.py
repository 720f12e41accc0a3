"""How are two thousand returns decided on at one press? In portions, restartable.

Each portion is one transaction: all of it is decided and noted, or none of it. What may
not be decided on is left, with what stands against it.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from tongket.cycle.check.deciding import approve, decidable
from tongket.cycle.check.turns import Seat, Seen
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import audit, sentences
from tongket.records.models import BulkDecision, Return, ReturnVersion

PORTION = 250  # returns; about half a second of writing


class NothingChosen(Refusal):
    """No return was chosen."""

    words = "Chọn ít nhất một báo cáo để duyệt."


@transaction.atomic
def start(
    *, versions: Sequence[ReturnVersion], by: str, at: dt.datetime
) -> BulkDecision:
    """Keep which versions are to be decided on; nothing is decided yet."""
    if not versions:
        raise NothingChosen()
    chosen = [[version.of_id, version.number] for version in versions]
    bulk = BulkDecision.objects.create(returns=chosen, by=by, started_at=at)
    act = audit.Act("bulk_start", f"bulk:{bulk.pk}", {"returns": len(chosen)})
    audit.record([act], by=by, at=at)
    return bulk


@transaction.atomic
def step(
    *,
    pack: Pack,
    bulk: BulkDecision,
    seats: Sequence[Seat],
    at: dt.datetime,
    size: int = PORTION,
) -> BulkDecision:
    """Decide on the next portion, by who started it; nothing when all is done.

    Two who press at once do not decide twice: the second takes the portion after.
    """
    kept = BulkDecision.objects.select_for_update().get(pk=bulk.pk)
    portion = kept.returns[kept.done : kept.done + size]
    if not portion:
        return kept
    seen = {pk: Seen(number) for pk, number in portion}
    rows = list(Return.objects.filter(pk__in=seen))
    turns, refused = decidable(pack, rows, seats, by=kept.by, at=at, seen=seen)
    approve(turns, "", by=kept.by, at=at)
    kept.left += [
        [pk, *sentences.to_json(refusal.sentence)]
        for pk, refusal in sorted(refused.items())
    ]
    kept.done += len(portion)
    if kept.done >= len(kept.returns):
        kept.ended_at = at
    kept.save(update_fields=["done", "left", "ended_at"])
    return kept


def run(
    *, pack: Pack, bulk: BulkDecision, seats: Sequence[Seat], at: dt.datetime
) -> BulkDecision:
    """Decide on all that is left of it, portion by portion."""
    while bulk.ended_at is None:
        bulk = step(pack=pack, bulk=bulk, seats=seats, at=at)
    return bulk
