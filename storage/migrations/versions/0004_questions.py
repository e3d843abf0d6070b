"""Questions: more kinds, audiences, who sees the answers, and what is made of them."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    pass
