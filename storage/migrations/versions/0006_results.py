"""The end of a season: recommendations and the council's answers, and the ledger of time."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    pass
