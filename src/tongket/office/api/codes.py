"""What is each refusal called by a program, and what does DHIS2 call it?

The codes are stable: a program may act on them; sentences are for people, and change.
docs/reference/api.md shows this table; a test keeps the two equal.
"""

from dataclasses import dataclass

from tongket.cycle import collect, connect
from tongket.cycle.deliver import outcomes, parcels, places
from tongket.domain import figures, periods
from tongket.domain.sentences import Refusal, Refusals
from tongket.office.api import bodies, door


@dataclass(frozen=True, slots=True)
class Code:
    """One way to be refused: its code, HTTP status when alone, DHIS2's equivalents."""

    key: str
    status: int
    meaning: str
    dhis2: str = ""


# Most refusals stand as conflicts in an answer of 200 or 422; `status` is the one of an
# answer that is nothing but this refusal.
CODES: dict[type[Exception], Code] = {
    door.KeyRefused: Code("key_refused", 401, "no key, or a dead one"),
    door.ScopeLacking: Code("scope_missing", 403, "the key lacks the scope", "E8010"),
    door.NotFound: Code(
        "not_found", 404, "does not exist, or may not be seen", "E2010, E2012"
    ),
    door.MethodNotAllowed: Code("method_not_allowed", 405, "another method is needed"),
    door.ParameterWrong: Code(
        "parameter_wrong", 422, "a parameter of the address is wrong", "E2001–E2009"
    ),
    door.Busy: Code("busy", 503, "another writer held the database; send again"),
    bodies.NotJson: Code("body_not_json", 400, "the body is no JSON in UTF-8"),
    bodies.UnknownEncoding: Code(
        "encoding_unknown", 415, "the body is packed otherwise than by gzip"
    ),
    bodies.BodyTooLarge: Code("body_too_large", 413, "more bytes than are taken"),
    bodies.TooManyValues: Code("too_many_values", 413, "more values than are taken"),
    bodies.BodyWrong: Code(
        "body_wrong", 422, "a field of the body is missing or wrong"
    ),
    bodies.RowWrong: Code(
        "row_wrong", 422, "a row is no object, or has a strange field"
    ),
    bodies.FieldMissing: Code(
        "field_missing", 422, "a row lacks a field", "E8100, E8102, E8105"
    ),
    bodies.ValueMissing: Code(
        "value_missing", 422, "a row has no value", "E8120, E8121"
    ),
    connect.KeyUsedForAnother: Code(
        "idempotency_key_reused", 422, "the key came with another request before"
    ),
    connect.IdempotencyKeyWrong: Code(
        "idempotency_key_wrong", 400, "the key is empty, too long or unprintable"
    ),
    collect.SchemeUnknown: Code(
        "scheme_unknown", 422, "no such reporting scheme", "E8003, E8004, E8005"
    ),
    periods.NoSuchPeriod: Code("period_unknown", 422, "no such period", "E2002, E8021"),
    collect.PeriodMismatch: Code(
        "period_of_another_scheme", 422, "another rule or length of period", "E8021"
    ),
    places.PeriodNotOpened: Code(
        "period_not_opened", 422, "nobody opened the period", "E2022, E2025, E8030"
    ),
    collect.PeriodClosed: Code(
        "period_closed", 422, "the period is closed for this unit", "E2017, E8030"
    ),
    places.UnitNotFound: Code(
        "unit_unknown", 422, "no such unit, or not to be seen", "E8106, E8107, E2020"
    ),
    places.UnitNotYours: Code(
        "unit_not_yours", 422, "to be seen, not to be reported for", "E8011"
    ),
    places.UnitNotThen: Code(
        "unit_not_then", 422, "no such unit on the period's last day", "E8031, E2019"
    ),
    places.CodeOfSeveral: Code(
        "code_of_several", 422, "several units carry the official code", "E8002"
    ),
    places.FormNotOfScheme: Code(
        "form_not_of_scheme",
        422,
        "the scheme does not collect the form",
        "E8020, E2021",
    ),
    collect.NotOwed: Code(
        "not_owed", 422, "the unit does not fill in this form", "E8022"
    ),
    parcels.MeasureUnknown: Code(
        "measure_unknown", 422, "the form has no such row", "E8020, E8103, E8104"
    ),
    parcels.ValueOfWrongKind: Code(
        "value_wrong", 422, "neither number, text, null nor a state", "E8122, E2030"
    ),
    figures.NotANumber: Code("not_a_number", 422, "the text is no number", "E8122"),
    figures.FormulaError: Code(
        "formula_error", 422, "the error of a spreadsheet's formula", "E8122"
    ),
    figures.Ambiguous: Code(
        "ambiguous_number", 422, "a comma that can be read in two ways", "E8122"
    ),
    figures.TooManyDecimals: Code(
        "too_many_decimals", 422, "more decimals than the row takes", "E8122"
    ),
    figures.Negative: Code("negative", 422, "below nought", "E8122"),
    figures.TooLarge: Code("too_large", 422, "10¹⁵ or more", "E8122"),
    parcels.TextTooLong: Code("text_too_long", 422, "more than 60 characters", "E8122"),
    parcels.StateNotAllowed: Code(
        "state_not_allowed", 422, "a kind of nothing the row does not take", "E8123"
    ),
    parcels.WrittenTwice: Code(
        "written_twice", 422, "two different values for one cell", "E8128"
    ),
    outcomes.ReturnTwice: Code(
        "return_twice", 422, "one return twice in a request", "E8128"
    ),
    outcomes.NothingInReturn: Code(
        "return_empty", 422, "a whole return without any row", "E8120"
    ),
    parcels.ExplanationWrong: Code(
        "explanation_wrong", 422, "no text, too long, or for no row", "E8124, E8125"
    ),
    outcomes.ExplanationsUnsent: Code(
        "explanation_unsent", 422, "explanations need “send”: true", "E8124"
    ),
    outcomes.VersionMoved: Code(
        "version_moved", 409, "another version stands than the one built on"
    ),
    outcomes.TypedMeanwhile: Code(
        "typed_meanwhile", 409, "a person types into the same cells; send again"
    ),
    outcomes.NothingTaken: Code(
        "nothing_taken", 422, "“all” was asked for and something is wrong", "E8000"
    ),
}


def code_of(refusal: Exception) -> Code:
    """Return the code of a refusal, of the nearest kind that has one."""
    for kind in type(refusal).__mro__:
        if kind in CODES:
            return CODES[kind]
    return Code("refused", 422, "anything else that a sentence tells")


def each_of(error: Refusal | Refusals) -> tuple[Refusal, ...]:
    """Return the refusals that an error holds."""
    return error.refusals if isinstance(error, Refusals) else (error,)
