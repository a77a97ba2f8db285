"""whether a score was told as done"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was told before says nothing of it: then the score is told once more.
    op.add_column("lti_result", sa.Column("done", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("lti_result", "done")
