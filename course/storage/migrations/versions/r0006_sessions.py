"""sessions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sessions()
    _attendance()
    _kits()
    _reminders()
    with op.batch_alter_table("completion") as batch:
        batch.add_column(sa.Column("session_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_completion_session_id_training_session"),
            "training_session",
            ["session_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index(op.f("ix_completion_session_id"), ["session_id"])


def _leads_to(table: str, column: str, other: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=on_delete
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _sessions() -> None:
    op.create_table(
        "training_session",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("network_id", sa.String(length=80), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("track_id", sa.String(length=80), nullable=False),
        sa.Column("module_ids", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        _moment("starts_at"),
        _moment("ends_at"),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        _moment("code_ended_at", nullable=True),
        sa.Column("without_names", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        _moment("created_at"),
        _moment("changed_at"),
        _moment("cancelled_at", nullable=True),
        sa.CheckConstraint("without_names >= 0", name=op.f("ck_training_session_without_names")),
        _leads_to("training_session", "cohort_id", "cohort", "SET NULL"),
        _leads_to("training_session", "created_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
        sa.UniqueConstraint("code", name=op.f("uq_training_session_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_training_session_uid")),
        sqlite_autoincrement=True,
    )
    for column in ("network_id", "cohort_id", "starts_at", "created_by"):
        op.create_index(op.f(f"ix_training_session_{column}"), "training_session", [column])


def _attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=True),
        sa.Column("roster_row_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("credited", sa.JSON(), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        _moment("recorded_at"),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        _leads_to("attendance", "session_id", "training_session"),
        _leads_to("attendance", "learner_id", "learner", "SET NULL"),
        _leads_to("attendance", "roster_row_id", "roster_row", "SET NULL"),
        _leads_to("attendance", "recorded_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        *(
            sa.UniqueConstraint("session_id", column, name=op.f(f"uq_attendance_session_id_{column}"))
            for column in ("learner_id", "roster_row_id", "name_key")
        ),
        sqlite_autoincrement=True,
    )
    for column in ("learner_id", "roster_row_id", "recorded_by"):
        op.create_index(op.f(f"ix_attendance_{column}"), "attendance", [column])


def _kits() -> None:
    op.create_table(
        "session_kit",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        _moment("asked_at"),
        _moment("made_at", nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        _leads_to("session_kit", "session_id", "training_session"),
        sa.PrimaryKeyConstraint("session_id", "language", name=op.f("pk_session_kit")),
    )


def _reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        _moment("sent_at"),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        _leads_to("reminder", "cohort_id", "cohort"),
        _leads_to("reminder", "learner_id", "learner"),
        _leads_to("reminder", "sent_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "cohort_id", "learner_id", "occasion", name=op.f("uq_reminder_cohort_id_learner_id_occasion")
        ),
        sqlite_autoincrement=True,
    )
    for column in ("learner_id", "sent_by"):
        op.create_index(op.f(f"ix_reminder_{column}"), "reminder", [column])
    op.create_index("ix_reminder_cohort_id_sent_at", "reminder", ["cohort_id", "sent_at"])
    op.create_table(
        "mail_stop",
        sa.Column("address_key", sa.String(length=43), nullable=False),
        _moment("stopped_at"),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_mail_stop")),
    )


def downgrade() -> None:
    with op.batch_alter_table("completion") as batch:
        batch.drop_index(op.f("ix_completion_session_id"))
        batch.drop_constraint(op.f("fk_completion_session_id_training_session"), type_="foreignkey")
        batch.drop_column("session_id")
    for table in ("mail_stop", "reminder", "session_kit", "attendance", "training_session"):
        op.drop_table(table)
