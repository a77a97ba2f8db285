"""Who may use an address, and whose records someone may see.

Every route names a permission; one without fails the build.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    #: Public: the page is the same for everybody, or empty for someone who has done nothing here.
    ANYONE = "anyone"
    #: Public to begin, and then only one's own record: what is read and written belongs to the learner of the request.
    OWN_RECORD = "own-record"
    #: Whoever holds a link that we signed: it concerns one thing and nothing else. A mail program may follow it without
    #: cookies, so its button needs no form token of a device.
    SIGNED_LINK = "signed-link"
    #: A platform's launch, which comes from another site: its signed message is the proof, and it is for one browser.
    HOST_LAUNCH = "host-launch"
    #: Another program that shows a key which an administrator made for it; no cookie, no form.
    API_KEY = "api-key"
    #: Someone signed in, for the account's own matters: its sessions, its second factor.
    ACCOUNT = "account"
    #: Groups to look at: a trainer's, and those that somebody who teaches on a platform came for by a launch.
    COHORT = "cohort"
    #: A trainer, within the trainer's own networks; an administrator, within all.
    TRAINER = "trainer"
    ADMINISTRATOR = "administrator"


#: Permissions that an address outside the learners' pages asks for: nothing is shown before somebody has signed in.
SIGNED_IN = frozenset({Permission.ACCOUNT, Permission.COHORT, Permission.TRAINER, Permission.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone signed in, as the rules see her: a trainer of some networks, an administrator, both or neither."""

    account_id: int
    name: str
    administrator: bool = False
    #: Ids of the networks that she is a trainer of.
    networks: frozenset[str] = frozenset()
    #: Ids of the groups that a launch from a platform made her a trainer of.
    cohorts: frozenset[int] = frozenset()
    #: Signed in by such a launch: the account has nothing of its own to look after.
    launched: bool = False

    @property
    def is_trainer(self) -> bool:
        return bool(self.networks) or self.administrator

    def may(self, permission: Permission) -> bool:
        """Whether the address is open to her at all; the page still asks whose records it shows."""
        if permission is Permission.ADMINISTRATOR:
            return self.administrator
        if permission is Permission.TRAINER:
            return self.is_trainer
        if permission is Permission.COHORT:
            return self.is_trainer or bool(self.cohorts)
        return not self.launched

    def may_see_network(self, network_id: str) -> bool:
        """Whether she may see people and cohorts of this network."""
        return self.administrator or network_id in self.networks

    def may_see_cohort(self, cohort_id: int, network_id: str) -> bool:
        """Whether she may see this cohort, of this network."""
        return self.may_see_network(network_id) or cohort_id in self.cohorts
