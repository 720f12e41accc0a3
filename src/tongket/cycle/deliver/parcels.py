"""What did a program send for one return, and which of its values are right?

Every value is judged by itself, so that one wrong value keeps no other back.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from tongket.domain.figures import (
    MISSING,
    NIL,
    NOT_APPLICABLE,
    Cell,
    NotANumber,
    State,
    checked,
    read_cell,
    reported,
)
from tongket.domain.forms import Form, Measure
from tongket.domain.sentences import Refusal

LONGEST_TEXT = 60  # characters of one value; CellEdit keeps as many
LONGEST_EXPLANATION = 2000
YES_OR_NO = "có/không"  # the unit of measure of a row that is answered 1 or 0
_EMPTY = {
    State.NIL: NIL,
    State.MISSING: MISSING,
    State.NOT_APPLICABLE: NOT_APPLICABLE,
}


class MeasureUnknown(Refusal, LookupError):
    """The form has no such row."""

    words = "Biểu {form} không có chỉ tiêu “{measure}”; xem danh sách tại {address}."


class StateNotAllowed(Refusal, ValueError):
    """A kind of nothing that this row does not take."""

    words = "“{label}” không nhận giá trị “{state}”; gửi một con số."


class ValueOfWrongKind(Refusal, ValueError):
    """A value that is no number, text, null or state."""

    words = (
        "Giá trị {text} không đọc được; gửi số, chữ số kiểu Việt Nam, null, hoặc "
        "{{“state”: …}} với một trong: {states}."
    )


class TextTooLong(Refusal, ValueError):
    """A text that no number of a return is as long as."""

    words = "Giá trị dài {length} ký tự; một số liệu dài nhất {longest} ký tự."


class WrittenTwice(Refusal, ValueError):
    """Two values for one cell that do not agree."""

    words = (
        "Chỉ tiêu “{measure}” được gửi {count} lần với giá trị khác nhau; giữ lại một "
        "giá trị."
    )


class ExplanationWrong(Refusal, ValueError):
    """An explanation that is no text, or longer than a reviewer reads."""

    words = (
        "Giải trình cho “{measure}” phải là chữ, dài nhất {longest} ký tự, và gắn với "
        "một chỉ tiêu của biểu (hoặc “*” cho cả báo cáo)."
    )


@dataclass(frozen=True, slots=True)
class Key:
    """Which return a program means; `unit` as the program names it."""

    scheme: str
    period: str
    unit: str
    form: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it arrived: its place in the list, its row, its content."""

    index: int
    measure: str
    content: object


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent for one return.

    A whole parcel replaces the sheet: a row that it leaves out is not yet reported.
    `version` is the one that the program built on, None where it does not say.
    """

    key: Key
    indexes: tuple[int, ...]
    values: Sequence[Value]
    is_whole: bool = False
    version: int | None = None
    explanations: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why some rows were not taken; `measure` is "" where the whole return is meant."""

    indexes: tuple[int, ...]
    key: Key
    measure: str
    refusal: Refusal


@dataclass(slots=True)
class Reading:
    """The right values of a parcel by measure, with how many rows said so."""

    cells: dict[str, Cell] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)  # measures that keep what they hold


def read(parcel: Parcel, form: Form) -> Reading:
    """Return what a parcel says, each wrong value told by itself."""
    found, measures = Reading(), {each.key: each for each in form.measures}
    said: dict[str, list[tuple[int, Cell]]] = defaultdict(list)
    for value in parcel.values:
        try:
            measure = measures.get(value.measure)
            if measure is None:
                raise MeasureUnknown(
                    form=form.key,
                    measure=value.measure[:LONGEST_TEXT],
                    address=f"/api/v1/forms/{form.key}",
                )
            cell = cell_of(value.content, measure)
        except Refusal as refusal:
            found.wrong.add(value.measure)
            found.problems.append(
                Problem((value.index,), parcel.key, value.measure, refusal)
            )
        else:
            said[value.measure].append((value.index, cell))
    for key, each in said.items():
        _settle(found, parcel, key, each)
    found.problems += _wrong_explanations(parcel, measures)
    return found


def _settle(
    found: Reading, parcel: Parcel, measure: str, said: list[tuple[int, Cell]]
) -> None:
    """Take a cell that its rows agree on; tell of all of them where they do not."""
    if len({cell for _, cell in said}) == 1:
        found.cells[measure] = said[0][1]
        found.rows[measure] = len(said)
        return
    indexes = tuple(index for index, _ in said)
    refusal = WrittenTwice(measure=measure, count=len(said))
    found.wrong.add(measure)
    found.problems.append(Problem(indexes, parcel.key, measure, refusal))


def _wrong_explanations(
    parcel: Parcel, measures: Mapping[str, Measure]
) -> list[Problem]:
    return [
        Problem(
            (),
            parcel.key,
            key,
            ExplanationWrong(measure=key[:LONGEST_TEXT], longest=LONGEST_EXPLANATION),
        )
        for key, words in (parcel.explanations or {}).items()
        if not is_explanation(key, words, measures)
    ]


def is_explanation(key: str, words: object, measures: Mapping[str, Measure]) -> bool:
    """Whether words may stand beside a row of the form, or beside all ("*")."""
    return (
        (key == "*" or key in measures)
        and isinstance(words, str)
        and len(words) <= LONGEST_EXPLANATION
    )


def cell_of(content: object, measure: Measure) -> Cell:
    """Return the cell that a JSON value means, or refuse it in a sentence.

    Numbers are exact (`Decimal` or `int`); text is read as an official types it; true
    and false answer a yes-or-no row; null says "not yet reported".
    """
    if isinstance(content, Mapping):
        cell = _stated(content, measure)
    elif isinstance(content, bool):
        if measure.measure_unit != YES_OR_NO:
            raise _unreadable(content)
        cell = reported(int(content))
    elif content is None or isinstance(content, str | int | Decimal):
        cell = _read(content, measure.decimals)
    else:
        raise _unreadable(content)
    if cell.state is not State.MISSING and cell.state not in measure.may_be:
        raise StateNotAllowed(label=measure.label, state=cell.state.value)
    return cell


def _stated(content: Mapping[object, object], measure: Measure) -> Cell:
    """Return the cell of {"state": …} or {"state": "REPORTED", "value": …}."""
    state, value = content.get("state"), content.get("value")
    if not set(content) <= {"state", "value"} or not isinstance(state, str):
        raise _unreadable(content)
    if state == State.REPORTED and not isinstance(value, Mapping):
        cell = cell_of(value, measure)
        if cell.state is State.REPORTED:
            return cell
    elif state in _EMPTY and value is None:
        return _EMPTY[State(state)]
    raise _unreadable(content)


def _unreadable(content: object) -> Refusal:
    return ValueOfWrongKind(text=repr(content)[:LONGEST_TEXT], states=", ".join(State))


# 100,000 values of a province hold few different ones. `typed`: 1 is not 1.0 or true.
@lru_cache(maxsize=65_536, typed=True)
def _read(content: str | int | Decimal | None, decimals: int) -> Cell:
    if content is None:
        return MISSING
    if isinstance(content, str):
        if len(content) > LONGEST_TEXT:
            raise TextTooLong(length=len(content), longest=LONGEST_TEXT)
        return read_cell(content, decimals)
    number = Decimal(content)
    # Told as it came: 1e-400000 written out would fill a book.
    told = str(content)[:LONGEST_TEXT]
    if not number.is_finite():
        raise NotANumber(text=told)
    return checked(number, decimals, told)
