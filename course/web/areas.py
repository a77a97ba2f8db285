"""All areas of pages, in the order of their addresses."""

from __future__ import annotations

from course.web.accounts import SignInArea
from course.web.accounts_oidc import OidcArea
from course.web.accounts_own import OwnAccountArea
from course.web.accounts_people import PeopleArea
from course.web.admin import AdminArea
from course.web.admin_audit import AuditArea
from course.web.admin_certificates import AdminCertificatesArea
from course.web.admin_platforms import PlatformsArea
from course.web.admin_register import RegisterArea
from course.web.api import ApiArea
from course.web.api_keys import ApiKeysArea
from course.web.area import Area
from course.web.attendance import AttendanceArea, AttendArea
from course.web.book_files import BookFilesArea
from course.web.cases import CasesArea
from course.web.certificate import CertificateArea
from course.web.changes import ChangesArea
from course.web.counts import CountsArea
from course.web.feedback import AdminFeedbackArea, FeedbackArea
from course.web.front import FrontArea
from course.web.health import HealthArea
from course.web.items import ItemsArea
from course.web.jobs import JobsArea
from course.web.joining import JoiningArea
from course.web.lti import LtiArea
from course.web.lti_choice import ChoiceArea
from course.web.lti_registration import LtiRegistrationArea
from course.web.my_data import MyDataArea
from course.web.notes import NotesArea
from course.web.pre_test import PreTestArea
from course.web.progress import ProgressArea
from course.web.quiz import QuizArea
from course.web.reach import PublicReachArea, TrainerReachArea
from course.web.records import RecordsArea
from course.web.reference import ReferenceArea
from course.web.refreshers import RefresherLinksArea, RefreshersArea
from course.web.reminders import RemindersArea, StopArea
from course.web.search import SearchArea
from course.web.sessions import SessionsArea
from course.web.side_by_side import SideBySideArea
from course.web.sign_in_cookie import SignInCookie
from course.web.site import Site
from course.web.study import StudyArea
from course.web.tools import ToolsArea
from course.web.trainer import TrainerArea
from course.web.trainer_codes import JoinCodeArea
from course.web.trainer_roster import RosterArea
from course.web.verify import VerifyArea
from course.web.waivers import WaiversArea

AREAS: tuple[type[Area], ...] = (
    FrontArea,
    StudyArea,
    QuizArea,
    PreTestArea,
    ProgressArea,
    ChangesArea,
    NotesArea,
    MyDataArea,
    CertificateArea,
    VerifyArea,
    AdminArea,
    AuditArea,
    RegisterArea,
    FeedbackArea,
    AdminFeedbackArea,
    AdminCertificatesArea,
    JobsArea,
    CasesArea,
    ToolsArea,
    SessionsArea,
    AttendanceArea,
    AttendArea,
    RemindersArea,
    StopArea,
    RefreshersArea,
    RefresherLinksArea,
    CountsArea,
    ItemsArea,
    SideBySideArea,
    RecordsArea,
    ApiKeysArea,
    ApiArea,
    TrainerReachArea,
    PublicReachArea,
    ReferenceArea,
    BookFilesArea,
    SearchArea,
    JoiningArea,
    TrainerArea,
    JoinCodeArea,
    RosterArea,
    WaiversArea,
    HealthArea,
)

#: Only where the sign-in is our own: a host has its users.
ACCOUNT_AREAS: tuple[type[Area], ...] = (
    SignInArea,
    OwnAccountArea,
    PeopleArea,
    LtiArea,
    ChoiceArea,
    LtiRegistrationArea,
    PlatformsArea,
)


def areas_of(site: Site) -> list[Area]:
    """The areas that are mounted, in the order of their addresses."""
    own = ACCOUNT_AREAS if isinstance(site.staff_identity, SignInCookie) else ()
    elsewhere = (OidcArea,) if site.oidc else ()
    return [kind(site) for kind in (*AREAS, *own, *elsewhere)]
