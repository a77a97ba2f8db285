"""counts"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CELL = {
    "kind": 16,
    "subject": 80,
    "month": 7,
    "network": 80,
    "organisation": 80,
    "profession": 80,
    "language": 8,
    "edition": 20,
    "way_in": 10,
}


def upgrade() -> None:
    for table in ("tally", "published_count"):
        op.create_table(
            table,
            *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in CELL.items()),
            sa.Column("n", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint(*CELL, name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "closed_month",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_month")),
    )
    _track_completions()
    _api_keys()
    _language_of_certificates()


def _track_completions() -> None:
    op.create_table(
        "track_completion",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.String(length=80), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("module_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_track_completion_learner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "track_id", name=op.f("pk_track_completion")),
    )


def _api_keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key_hash", sa.String(length=43), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_api_key_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_api_key_created_by"), "api_key", ["created_by"])


def _language_of_certificates() -> None:
    """The language stands in the facts, which an erasure drops; the counts need it after that, too."""
    op.add_column("certificate", sa.Column("language", sa.String(length=8), nullable=False, server_default=""))
    certificate = sa.table("certificate", sa.column("id"), sa.column("facts"), sa.column("language"))
    connection = op.get_bind()
    found = connection.execute(sa.select(certificate.c.id, certificate.c.facts).where(certificate.c.facts.is_not(None)))
    for row in found.all():
        language = json.loads(row.facts)["language"]
        connection.execute(sa.update(certificate).where(certificate.c.id == row.id).values(language=language))


def downgrade() -> None:
    op.drop_column("certificate", "language")
    for table in ("api_key", "track_completion", "closed_month", "published_count", "tally"):
        op.drop_table(table)
