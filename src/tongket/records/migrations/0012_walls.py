"""Row-level security: PostgreSQL itself shows a session the rows of its units alone.

A session says its units and its account in two settings (records/postgresql/base.py).
Both are read once a statement: a sub-select without a row in it is an InitPlan. Each
spelling has its reason (docs/decisions/0016-two-walls.md): the cast outside keeps
`= any` from meaning a subquery; `nullif` because a setting that was given back reads as
the empty string, and that one must show nothing; `*` first, because it ends the `or`.
A row that lies below another is shown where the row above is: its own policy asks.
"""

from django.db import migrations

UNITS = "current_setting('tongket.units', true)"
ACCOUNT = "current_setting('tongket.account', true)"
OF_UNIT = f"""(select {UNITS}) = '*' or unit_id = any ((select
    string_to_array(nullif(nullif({UNITS}, ''), '*'), ',')::bigint[])::bigint[])"""
OF_ACCOUNT = f"""(select {ACCOUNT}) = '*'
    or user_id = (select nullif(nullif({ACCOUNT}, ''), '*')::bigint)"""


def of_parent(parent, column):
    return f"""(select {UNITS}) = '*'
        or exists (select from records_{parent} p where p.id = {column})"""


POLICIES = {
    "return": OF_UNIT,
    "returnversion": of_parent("return", "of_id"),
    "doubt": of_parent("returnversion", "version_id"),
    "review": of_parent("returnversion", "version_id"),
    "draft": OF_UNIT,
    "celledit": of_parent("draft", "draft_id"),
    "wordsedit": of_parent("draft", "draft_id"),
    "cellcomment": of_parent("draft", "draft_id"),
    "extension": OF_UNIT,
    "result": OF_UNIT,
    "remediationplan": OF_UNIT,
    "planstep": of_parent("remediationplan", "plan_id"),
    "award": OF_UNIT,
    "upload": OF_ACCOUNT,
    "keptanswer": OF_ACCOUNT,
}


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, condition in POLICIES.items():
        table = f"records_{name}"
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"CREATE POLICY {table}_wall ON {table} USING ({condition})"
            f" WITH CHECK ({condition})"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in POLICIES:
        table = f"records_{name}"
        schema_editor.execute(f"DROP POLICY {table}_wall ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("records", "0011_audit_chain")]
    operations = [migrations.RunPython(create, drop)]
