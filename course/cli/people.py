"""Commands for people who sign in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, database, settings_here
from course.domain.account import ONE_TIME_PASSWORD_LASTS, normal_email
from course.services.invitations import make_administrator
from course.storage.engine import Store


@course_commands.command("create-admin")
@click.argument("email")
@click.option("--language", default="fi", show_default=True, help="The language of mails to the administrator.")
@with_appcontext
def create_admin_command(email: str, language: str) -> None:
    """Make an administrator and print a one-time password. It is also the way back in for one who is locked out."""
    address = normal_email(email)
    if not address:
        console.print("This is no mail address. Write it like name@example.fi.")
        sys.exit(2)
    password = make_administrator(Store(database()), email=address, language=language, now=datetime.now(UTC))
    sign_in = f"{settings_here()['COURSE_BASE_URL'].rstrip('/')}/{language}/account/sign-in/"
    console.print(f"{address} is an administrator. One-time password, for {ONE_TIME_PASSWORD_LASTS.days} days:")
    console.print(f"    {password}", style="bold", highlight=False, markup=False)
    console.print(f"Sign in at {sign_in}", highlight=False)
    console.print("The first sign-in asks for a password of your own and for a second factor.")
