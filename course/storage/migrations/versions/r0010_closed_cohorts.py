"""cohorts that are closed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # Not in a batch: that would drop the table and, by its foreign keys, the members with it.
    op.drop_column("cohort", "closed_at")
