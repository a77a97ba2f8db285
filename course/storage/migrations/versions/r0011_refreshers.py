"""refreshers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refresher",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=43), nullable=False),
        sa.Column("link_hash", sa.String(length=43), nullable=True),
        _moment("asked_at"),
        _moment("confirmed_at", nullable=True),
        sa.Column("counted_from", sa.Date(), nullable=False),
        _leads_to("refresher", "learner_id", "learner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresher")),
        sa.UniqueConstraint("learner_id", name=op.f("uq_refresher_learner_id")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_refresher_link_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_refresher_address_key"), "refresher", ["address_key"])
    op.create_table(
        "refresher_round",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        _moment("sent_at"),
        sa.Column("questions", sa.JSON(), nullable=False),
        _leads_to("refresher_round", "learner_id", "learner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresher_round")),
        sa.UniqueConstraint(
            "learner_id",
            "counted_from",
            "occasion",
            name=op.f("uq_refresher_round_learner_id_counted_from_occasion"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "refresher_answer",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("chosen", sa.String(length=2000), nullable=False),
        _moment("answered_at"),
        _leads_to("refresher_answer", "round_id", "refresher_round"),
        sa.PrimaryKeyConstraint("round_id", "question_id", name=op.f("pk_refresher_answer")),
    )


def _leads_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    for table in ("refresher_answer", "refresher_round", "refresher"):
        op.drop_table(table)
