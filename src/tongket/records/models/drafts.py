"""What is typed before it is sent: drafts, each cell's history and comments."""

from django.db import models

from tongket.records.models.periods import OpenPeriod
from tongket.records.models.units import Unit
from tongket.records.walls import UnitBound


class Draft(UnitBound):
    """What was typed over the last version that was sent; one a unit, period and form.

    `cells` maps a measure to [state, value as text or null, number of the edit, version
    that the typist saw] and holds only what was typed since the last sending;
    `based_on` is the oldest of those versions (0: nothing was sent yet). `words` maps a
    row to its explanation in the same way: [text, number of the edit, version seen].
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="drafts")
    period = models.ForeignKey(OpenPeriod, models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=60)
    based_on = models.PositiveIntegerField(default=0)
    last_edit = models.PositiveIntegerField(default=0)
    cells = models.JSONField(default=dict)
    words = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "form"], name="one_draft_a_unit_and_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.period} {self.form}"


class CellEdit(UnitBound):
    """One change of one cell; never changed and never deleted.

    `token` is the sender's own: a repeated request is known by it. `text` is what was
    typed, `over` the number of the edit it was typed over (0: the version sent last).
    """

    unit_path = "draft__unit"

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="edits")
    number = models.PositiveIntegerField()
    measure = models.CharField(max_length=80)
    state = models.CharField(max_length=20)
    value = models.CharField(max_length=40, null=True)
    text = models.CharField(max_length=60, blank=True)
    over = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=36)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "number"], name="edits_are_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["draft", "token"], name="an_edit_counts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft} {self.measure} #{self.number}"


class WordsEdit(UnitBound):
    """One change of the explanation of one row; never changed and never deleted.

    Its number is counted with the edits of the draft's cells; `token` and `over` mean
    the same as there. The measure "*" stands for the whole return.
    """

    unit_path = "draft__unit"

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="words_edits")
    number = models.PositiveIntegerField()
    measure = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    over = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=36)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "number"], name="words_are_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["draft", "token"], name="an_edit_of_words_counts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft} {self.measure} #{self.number}"


class CellComment(UnitBound):
    """Words about one cell, by the sender or the reviewer; never changed."""

    unit_path = "draft__unit"

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="comments")
    measure = models.CharField(max_length=80)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.draft} {self.measure}"
