"""cohorts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _cohorts()
    _joining()
    _rosters()
    op.create_table(
        "learner_profile",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("profession_id", sa.String(length=80), nullable=True),
        sa.Column("organisation_id", sa.String(length=80), nullable=True),
        sa.Column("network_id", sa.String(length=80), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _leads_to("learner_profile", "learner"),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_learner_profile")),
    )


def _leads_to(table: str, other: str, column: str = "", on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    column = column or f"{other}_id"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete=on_delete)


def _cohorts() -> None:
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("network_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("track_id", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("shows_scores", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        _leads_to("cohort", "account", "created_by", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cohort_network_id"), "cohort", ["network_id"])
    op.create_index(op.f("ix_cohort_created_by"), "cohort", ["created_by"])
    op.create_table(
        "cohort_trainer",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _leads_to("cohort_trainer", "cohort"),
        _leads_to("cohort_trainer", "account"),
        sa.PrimaryKeyConstraint("cohort_id", "account_id", name=op.f("pk_cohort_trainer")),
    )
    op.create_index(op.f("ix_cohort_trainer_account_id"), "cohort_trainer", ["account_id"])


def _joining() -> None:
    op.create_table(
        "cohort_member",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        _leads_to("cohort_member", "cohort"),
        _leads_to("cohort_member", "learner"),
        sa.PrimaryKeyConstraint("cohort_id", "learner_id", name=op.f("pk_cohort_member")),
    )
    op.create_index(op.f("ix_cohort_member_learner_id"), "cohort_member", ["learner_id"])
    op.create_table(
        "join_code",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        _leads_to("join_code", "cohort"),
        _leads_to("join_code", "account", "owner_id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_code")),
        sa.UniqueConstraint("code", name=op.f("uq_join_code_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_join_code_cohort_id"), "join_code", ["cohort_id"])
    op.create_index(op.f("ix_join_code_owner_id"), "join_code", ["owner_id"])


def _rosters() -> None:
    op.create_table(
        "roster_row",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("profession", sa.String(length=120), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=True),
        sa.Column("link_hash", sa.String(length=43), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _leads_to("roster_row", "cohort"),
        _leads_to("roster_row", "learner", on_delete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_row")),
        sa.UniqueConstraint("cohort_id", "key", name=op.f("uq_roster_row_cohort_id_key")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_roster_row_link_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_roster_row_learner_id"), "roster_row", ["learner_id"])
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _leads_to("roster_import", "cohort"),
        _leads_to("roster_import", "account", on_delete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_roster_import_cohort_id"), "roster_import", ["cohort_id"])
    op.create_index(op.f("ix_roster_import_account_id"), "roster_import", ["account_id"])


def downgrade() -> None:
    for table in (
        "learner_profile",
        "roster_import",
        "roster_row",
        "join_code",
        "cohort_member",
        "cohort_trainer",
        "cohort",
    ):
        op.drop_table(table)
