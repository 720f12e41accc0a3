"""What do the answers and bodies of the API look like? The source of its OpenAPI."""

import datetime as dt
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

Content = int | float | str | bool | None | dict[str, Any]
Counts = dict[str, int]


class Named(Schema):
    """A thing of the packs with its name in the language of the request."""

    key: str
    label: str


class Grant(Schema):
    """A role that the account holds."""

    role: str
    unit: str
    start: dt.date
    end: dt.date | None


class Me(Schema):
    """The account that a key acts for."""

    account: str
    name: str
    today: dt.date
    key: str
    scopes: list[str]
    expires_at: dt.datetime
    roles: list[Grant]


class Scheme(Schema):
    """A reporting scheme."""

    key: str
    name: str
    regime: str
    frequency: str
    unit_kinds: list[str]
    forms: list[str]
    recipient: str
    cut_off: str


class OpenedPeriod(Schema):
    """A period that was opened for a scheme."""

    scheme: str
    period: str
    label: str
    start: dt.date
    end: dt.date
    state: Literal["OPEN", "CLOSED"]
    opened_at: dt.datetime


class Debt(Schema):
    """What a unit owes for a period; the state is "" while nothing was sent."""

    unit: str
    name: str
    form: str
    due: dt.date
    state: str
    sent_at: dt.datetime | None
    is_overdue: bool


class Row(Schema):
    """A row of a form: what is counted, and how it may be answered."""

    key: str
    label: str
    measure_unit: str
    decimals: int
    adds: str
    states: list[str]
    note: str


class FormSection(Schema):
    """A block of a form."""

    key: str
    label: str
    measures: list[Row]


class FormSheet(Schema):
    """A form ("biểu mẫu") with every row."""

    key: str
    label: str
    start: dt.date | None
    end: dt.date | None
    sections: list[FormSection]


class UnitRow(Schema):
    """A unit on a day."""

    key: str
    code: str
    name: str
    kind: str
    parent: str | None
    start: dt.date
    end: dt.date | None


class ReturnRow(Schema):
    """A return that was sent."""

    scheme: str
    period: str
    unit: str
    form: str
    state: str
    version: int
    sent_at: dt.datetime


class Version(Schema):
    """One sending."""

    number: int
    sent_at: dt.datetime
    sent_by: str
    channel: str
    cells: dict[str, Content]
    explanations: dict[str, str]


class FindingRow(Schema):
    """Something doubtful about a version."""

    measure: str
    rule: str
    severity: str
    sentence: str


class DraftSheet(Schema):
    """What was typed over the version sent last, and not sent."""

    based_on: int
    cells: dict[str, Content]


class ReturnSheet(Schema):
    """A return: the version sent last, what was typed since, what is doubtful."""

    scheme: str
    period: str
    unit: str
    form: str
    state: str
    due: dt.date
    version: int
    sent: Version | None
    draft: DraftSheet
    findings: list[FindingRow]


class Event(Schema):
    """One thing that happened to a return or to one of its cells."""

    at: dt.datetime
    by: str
    what: Literal["VERSION", "ACCEPTED", "SENT_BACK", "EDIT", "COMMENT"]
    version: int | None = None
    words: str = ""
    content: Content = None


class Conflict(Schema):
    """Why some of what was sent was not taken."""

    indexes: list[int]
    code: str
    object: dict[str, str]
    sentence: str


class Problem(Schema):
    """A request that was refused as a whole."""

    code: str
    sentence: str


class Delivered(Schema):
    """What became of one return of a delivery."""

    scheme: str
    period: str
    unit: str
    form: str
    result: str
    version: int | None
    counts: Counts
    findings: Counts


class Delivery(Schema):
    """What became of a delivery."""

    status: Literal["SUCCESS", "WARNING", "ERROR"]
    dry_run: bool
    mode: Literal["partial", "all"]
    send: bool
    counts: Counts
    returns: list[Delivered]
    conflicts: list[Conflict]
    findings: list[FindingRow] | None = Field(
        None, description="of a single return: what is doubtful about its sheet"
    )


class How(Schema):
    """How a delivery is carried out."""

    dry_run: bool = Field(
        False, description="count and check everything, write nothing"
    )
    mode: Literal["partial", "all"] = Field(
        "partial", description="take what is right, or nothing when anything is wrong"
    )
    send: bool = Field(True, description="send a version, or only keep it in the sheet")
    units_by: Literal["key", "code"] = "key"


class WholeReturn(Schema):
    """A whole return: rows left out are not yet reported."""

    scheme: str = Field(examples=["commune-month"])
    period: str = Field(examples=["nd09-2023-m12"])
    unit: str = Field(examples=["bg-c07201"])
    form: str = Field(examples=["commune-month-2022"])
    cells: dict[str, Content] = Field(examples=[{"theft_cases": 3, "fire_cases": "-"}])
    explanations: dict[str, str] | None = None
    version: int | None = Field(
        None, ge=0, description="the version built on; 0 where nothing was sent"
    )


class OneReturn(WholeReturn, How):
    """Body of POST /returns."""


class ManyReturns(How):
    """Body of POST /returns/bulk."""

    returns: list[WholeReturn]


class OneValue(Schema):
    """One value; the fields of its place may stand beside the list instead."""

    scheme: str | None = None
    period: str | None = None
    unit: str | None = None
    form: str | None = None
    measure: str
    value: Content = None
    deleted: bool = False
    version: int | None = Field(None, ge=0)


class ManyValues(How):
    """Body of POST /values/bulk."""

    scheme: str | None = None
    period: str | None = None
    unit: str | None = None
    form: str | None = None
    values: list[OneValue]


def paged(item: type[Schema]) -> type[Schema]:
    """Return the shape of one page of a list."""
    return type(
        f"{item.__name__}Page",
        (Schema,),
        {
            "__annotations__": {
                "page": int,
                "pages": int,
                "total": int,
                "items": list[item],
            },
            "__doc__": f"One page of {item.__name__}.",
        },
    )


def body(shape: type[Schema]) -> dict[str, Any]:
    """Return what OpenAPI says of a body that we read ourselves, row by row."""
    schema = shape.model_json_schema()
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": inlined(schema, schema)}},
        }
    }


def inlined(part: Any, whole: dict[str, Any]) -> Any:
    """Return a JSON schema without references: the body has no place for them."""
    if isinstance(part, list):
        return [inlined(each, whole) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return inlined(whole["$defs"][name], whole)
    return {k: inlined(each, whole) for k, each in part.items() if k != "$defs"}
