"""How does PostgreSQL learn for whom a statement runs? It is told before the statement.

The policies of its tables read two settings of the session, `tongket.units` and
`tongket.account`. They are sent when the scope of the running code is another than the
one sent last, and again after whatever may have taken them back: a new connection, a
transaction or a savepoint that was undone. Between the server and the program there may
be no pooling of statements or transactions: a session is one program's.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from tongket.records import scope

TELL = "SELECT set_config('tongket.units', %s, false), "
TELL += "set_config('tongket.account', %s, false)"
# They may be the first words after an error, when nothing else may be said; and they
# touch no row.
OF_SAVEPOINTS = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")


class WalledSchemaEditor(DatabaseSchemaEditor):
    """A migration sees every row: it changes what all units have."""

    def __enter__(self) -> Any:
        self._whole = scope.whole("a migration")
        self._whole.__enter__()
        return super().__enter__()

    def __exit__(self, *error: Any) -> None:
        try:
            super().__exit__(*error)
        finally:
            self._whole.__exit__(None, None, None)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose session knows the scope of the code that uses it."""

    SchemaEditorClass = WalledSchemaEditor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: tuple[str, str] | None = None
        self.execute_wrappers.append(self._tell_first)

    def _tell_first(
        self, execute: Callable[..., Any], sql: Any, params: Any, *more: Any
    ) -> Any:
        now = scope.told()
        if now != self._told and not str(sql).startswith(OF_SAVEPOINTS):
            self._tell(now)
        return execute(sql, params, *more)

    def _tell(self, units_and_account: tuple[str, str]) -> None:
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(TELL, units_and_account)
        self._told = units_and_account

    def connect(self) -> None:
        """Connect; a new session has been told nothing."""
        self._told = None
        super().connect()

    def _rollback(self) -> Any:
        self._told = None
        return super()._rollback()

    def _commit(self) -> Any:
        try:
            return super()._commit()
        except Exception:
            self._told = None  # a commit that fails undoes the transaction
            raise

    def _savepoint_rollback(self, sid: str) -> None:
        self._told = None
        super()._savepoint_rollback(sid)
