"""The names that LTI gives to what is said in a message."""

from __future__ import annotations

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE = f"{_LTI}message_type"
VERSION = f"{_LTI}version"
DEPLOYMENT_ID = f"{_LTI}deployment_id"
TARGET_LINK_URI = f"{_LTI}target_link_uri"
RESOURCE_LINK = f"{_LTI}resource_link"
ROLES = f"{_LTI}roles"
CONTEXT = f"{_LTI}context"
PRESENTATION = f"{_LTI}launch_presentation"

DEEP_LINKING_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
CONTENT_ITEMS = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"
DEEP_LINKING_DATA = "https://purl.imsglobal.org/spec/lti-dl/claim/data"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NAMES = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE = "LtiDeepLinkingResponse"

SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
LINE_ITEM_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
MEMBERS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
