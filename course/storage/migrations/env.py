"""Run by Alembic inside `upgrade` and `downgrade`, which hand it their connection."""

from __future__ import annotations

from alembic import context

from course.storage.migrations import VERSION_TABLE
from course.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
