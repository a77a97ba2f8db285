"""gain"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gain",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("before_percent", sa.Integer(), nullable=False),
        sa.Column("after_percent", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_gain_learner_id_learner"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_gain")),
    )


def downgrade() -> None:
    op.drop_table("gain")
