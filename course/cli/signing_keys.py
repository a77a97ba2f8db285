"""The command for the keys that certificates are signed with."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from course.cli.certificates import certificate_commands, site_here
from course.cli.group import console
from course.exports.signing_keys import KeyFault, published_keys, rotate_keys


@certificate_commands.command("rotate-keys")
@with_appcontext
def rotate_keys_command() -> None:
    """Sign with new keys from now on. Certificates signed with the old ones stay valid: their keys stay published."""
    signing = site_here().signing
    try:
        made = rotate_keys(signing)
        known = published_keys(signing)
    except KeyFault as fault:
        raise click.ClickException(str(fault)) from fault
    for key in known:
        state = "new" if key.id in made else "in use" if key.current else "former"
        what_for = "badges and statements" if key.for_badges else "PDF files"
        console.print(f"{key.id}  {what_for}, {state}", highlight=False)
    if signing.key_file is not None:
        console.print(f"PDF files are signed with {signing.key_file}; to change that key, change the file.")
