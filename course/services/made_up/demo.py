"""A believable site for a demonstration: networks with trainers, groups and sessions, and people who finished a track.

Everybody knows how to sign in there, so it is made in an empty database only, and never beside real people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from course.content.library import Library
from course.domain.cohort import CohortPlan
from course.domain.home_time import at_home, day_at_home
from course.domain.permission import Staff
from course.domain.roster import Person
from course.domain.session import SessionDetails
from course.services.attendance import record_list, set_without_names
from course.services.audit import OPERATOR, What, record_audit
from course.services.certificates import VerifyUrl
from course.services.cohorts import create_cohort
from course.services.made_up.learners import Group
from course.services.made_up.people import name_of
from course.services.made_up.seeding import GROUP_SIZE, Plot, plot_of, write_learners
from course.services.passwords import hash_password
from course.services.rosters import add_person
from course.services.second_factor import SiteKeys, current_code
from course.services.sessions import create_session
from course.storage import accounts, cohorts, credentials, people, tracks
from course.storage.bulk import look_anew
from course.storage.engine import Store

DOMAIN = "demo.example"
PASSWORD = "nobody-here-is-real"
#: Twenty bytes, as an app's secret has; printed with the sign-ins, so no secret at all.
TOTP_SECRET = b"course demo, no use!"
#: So many came to the end of their track, and so many more did not.
FINISHED, UNFINISHED = 1_600, 1_900
DAYS = 300
#: The working day on which each of a network's groups began, counted from the last one back.
GROUPS_BEGAN = (150, 80, 25)
#: How many are expected in each network's newest group and have not joined.
EXPECTED = 4


class NotEmpty(Exception):
    """The database has accounts or learners, who may be real."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who can sign in. The password and the app's secret are the same for all."""

    email: str
    name: str
    #: None for an administrator.
    networks: tuple[str, ...] = ()

    @property
    def administrator(self) -> bool:
        return not self.networks


def demo_people(library: Library) -> list[DemoPerson]:
    """Two administrators, a trainer for each network, and one who works in two."""
    networks = list(library.networks)
    found = [DemoPerson(f"{local}@{DOMAIN}", "") for local in ("admin", "second-admin")]
    found += [DemoPerson(f"trainer-{network}@{DOMAIN}", "", (network,)) for network in networks]
    found += [DemoPerson(f"trainer-of-two@{DOMAIN}", "", tuple(networks[:2]))] if len(networks) > 1 else []
    return [DemoPerson(one.email, name_of(place + 1), one.networks) for place, one in enumerate(found)]


def is_demo(connection: Connection) -> bool:
    """Whether accounts of the demonstration are here: whoever reads this file can sign in."""
    return any(email.endswith(f"@{DOMAIN}") for email in accounts.addresses(connection))


def make_demo(
    store: Store, library: Library, keys: SiteKeys, *, verify_url: VerifyUrl, now: datetime, seed: int = 1
) -> bool:
    """Make the site; False when it is there already. Raises NotEmpty where anybody else is."""
    with store.reading() as connection:
        there = is_demo(connection)
        others = len(accounts.addresses(connection)) + people.count_learners(connection)
    if there:
        return False
    if others:
        raise NotEmpty(str(others))
    many = FINISHED + UNFINISHED
    plot = plot_of(store, library, many, seed=seed, days=DAYS, verify_url=verify_url, now=now)
    _Demo(store, library, keys, plot, now).make()
    return True


def half_way(store: Store) -> int | None:
    """A learner who has passed modules and is not at the end of her track."""
    with store.reading() as connection:
        return tracks.learner_half_way(connection)


def code_now(now: datetime) -> str:
    """What the app of everybody in the demonstration shows now."""
    return current_code(TOTP_SECRET, now=now)


@dataclass(frozen=True, slots=True)
class _Demo:
    store: Store
    library: Library
    keys: SiteKeys
    plot: Plot
    now: datetime

    def make(self) -> None:
        staff = self._accounts()
        trainers = {next(iter(one.networks)): one for one in staff if len(one.networks) == 1}
        groups = [group for network, trainer in trainers.items() for group in self._groups(network, trainer)]
        with self.store.writing() as session:
            write_learners(session.connection(), self.plot, finished=FINISHED, unfinished=UNFINISHED, groups=groups)
        for place, group in enumerate(groups):
            self._session(trainers[group.network], group, place)
        for trainer in trainers.values():
            self._coming_session(trainer)
        with self.store.writing() as session:
            look_anew(session.connection())

    def _accounts(self) -> list[Staff]:
        """All with the same password and the same app."""
        made = self.plot.calendar.moment(0, 6 * 3600)
        hash_, found = hash_password(PASSWORD), []
        with self.store.writing() as session:
            for one in demo_people(self.library):
                account_id = accounts.add_account(
                    session, email=one.email, language=self.library.source_language, now=made, name=one.name,
                    administrator=one.administrator,
                )  # fmt: skip
                accounts.set_networks(session, account_id, one.networks)
                credentials.set_password(session, account_id, hash_, now=made)
                sealed = self.keys.seal(TOTP_SECRET)
                credentials.set_totp(session, account_id, sealed, last_step=0, now=made)
                roles = {"administrator": one.administrator, "networks": sorted(one.networks)}
                record_audit(session, OPERATOR, What.ROLES, f"account:{account_id}", roles, now=made)
                found.append(Staff(account_id, one.name, one.administrator, frozenset(one.networks)))
        return found

    def _groups(self, network: str, trainer: Staff) -> Iterable[Group]:
        days = self.plot.calendar
        for number, ago in enumerate(GROUPS_BEGAN, 1):
            day = max(0, len(days) - ago)
            [language] = self.plot.people.languages(1)
            track = self.library.tracks[(number - 1) % len(self.library.tracks)]
            name = f"{self.library.networks[network].name[language]} {number}"
            plan = CohortPlan(
                network, name, track.id, language, starts_on=days.days[day], due_on=self._due(days.days[day])
            )
            cohort_id = create_cohort(
                self.store, self.library, trainer, plan, trainers=[trainer.account_id], now=days.moment(day, 6 * 3600)
            )
            yield Group(cohort_id, network, language, day)
        for place in range(EXPECTED):
            number = FINISHED + UNFINISHED + 100 * trainer.account_id + place
            add_person(self.store, cohort_id, Person(name_of(number), f"expected-{number}@{DOMAIN}"), now=self.now)

    @staticmethod
    def _due(starts_on: date) -> date:
        return starts_on + timedelta(days=90)

    def _details(self, group: Group | None, network: str, day: date) -> SessionDetails:
        """A half day about the first modules of the course."""
        modules = tuple(module.id for module in self.library.modules[:3])
        language = group.language if group else self.library.source_language
        return SessionDetails(
            title=self.library.title[language],
            network_id=network,
            track_id=self.library.tracks[0].id,
            module_ids=modules,
            language=language,
            starts_at=at_home(day, time(9)),
            ends_at=at_home(day, time(12)),
            link=f"https://meeting.{DOMAIN}/{network}",
            cohort_id=group.cohort_id if group else None,
        )

    def _session(self, trainer: Staff, group: Group, place: int) -> None:
        """The group met two weeks after it began: most came, and some of whom nothing is known."""
        days = self.plot.calendar.days
        held = days[min(group.day + 10, len(days) - 1)]
        details = self._details(group, group.network, held)
        made = at_home(days[group.day], time(10))
        session_id = create_session(self.store, self.library, trainer, details, now=made)
        with self.store.reading() as connection:
            members = [one[0] for one in cohorts.members_of(connection, group.cohort_id)]
        there = self.plot.chance.sample(members, k=min(len(members), GROUP_SIZE - 3 - place % 6))
        after = details.ends_at
        record_list(
            self.store, self.library, trainer, session_id, members=there, roster_rows=(), names=self._guests(place),
            now=after,
        )  # fmt: skip
        set_without_names(self.store, trainer, session_id, place % 5, now=after)

    @staticmethod
    def _guests(place: int) -> str:
        """Two who came without a record of the course."""
        numbers: Sequence[int] = (10_000 + 2 * place, 10_001 + 2 * place)
        return "\n".join(map(name_of, numbers))

    def _coming_session(self, trainer: Staff) -> None:
        [network] = trainer.networks
        day = day_at_home(self.now) + timedelta(days=14)
        create_session(self.store, self.library, trainer, self._details(None, network, day), now=self.now)
