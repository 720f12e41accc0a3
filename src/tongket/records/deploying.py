"""Does PostgreSQL hold the application to its policies? `check --deploy` asks it."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

REMEDY = "docs/how-to/run-in-production.md: TONGKET_DATABASE_URL, TONGKET_OWNER_URL"
# Of the role that the application connects as, or may turn into by SET ROLE.
ASK = """
    select bool_or(rolsuper or rolbypassrls),
        bool_or(oid in (select relowner from pg_class where relname like 'records\\_%'))
    from pg_roles where pg_has_role(current_user, oid, 'member')
"""


@register(Tags.security, deploy=True)
def second_wall(**_: Any) -> list[CheckMessage]:
    """Refuse a role that policies do not hold, and one that could take them away."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        passes, owns = cursor.fetchone()
    found: list[CheckMessage] = []
    if owns:
        words = "Vai trò của ứng dụng sở hữu các bảng / the application owns its tables"
        found.append(Error(words, hint=REMEDY, id="tongket.E001"))
    if passes:
        words = (
            "Vai trò của ứng dụng vượt qua được chính sách phân quyền theo dòng / the "
            "application's role is a superuser or has BYPASSRLS"
        )
        found.append(Error(words, hint=REMEDY, id="tongket.E002"))
    return found
