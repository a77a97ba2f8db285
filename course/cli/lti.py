"""The command for the key that speaks to learning platforms."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from course.cli.certificates import site_here
from course.cli.group import console, course_commands
from course.exports.launch_keys import rotate_launch_key
from course.exports.signing_keys import KeyFault


@course_commands.command("lti-key")
@with_appcontext
def lti_key() -> None:
    """Speak to learning platforms with a new key from now on. The one before it stays published beside it."""
    try:
        made = rotate_launch_key(site_here().signing.folder)
    except KeyFault as fault:
        raise click.ClickException(str(fault)) from fault
    console.print(f"{made} is the key in use. Platforms find it at /lti/jwks.json by themselves.", highlight=False)
