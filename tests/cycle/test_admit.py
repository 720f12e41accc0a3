"""Guesses wait, and nobody's guesses make the owner's own device wait."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from tests.factories import AT

from tongket.cycle import admit
from tongket.cycle.admit import NETWORK, PERSON, Guess
from tongket.records.models import AuditEntry, GuessCount

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def wrong(guess: Guess, at: dt.datetime) -> bool:
    """Make a wrong guess; whether it was looked at at all."""
    try:
        admit.charge(guess.counts(), at=at)
    except admit.TooSoon:
        return False
    return True


def test_five_guesses_are_free_and_the_next_wait_twice_as_long_each() -> None:
    waits = [PERSON.wait(count).total_seconds() for count in range(4, 9)]
    assert waits == [0, 4, 8, 16, 32]
    assert PERSON.wait(100) == dt.timedelta(minutes=15)
    guess = Guess("1", "192.0.2.1")
    assert [wrong(guess, AT) for _ in range(7)] == [True] * 5 + [False] * 2
    assert not wrong(guess, AT + 3 * SECOND)
    assert wrong(guess, AT + 4 * SECOND)
    assert not wrong(guess, AT + 8 * SECOND)


def test_ten_thousand_guesses_from_many_networks_do_not_stop_the_known_device() -> None:
    # Two guesses an hour from each of 5,000 networks: one row each, made at once.
    rows = [
        GuessCount(key=key, failures=9, at=AT, until=AT + dt.timedelta(minutes=15))
        for number in range(5000)
        for key, _ in Guess("1", f"10.{number >> 8}.{number & 255}.1").counts()
    ]
    GuessCount.objects.bulk_create(rows, batch_size=1000)
    assert not wrong(Guess("1", "10.0.1.1"), AT)
    assert wrong(Guess("1", "10.0.1.1", device="the owner's"), AT)
    assert wrong(Guess("1", "198.51.100.7"), AT), "nor any network without guesses"


def test_a_network_makes_few_guesses_however_many_accounts_it_tries() -> None:
    at, made = AT, 0
    for number in range(3600):
        made += wrong(Guess(f"account {number}", "192.0.2.9"), at + number * SECOND)
    assert NETWORK.free < made < NETWORK.free + 3600 / 20
    assert wrong(Guess("1", "192.0.2.10"), at + 3600 * SECOND)


def test_a_right_guess_is_not_counted_and_ends_the_person_s_waits() -> None:
    guess = Guess("1", "192.0.2.1")
    for _ in range(4):
        wrong(guess, AT)
    admit.charge(guess.counts(), at=AT)
    admit.refund(guess.counts(), at=AT)
    assert [wrong(guess, AT) for _ in range(5)] == [True] * 5
    network = GuessCount.objects.get(key=guess.counts()[1][0])
    assert network.failures == 9  # four and five wrong ones


def test_a_known_device_waits_for_its_own_guesses_only() -> None:
    stolen = Guess("1", "192.0.2.1", device="stolen")
    assert [wrong(stolen, AT) for _ in range(6)] == [True] * 5 + [False]
    assert wrong(Guess("1", "192.0.2.1", device="another"), AT)


def test_codes_are_counted_for_all_unknown_devices_together() -> None:
    for number in range(5):
        admit.charge(Guess("1", f"10.0.0.{number}").code_counts(), at=AT)
    with pytest.raises(admit.TooSoon):
        admit.charge(Guess("1", "10.9.9.9").code_counts(), at=AT)
    admit.charge(Guess("1", "10.9.9.9", device="known").code_counts(), at=AT)


def test_a_code_is_used_once() -> None:
    user = User.objects.create(username="ai")
    assert admit.first_use(user, "123456", at=AT)
    assert not admit.first_use(user, "123456", at=AT)


def test_failures_of_an_hour_are_audited_by_powers_of_ten() -> None:
    for number in range(120):
        admit.failed(username="ai", at=AT + number * SECOND, recorded_at=AT)
    told = AuditEntry.objects.filter(act="sign_in_failed", subject="account:ai")
    assert [each.new["count"] for each in told.order_by("id")] == [1, 10, 100]


def test_old_counts_are_forgotten_and_no_key_can_be_read() -> None:
    user = User.objects.create(username="ai")
    wrong(Guess("1", "192.0.2.1"), AT - dt.timedelta(days=3))
    assert not GuessCount.objects.filter(key__contains="192.0").exists()
    admit.succeeded(user=user, how=["password"], at=AT, recorded_at=AT)
    assert not GuessCount.objects.exists()
    assert AuditEntry.objects.get(act="sign_in").new == {"how": ["password"]}
