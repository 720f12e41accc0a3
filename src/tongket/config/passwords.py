"""Which passwords are good enough, and how are they kept?

After NIST SP 800-63B: length and unlikeliness count, not kinds of characters; nothing
expires by the calendar. Kept as Argon2id hashes with the memory that OWASP asks for.
"""

import re
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from tongket.domain.units import search_key
from tongket.records.models import Membership

SHORTEST, LONGEST = 12, 128
LEFT = 5  # characters that must remain when what everybody guesses is taken out
# What passwords of Vietnamese offices are made of, without accents; longest first.
EVERYBODYS = sorted(
    (
        "matkhau", "password", "passwd", "admin", "administrator", "quantri", "welcome",
        "congan", "congannhandan", "nhandan", "ubnd", "phuong", "thitran", "huyen",
        "thanhpho", "tinh", "vietnam", "hanoi", "saigon", "hochiminh", "bacgiang",
        "bacninh", "danang", "haiphong", "cantho", "baocao", "tongket", "canbo",
        "anhyeuem", "emyeuanh", "toiyeuvietnam", "yeuem", "yeuanh", "iloveyou", "khong",
        "khongbiet", "chuabiet", "hoilamgi", "maimai", "giadinh", "hanhphuc", "nguyen",
        "thanh", "minh", "qwertyuiop", "qwerty", "asdfghjkl", "asdf", "zxcvbnm", "zxcv",
        "letmein", "abcdef", "abcd", "abc", "xyz", "user", "test", "demo", "login",
    ),
    key=len,
    reverse=True,
)  # fmt: skip
_LEET = str.maketrans("013457@$!", "oieastasi")
_RUNS = ("0123456789" * 2, "9876543210" * 2, "abcdefghijklmnopqrstuvwxyz")


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: quick enough for a whole province."""

    memory_cost, time_cost, parallelism = 19 * 1024, 2, 1


class LongEnough:
    """At least twelve characters, so that guessing takes longer than it is worth."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password outside the lengths."""
        if len(password) < SHORTEST:
            words = gettext(
                "Mật khẩu có %(has)s ký tự; cần ít nhất %(least)s. Bốn, năm từ không "
                "liên quan đến nhau là dễ nhớ và khó đoán."
            )
            raise ValidationError(words % {"has": len(password), "least": SHORTEST})
        if len(password) > LONGEST:
            words = gettext("Mật khẩu dài quá %(most)s ký tự.")
            raise ValidationError(words % {"most": LONGEST})

    def get_help_text(self) -> str:
        """Say the rule before anything is typed."""
        return gettext("Ít nhất %(least)s ký tự; có thể là một câu, có dấu cách.") % {
            "least": SHORTEST
        }


class NotEasilyGuessed:
    """Not made of words, years and runs that everybody tries first."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what leaves too little when the usual parts are taken out."""
        if remainder(password) < LEFT:
            raise ValidationError(
                gettext(
                    "Mật khẩu ghép từ những từ và dãy số ai cũng thử trước (như "
                    "“matkhau”, “congan”, “123456”); chọn cách khác."
                )
            )

    def get_help_text(self) -> str:
        """Say the rule before anything is typed."""
        return gettext("Không ghép từ các từ, năm và dãy số thường gặp.")


def remainder(password: str, words: list[str] = EVERYBODYS) -> int:
    """Return how many characters stay when usual words, digits and runs are taken out.

    >>> remainder("Congan@12345678"), remainder("ghế xanh bơi ngược"), remainder("aaaa")
    (0, 15, 0)
    """
    text = search_key(password)
    read = re.sub(r"\d{4,}", " \0 ", text).translate(_LEET)
    return min(_left(each, words) for each in (text, read))


def _left(text: str, words: list[str]) -> int:
    text = re.sub(r"[^\w\0]+|_", "", text)
    for word in words:
        text = text.replace(word, "\0")
    text = re.sub(r"(.)\1{2,}", "\0", text)
    text = re.sub(r"(?:19|20)\d\d", "\0", text)
    return sum(
        len(part)
        for part in re.split("\0|\\d{4,}", text)
        if not any(part in run for run in _RUNS)
    )


class NotLikeTheAccount:
    """Not made of the account's own name, post or units."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that says who its owner is."""
        if user is None or remainder(password, [*names(user), *EVERYBODYS]) >= LEFT:
            return
        raise ValidationError(
            gettext(
                "Mật khẩu giống tên đăng nhập, chức danh hoặc tên đơn vị của tài "
                "khoản; chọn mật khẩu khác."
            )
        )

    def get_help_text(self) -> str:
        """Say the rule before anything is typed."""
        return gettext("Không giống tên đăng nhập, chức danh hay tên đơn vị.")


def names(user: Any) -> list[str]:
    """Return what names an account, as one lower-case word each, longest first."""
    told = [user.get_username(), user.email.partition("@")[0], user.get_full_name()]
    if user.pk:
        rows = Membership.objects.filter(user=user).values_list(
            "post", "unit__key", "unit__versions__name"
        )
        told += [each or "" for row in rows for each in row]
    words = {part for name in told for part in re.split(r"[\W_]+", search_key(name))}
    words |= {re.sub(r"[\W_]+", "", search_key(name)) for name in told}
    return sorted((word for word in words if len(word) > 2), key=len, reverse=True)
