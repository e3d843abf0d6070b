"""Runs the revisions on the connection it is handed."""

from alembic import context
from sqlmodel import SQLModel

from storage import tables  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,
)
context.run_migrations()
