"""The command that does what is in the outbox."""

from __future__ import annotations

import os
import time

import click
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, part
from course.services.retention import ask_for_today
from course.services.work import Worker


@course_commands.command("work")
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
@click.option("--every", default=5.0, show_default=True, help="Seconds between two looks into the outbox.")
@click.option(
    "--beside", type=int, metavar="PID", help="Stop when this process is gone, as the server's own worker does."
)
@with_appcontext
def work_command(once: bool, every: float, beside: int | None) -> None:
    """Do what must happen later: send mail, make files. Safe to run twice at once and to stop at any moment."""
    worker: Worker = part("worker")
    while beside is None or _is_there(beside):
        ask_for_today(worker.store, worker.now())
        done, failed = worker.run_due()
        if done or failed or once:
            console.print(f"{done} done, {failed} to be tried again or given up", highlight=False)
        if once:
            return
        time.sleep(every)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # Somebody else's process has the number, so it is there.
        return True
    return True
