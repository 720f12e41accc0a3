"""What does the body of a request say? JSON into parcels, every wrong row told.

Only what is wrong is refused: a body that can be read at all is read row by row.
Numbers are kept exact; nothing is rounded on the way in.
"""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from django.http import HttpRequest

from tongket.cycle.deliver.outcomes import Options
from tongket.cycle.deliver.parcels import Key, Parcel, Problem, Value
from tongket.domain.sentences import Refusal

LARGEST_BODY = 32 * 1024 * 1024
MOST_VALUES = 200_000
PLACE = ("scheme", "period", "unit", "form")
SHARED = {"dry_run", "mode", "send", "units_by"}
OF_ROW = {*PLACE, "measure", "value", "deleted", "version"}
OF_RETURN = {*PLACE, "cells", "explanations", "version"}
MODES = ("partial", "all")
NAMINGS = ("key", "code")
NOWHERE = Key("", "", "", "")
# What no database keeps: the character nought, and halves of a pair of surrogates.
_NUL, _SURROGATE = b"\\u0000", re.compile(rb"\\u[dD][89a-fA-F]")


class NotJson(Refusal, ValueError):
    """The body is no JSON."""

    words = "Nội dung không phải JSON (UTF-8) hợp lệ: {reason}."


class UnknownEncoding(Refusal, ValueError):
    """The body is packed in a way that is not known."""

    words = "Không nhận nội dung nén kiểu “{encoding}”; để nguyên hoặc nén gzip."


class BodyTooLarge(Refusal, ValueError):
    """More bytes than are taken at once."""

    words = "Nội dung lớn hơn {most} MB; chia thành nhiều yêu cầu."


class TooManyValues(Refusal, ValueError):
    """More values than are taken at once."""

    words = (
        "Yêu cầu có {count} giá trị; mỗi lần nhận nhiều nhất {most}, chia thành nhiều "
        "yêu cầu."
    )


class BodyWrong(Refusal, ValueError):
    """A field of the body that is missing, unknown, or of another kind."""

    words = "Trường “{field}” của nội dung thiếu hoặc sai; cần {wanted}."


class RowWrong(Refusal, ValueError):
    """A row that is no object, or has a field that is not known."""

    words = "Dòng không đọc được ({field}); một dòng chỉ có các trường: {known}."


class FieldMissing(Refusal, ValueError):
    """A row without one of the fields that say where it belongs."""

    words = "Thiếu trường “{field}”, hoặc trường này không phải là chữ."


class ValueMissing(Refusal, ValueError):
    """A row without a value: forgotten is not the same as nothing."""

    words = (
        "Thiếu trường “value”; gửi số, “-” nếu không phát sinh, “x” nếu không thuộc "
        "đối tượng, null để xóa giá trị đã gửi."
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to deliver: the parcels, what was wrong with rows, and how."""

    parcels: list[Parcel]
    problems: list[Problem]
    options: Options
    by_code: bool
    total: int


def raw(request: HttpRequest) -> bytes:
    """Return the bytes of the body, unpacked; never more than are taken."""
    body = request.read(LARGEST_BODY + 1)
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "gzip":
        unpacking = zlib.decompressobj(wbits=31)
        try:
            body = unpacking.decompress(body, LARGEST_BODY + 1)
        except zlib.error as error:
            raise NotJson(reason=f"gzip: {error}") from error
    elif encoding != "identity":
        raise UnknownEncoding(encoding=encoding[:40])
    if len(body) > LARGEST_BODY:
        raise BodyTooLarge(most=LARGEST_BODY // 1024**2)
    return body


def parsed(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body, its numbers exact."""
    try:
        content = json.loads(
            body.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
        if _NUL in body:
            raise ValueError("\\u0000")
        if _SURROGATE.search(body):
            json.dumps(content, ensure_ascii=False, default=str).encode("utf-8")
    # Decimal refuses exponents that no number has; JSON may nest deeper than Python.
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotJson(reason=str(error)[:120] or type(error).__name__) from error
    if not isinstance(content, dict):
        raise BodyWrong(field="(JSON)", wanted="{…}")
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of a field given twice one value would be lost unseen."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, count = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"“{twice[:60]}” × {count}")
    return found


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)


def one_return(content: Mapping[str, Any], *, version: int | None) -> Asked:
    """Read the body of one whole return; `version` is what If-Match said."""
    options, by_code = _shared(content, OF_RETURN)
    row = {name: content[name] for name in content if name in OF_RETURN}
    if version is not None:
        row.setdefault("version", version)
    return _returns([row], options, by_code)


def many_returns(content: Mapping[str, Any]) -> Asked:
    """Read a list of whole returns."""
    options, by_code = _shared(content, {"returns", *PLACE})
    rows = _listed(content, "returns")
    shared = {name: content[name] for name in PLACE if name in content}
    whole = [{**shared, **row} if isinstance(row, dict) else row for row in rows]
    return _returns(whole, options, by_code)


def many_values(content: Mapping[str, Any]) -> Asked:
    """Read a flat list of values and put those of one return together.

    A field of the place that stands beside the list holds for every row without it.
    """
    options, by_code = _shared(content, {"values", *PLACE})
    rows = _listed(content, "values")
    _refuse_many(len(rows))
    shared = {name: content[name] for name in PLACE if name in content}
    grouped: dict[tuple[str, ...], tuple[list[Value], set[int | None]]] = {}
    problems = []
    for index, row in enumerate(rows):
        try:
            place, value, version = _row(index, row, shared)
        except Refusal as refusal:
            problems.append(Problem((index,), NOWHERE, "", refusal))
            continue
        values, versions = grouped.setdefault(place, ([], set()))
        values.append(value)
        versions.add(version)
    parcels = [
        Parcel(
            Key(*place),
            tuple(value.index for value in values),
            values,
            version=_agreed(versions),
        )
        for place, (values, versions) in grouped.items()
    ]
    return Asked(parcels, problems, options, by_code, len(rows))


def _agreed(versions: set[int | None]) -> int | None:
    """Return the version that rows were built on; the oldest where they differ."""
    return min((each for each in versions if each is not None), default=None)


def _row(
    index: int, row: object, shared: Mapping[str, Any]
) -> tuple[tuple[str, ...], Value, int | None]:
    if not isinstance(row, dict):
        raise RowWrong(field="{…}", known=", ".join(sorted(OF_ROW)))
    if not row.keys() <= OF_ROW:
        strange = min(row.keys() - OF_ROW)[:60]
        raise RowWrong(field=strange, known=", ".join(sorted(OF_ROW)))
    place = _place(row, shared)
    measure = row.get("measure")
    if not isinstance(measure, str):
        raise FieldMissing(field="measure")
    deleted = row.get("deleted", False)
    if not isinstance(deleted, bool):
        raise RowWrong(field="deleted", known="true, false")
    if not deleted and "value" not in row:
        raise ValueMissing
    content = None if deleted else row["value"]
    return place, Value(index, measure, content), _version(row)


def _place(row: Mapping[str, Any], shared: Mapping[str, Any]) -> tuple[str, ...]:
    place = tuple(row.get(name, shared.get(name)) for name in PLACE)
    for name, said in zip(PLACE, place, strict=True):
        if not isinstance(said, str) or not said:
            raise FieldMissing(field=name)
    return place


def _version(row: Mapping[str, Any]) -> int | None:
    version = row.get("version")
    is_number = isinstance(version, int) and not isinstance(version, bool)
    if version is not None and not (is_number and 0 <= version < 2**31):
        raise RowWrong(field="version", known="0, 1, 2, …")
    return version


def _returns(rows: list[Any], options: Options, by_code: bool) -> Asked:
    parcels, problems, total = [], [], 0
    for index, row in enumerate(rows):
        try:
            parcel = _whole(index, row)
        except Refusal as refusal:
            problems.append(Problem((index,), NOWHERE, "", refusal))
            total += 1
            continue
        parcels.append(parcel)
        total += len(parcel.values)
    _refuse_many(total)
    return Asked(parcels, problems, options, by_code, total)


def _whole(index: int, row: object) -> Parcel:
    if not isinstance(row, dict):
        raise RowWrong(field="{…}", known=", ".join(sorted(OF_RETURN)))
    if not row.keys() <= OF_RETURN:
        strange = min(row.keys() - OF_RETURN)[:60]
        raise RowWrong(field=strange, known=", ".join(sorted(OF_RETURN)))
    place = _place(row, {})
    cells, explanations = row.get("cells"), row.get("explanations")
    if not isinstance(cells, dict):
        raise FieldMissing(field="cells")
    if not isinstance(explanations, dict | None):
        raise RowWrong(field="explanations", known="{…}")
    values = [Value(index, measure, content) for measure, content in cells.items()]
    return Parcel(
        Key(*place),
        (index,),
        values,
        is_whole=True,
        version=_version(row),
        explanations=explanations,
    )


def _shared(content: Mapping[str, Any], own: Iterable[str]) -> tuple[Options, bool]:
    """Return how the request wants to be carried out."""
    strange = content.keys() - SHARED - set(own)
    if strange:
        known = ", ".join(sorted({*own, *SHARED}))
        raise BodyWrong(field=min(strange)[:60], wanted=known)
    for name in ("dry_run", "send"):
        if not isinstance(content.get(name, False), bool):
            raise BodyWrong(field=name, wanted="true, false")
    mode, naming = content.get("mode", MODES[0]), content.get("units_by", NAMINGS[0])
    if mode not in MODES:
        raise BodyWrong(field="mode", wanted=", ".join(MODES))
    if naming not in NAMINGS:
        raise BodyWrong(field="units_by", wanted=", ".join(NAMINGS))
    options = Options(
        send=content.get("send", True),
        is_trial=content.get("dry_run", False),
        all_or_nothing=mode == "all",
    )
    return options, naming == "code"


def _listed(content: Mapping[str, Any], name: str) -> list[Any]:
    rows = content.get(name)
    if not isinstance(rows, list):
        raise BodyWrong(field=name, wanted="[…]")
    return rows


def _refuse_many(count: int) -> None:
    if count > MOST_VALUES:
        raise TooManyValues(count=count, most=MOST_VALUES)
