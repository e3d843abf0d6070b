"""Who asks by name through the facilitator, and is not asked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
phase = "expand"

PROMPT = sa.table("prompt", sa.column("id", sa.BigInteger), sa.column("asked_by", sa.BigInteger))
INQUIRY = sa.table("inquiry", sa.column("asked_by", sa.BigInteger), sa.column("prompts", sa.JSON))
ASK_BACK = sa.table(
    "ask_back",
    sa.column("person_id", sa.BigInteger),
    sa.column("prompt_id", sa.BigInteger),
    sa.column("named", sa.Boolean),
)


def upgrade() -> None:
    op.add_column("prompt", sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    here = op.get_bind()
    asked = [(number, row.asked_by) for row in here.execute(sa.select(INQUIRY)) for number in row.prompts]
    named = sa.select(ASK_BACK).where(ASK_BACK.c.named, ASK_BACK.c.prompt_id.is_not(None))
    asked += [(row.prompt_id, row.person_id) for row in here.execute(named)]
    for number, who in asked:
        here.execute(sa.update(PROMPT).where(PROMPT.c.id == number).values(asked_by=who))
