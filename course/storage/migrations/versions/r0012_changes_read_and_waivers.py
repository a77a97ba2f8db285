"""changes read, and waivers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes_read",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        _leads_to("changes_read", "learner_id", "learner", "CASCADE"),
        sa.PrimaryKeyConstraint("learner_id", "edition", name=op.f("pk_changes_read")),
    )
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=80), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        _leads_to("waiver", "learner_id", "learner", "CASCADE"),
        _leads_to("waiver", "cohort_id", "cohort", "SET NULL"),
        _leads_to("waiver", "author_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint("learner_id", "module_id", name=op.f("uq_waiver_learner_id_module_id")),
        sqlite_autoincrement=True,
    )
    for column in ("cohort_id", "author_id"):
        op.create_index(op.f(f"ix_waiver_{column}"), "waiver", [column])
    with op.batch_alter_table("completion") as batch:
        batch.add_column(sa.Column("waiver_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_completion_waiver_id_waiver"), "waiver", ["waiver_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index(op.f("ix_completion_waiver_id"), ["waiver_id"])


def _leads_to(table: str, column: str, other: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=on_delete
    )


def downgrade() -> None:
    # What was waived was never passed: without its mark it would be taken for a quiz that was.
    op.execute("DELETE FROM completion WHERE waiver_id IS NOT NULL")
    with op.batch_alter_table("completion") as batch:
        batch.drop_index(op.f("ix_completion_waiver_id"))
        batch.drop_constraint(op.f("fk_completion_waiver_id_waiver"), type_="foreignkey")
        batch.drop_column("waiver_id")
    op.drop_table("waiver")
    op.drop_table("changes_read")
