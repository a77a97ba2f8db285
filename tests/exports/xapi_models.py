"""Statements of xAPI, looked at by somebody else's models: those of ralph-malph, by OpenFun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement


def xapi_faults(statement: Mapping[str, Any]) -> list[str]:
    """What the models refuse of a statement: the place and the reason; nothing for a good one."""
    try:
        BaseXapiStatement.model_validate(statement)
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    return []
