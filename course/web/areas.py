"""All areas of pages, in the order of their addresses."""

from __future__ import annotations

from course.web.area import Area
from course.web.certificate import CertificateArea
from course.web.front import FrontArea
from course.web.health import HealthArea
from course.web.progress import ProgressArea
from course.web.quiz import QuizArea
from course.web.reference import ReferenceArea
from course.web.study import StudyArea

AREAS: tuple[type[Area], ...] = (
    FrontArea,
    StudyArea,
    QuizArea,
    ProgressArea,
    CertificateArea,
    ReferenceArea,
    HealthArea,
)
