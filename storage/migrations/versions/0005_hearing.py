"""What a person hears: the budget, pauses, and members on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
phase = "expand"

UNASKED = sa.text("kind IN ('prompt','reminder')")
HELD = sa.text("state = 'ready' AND lane >= 10")


def upgrade() -> None:
    op.add_column("person", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for table, done in (("answer", "entered"), ("idea", "entered"), ("piled_answer", "corrected")):
        op.add_column(table, sa.Column(f"{done}_by", whole, nullable=True))
        op.add_column(table, sa.Column(f"{done}_how", sa.String(length=8), nullable=True))
    op.create_index("ix_outbox_unasked", "outbox", ["person_id"], sqlite_where=UNASKED, postgresql_where=UNASKED)
    op.create_index("ix_outbox_hours", "outbox", ["due_at"], sqlite_where=HELD, postgresql_where=HELD)
