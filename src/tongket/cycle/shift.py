"""Which process works behind the pages now? One at a time, by a lease that runs out."""

import datetime as dt

from django.db.models import Q

from tongket.records.models import WorkerLease


def take(*, name: str, holder: str, at: dt.datetime, until: dt.datetime) -> bool:
    """Take or keep the lease up to an instant; False while another process holds it."""
    WorkerLease.objects.get_or_create(name=name, defaults={"until": at})
    # One statement: of two processes that try, the second finds it taken.
    free = Q(holder=holder) | Q(holder="") | Q(until__lte=at)
    found = WorkerLease.objects.filter(free, name=name)
    return bool(found.update(holder=holder, until=until))


def give_back(*, name: str, holder: str) -> None:
    """Let the next process begin at once."""
    WorkerLease.objects.filter(name=name, holder=holder).update(holder="")


def is_held(*, name: str, at: dt.datetime) -> bool:
    """Whether some process works now."""
    held = WorkerLease.objects.filter(name=name, until__gt=at).exclude(holder="")
    return held.exists()
