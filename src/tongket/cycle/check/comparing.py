"""Which waiting returns differ from those of all other units, or repeat one of them?

When a return is sent, most of its peers are not there yet, and reading all of them for
each sending would hold the deadline up. So returns are compared in bulk: when somebody
runs the checks on a period. A doubt is added once; nothing is taken back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction

from tongket.cycle.check import beyond
from tongket.cycle.check.examining import uncollected
from tongket.cycle.check.kept import doubt_of
from tongket.domain import copies
from tongket.domain.doubts import Finding
from tongket.domain.forms import Form
from tongket.domain.outliers import Peer, Peers
from tongket.domain.units import Tree
from tongket.domain.watching import Habit, Watch, watches_on
from tongket.loader.pack import Pack
from tongket.records.models import Doubt, OpenPeriod, ReturnVersion
from tongket.records.register import register


@transaction.atomic
def compare(*, pack: Pack, versions: Sequence[ReturnVersion]) -> list[Doubt]:
    """Keep what is doubtful about versions beside the returns of other units.

    The peers of a form and period are read once. Returns the new doubts.
    """
    groups: dict[tuple[OpenPeriod, str], list[ReturnVersion]] = defaultdict(list)
    for version in versions:
        groups[version.of.period, version.of.form].append(version)
    fresh: list[Doubt] = []
    for (opened, form), members in groups.items():
        fresh += _new(members, compared(pack, opened, form))
    return Doubt.objects.bulk_create(fresh)


def compared(pack: Pack, opened: OpenPeriod, form: str) -> dict[int, list[Finding]]:
    """Return what is doubtful about each version of a form and period; writes none."""
    watches = watches_on(pack.watches, opened.end_on)
    found: dict[int, list[Finding]] = defaultdict(list)
    if Habit.PEERS not in watches and Habit.COPIED_UNIT not in watches:
        return found
    with uncollected():
        everyone = beyond.sent_by_all(opened, form)
    if watch := watches.get(Habit.PEERS):
        tree = register().on(opened.end_on)
        _unlike_peers(pack.forms[form], tree, everyone, watch, found)
    if watch := watches.get(Habit.COPIED_UNIT):
        _copies(everyone, watch, found)
    return found


def _unlike_peers(
    form: Form,
    tree: Tree,
    everyone: Iterable[beyond.Sent],
    watch: Watch,
    found: dict[int, list[Finding]],
) -> None:
    kinds: dict[str, list[tuple[int, Peer]]] = defaultdict(list)
    for sent in everyone:
        if sent.unit in tree:
            unit = tree[sent.unit]
            peer = Peer(sent.unit, sent.cells, unit.population)
            kinds[unit.kind].append((sent.version, peer))
    for members in kinds.values():
        peers = Peers(form, (peer for _, peer in members), watch)
        for version, peer in members:
            found[version] += peers.findings(peer)


def _copies(
    everyone: Iterable[beyond.Sent], watch: Watch, found: dict[int, list[Finding]]
) -> None:
    """Find whose return is that of a unit which sent it earlier."""
    first: dict[object, str] = {}
    for sent in everyone:
        print_ = copies.fingerprint(sent.cells, watch.least)
        if print_ is None:
            continue
        unit = first.setdefault(print_, sent.unit)
        if unit != sent.unit:
            found[sent.version].append(copies.copied_unit(sent.cells, unit, watch))


def _new(
    versions: Sequence[ReturnVersion], found: dict[int, list[Finding]]
) -> Iterable[Doubt]:
    """Yield the doubts that the versions do not have yet, lifted ones included."""
    had = set(
        Doubt.everything.filter(version__in=[each.pk for each in versions]).values_list(
            "version", "rule", "measure"
        )
    )
    for version in versions:
        for each in found.get(version.pk, ()):
            if (version.pk, each.rule, each.measure) not in had:
                yield doubt_of(version, each)
