"""certificates get a journal, and jobs their files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_RIGHT = ["learner_id", "track_id", "edition"]
_ONE_A_RIGHT = "uq_certificate_learner_id_track_id_edition"
_ONE_OF_EACH = "uq_certificate_learner_id_track_id_edition_sequence"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(_new_columns(), unique=[*_RIGHT, "sequence"], taken_over="1, NULL, NULL")
    else:
        for column in _new_columns():
            op.add_column("certificate", column)
        op.alter_column("certificate", "facts", nullable=True)
        op.drop_constraint(_ONE_A_RIGHT, "certificate", type_="unique")
        op.create_unique_constraint(_ONE_OF_EACH, "certificate", [*_RIGHT, "sequence"])
    _create_journal()
    _create_jobs()


def _new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("sequence", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("holder", sa.String(length=400), nullable=True),
    ]


def _rebuild(columns: list[sa.Column[object]], *, unique: list[str], taken_over: str) -> None:
    """SQLite changes no rule of a table. Both tables are copied: to drop the one would empty the other.

    The new ones take the names of the old ones at the end, and what refers to them follows.
    """
    old = "id, learner_id, track_id, edition, code, issued_at, facts, facts_hash"
    op.create_table(
        "certificate_next",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=True),
        sa.Column("track_id", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.String(), nullable=bool(columns)),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_certificate_learner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint(*unique, name=op.f(_ONE_OF_EACH if "sequence" in unique else _ONE_A_RIGHT)),
    )
    op.create_table(
        "certificate_file_next",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate_next.id"],
            name=op.f("fk_certificate_file_certificate_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_file")),
    )
    more = "".join(f", {column.name}" for column in columns)
    values = f", {taken_over}" if taken_over else ""
    # Names of columns and constants of this file.
    op.execute(f"INSERT INTO certificate_next ({old}{more}) SELECT {old}{values} FROM certificate")  # noqa: S608
    op.execute("INSERT INTO certificate_file_next SELECT certificate_id, pdf, sha256, made_at FROM certificate_file")
    op.drop_table("certificate_file")
    op.drop_table("certificate")
    op.rename_table("certificate_next", "certificate")
    op.rename_table("certificate_file_next", "certificate_file")
    op.create_index(op.f("ix_certificate_learner_id"), "certificate", ["learner_id"])


def _create_journal() -> None:
    op.create_table(
        "certificate_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_event_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_certificate_event_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["certificate.id"], name=op.f("fk_certificate_event_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_event")),
        sa.UniqueConstraint("certificate_id", "deed", name=op.f("uq_certificate_event_certificate_id_deed")),
    )
    op.create_index(op.f("ix_certificate_event_account_id"), "certificate_event", ["account_id"])
    # What was issued before there was a journal was issued by its holder's own request.
    op.execute(
        "INSERT INTO certificate_event (certificate_id, deed, at, actor) "
        "SELECT id, 'issued', issued_at, 'holder' FROM certificate"
    )


def _create_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_job_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_job_account_id"), "job", ["account_id"])
    op.create_index(op.f("ix_job_expires_at"), "job", ["expires_at"])
    op.create_table(
        "job_certificate",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_certificate_job_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_job_certificate_certificate_id")),
        sa.PrimaryKeyConstraint("job_id", "certificate_id", name=op.f("pk_job_certificate")),
    )
    op.create_index(op.f("ix_job_certificate_certificate_id"), "job_certificate", ["certificate_id"])
    op.create_table(
        "job_part",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_part_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_part")),
    )


def downgrade() -> None:
    for table in ("job_part", "job_certificate", "job", "certificate_event"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        _rebuild([], unique=_RIGHT, taken_over="")
        return
    op.drop_constraint(_ONE_OF_EACH, "certificate", type_="unique")
    op.create_unique_constraint(_ONE_A_RIGHT, "certificate", _RIGHT)
    op.alter_column("certificate", "facts", nullable=False)
    for column in _new_columns():
        op.drop_column("certificate", str(column.name))
