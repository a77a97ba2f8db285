"""lti"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TABLES = (
    "lti_platform",
    "lti_deployment",
    "lti_invitation",
    "lti_login",
    "lti_user",
    "lti_context",
    "lti_member",
    "lti_link",
    "lti_result",
)


def upgrade() -> None:
    _platforms()
    _people()
    _links()


def _platforms() -> None:
    op.create_table(
        "lti_platform",
        _id(),
        *(_text(name, length) for name, length in (("name", 120), ("issuer", 255), ("client_id", 255))),
        *(_text(name, 1000) for name in ("auth_url", "token_url", "jwks_url", "audience", "frames")),
        sa.Column("network_id", sa.String(length=80), nullable=True),
        _moment("created_at"),
        sa.Column("created_by", sa.Integer(), nullable=True),
        _moment("disabled_at", nullable=True),
        _leads_to("lti_platform", "created_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_platform")),
        sa.UniqueConstraint("issuer", "client_id", name=op.f("uq_lti_platform_issuer_client_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_deployment",
        _number("platform_id"),
        _text("deployment_id", 255),
        _moment("asked_at"),
        _moment("allowed_at", nullable=True),
        _leads_to("lti_deployment", "platform_id", "lti_platform"),
        sa.PrimaryKeyConstraint("platform_id", "deployment_id", name=op.f("pk_lti_deployment")),
    )
    op.create_table(
        "lti_invitation",
        _id(),
        _text("secret_hash", 43),
        _text("name", 120),
        sa.Column("network_id", sa.String(length=80), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        _leads_to("lti_invitation", "created_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_lti_invitation_secret_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_login",
        _text("state_hash", 43),
        _number("platform_id"),
        _text("browser_hash", 43),
        _text("nonce", 43),
        _text("target", 1000),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        _leads_to("lti_login", "platform_id", "lti_platform"),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_lti_login")),
        sa.UniqueConstraint("nonce", name=op.f("uq_lti_login_nonce")),
    )
    _index("lti_platform", "created_by")
    _index("lti_invitation", "created_by")
    _index("lti_login", "platform_id")
    _index("lti_login", "expires_at")


def _people() -> None:
    op.create_table(
        "lti_user",
        _id(),
        _number("platform_id"),
        _text("subject", 255),
        _number("learner_id"),
        sa.Column("account_id", sa.Integer(), nullable=True),
        _moment("created_at"),
        _leads_to("lti_user", "platform_id", "lti_platform"),
        _leads_to("lti_user", "learner_id", "learner"),
        _leads_to("lti_user", "account_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_user")),
        sa.UniqueConstraint("platform_id", "subject", name=op.f("uq_lti_user_platform_id_subject")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_context",
        _id(),
        _number("platform_id"),
        _text("deployment_id", 255),
        _text("context_id", 255),
        _text("members_url", 1000),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        _moment("created_at"),
        _leads_to("lti_context", "platform_id", "lti_platform"),
        _leads_to("lti_context", "cohort_id", "cohort", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_context")),
        sa.UniqueConstraint(
            "platform_id",
            "deployment_id",
            "context_id",
            name=op.f("uq_lti_context_platform_id_deployment_id_context_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_member",
        _number("context_id"),
        _number("user_id"),
        _moment("joined_at"),
        _leads_to("lti_member", "context_id", "lti_context"),
        _leads_to("lti_member", "user_id", "lti_user"),
        sa.PrimaryKeyConstraint("context_id", "user_id", name=op.f("pk_lti_member")),
    )
    _index("lti_user", "learner_id")
    _index("lti_user", "account_id")
    _index("lti_context", "cohort_id")
    _index("lti_member", "user_id")


def _links() -> None:
    op.create_table(
        "lti_link",
        _id(),
        _number("platform_id"),
        *(_text(name, 255) for name in ("deployment_id", "link_id", "title")),
        _text("part", 10),
        _text("module_id", 80),
        _text("line_item", 1000),
        _text("line_items", 1000),
        _moment("created_at"),
        _leads_to("lti_link", "platform_id", "lti_platform"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_link")),
        sa.UniqueConstraint(
            "platform_id", "deployment_id", "link_id", name=op.f("uq_lti_link_platform_id_deployment_id_link_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lti_result",
        _number("link_id"),
        _number("user_id"),
        sa.Column("given", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        _moment("sent_at", nullable=True),
        _leads_to("lti_result", "link_id", "lti_link"),
        _leads_to("lti_result", "user_id", "lti_user"),
        sa.PrimaryKeyConstraint("link_id", "user_id", name=op.f("pk_lti_result")),
    )
    _index("lti_result", "user_id")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _leads_to(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
