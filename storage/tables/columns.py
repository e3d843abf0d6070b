"""How columns are declared, so that both databases keep the same."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, ForeignKey, Integer, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Rows are made of values that have been checked. Nothing is validated by a model, and to build what would do it took a
# quarter of a second of each start.
SQLModel.model_config["defer_build"] = True


@lru_cache(maxsize=64)
def _as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=4096)
def _of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on both databases."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite straight to its text, in the form that the library's own type reads: each event has several."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """From SQLite straight from its text."""
        return _of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


BIG = BigInteger().with_variant(Integer, "sqlite")
DATA = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def identity() -> Any:
    """A row's number. AUTOINCREMENT, or a deleted highest number would come again and an old button hit a new row."""
    return Field(default=None, sa_column=Column(BIG, primary_key=True, autoincrement=True))


def ref(target: str, *, null: bool = False, key: bool = False, index: bool = False) -> Any:
    """A reference to another table's row."""
    column = Column(BIG, ForeignKey(f"{target}.id"), nullable=null, primary_key=key, index=index, autoincrement=False)
    return Field(default=None, sa_column=column) if null else Field(sa_column=column)


def moment(*, null: bool = False, index: bool = False) -> Any:
    """A column for a moment."""
    column = Column(Moment, nullable=null, index=index)
    return Field(default=None, sa_column=column) if null else Field(sa_column=column)


def data(*, null: bool = False) -> Any:
    """A column for plain JSON data."""
    column = Column(DATA, nullable=null)
    return Field(default=None, sa_column=column) if null else Field(sa_column=column)


def sealed(*, null: bool = True) -> Any:
    """A column for encrypted bytes."""
    return Field(default=None, sa_column=Column(LargeBinary, nullable=null))


def keep(*args: Any, retention: str) -> tuple[Any, ...]:
    """Constraints of a table, with the rule that ends its rows (`bot/domain` knows the days by this name)."""
    return (*args, {"info": {"retention": retention}, "sqlite_autoincrement": True})


def keep_plain(*args: Any, retention: str, **options: Any) -> tuple[Any, ...]:
    """As `keep`, for a table whose key is not a running number."""
    return (*args, {"info": {"retention": retention}, **options})
