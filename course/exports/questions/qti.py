"""Questions as a QTI 3.0 package: an item a question, a test a module, a manifest.

| here | in QTI 3.0 | said of it |
|---|---|---|
| one, true-false, decision | choice interaction, one choice | the same |
| several | choice interaction, several choices | the same points, by a mapping that never goes below 0 |
| order | order interaction | the same points: a share for each place that is right |
| match | match interaction | the same points, by a mapping of pairs |

Each option's reason is a modal feedback shown for that option; those of order and match stand together in one.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from fractions import Fraction
from html.parser import HTMLParser

from course.domain.quiz import Kind
from course.exports.packages.archive import packed
from course.exports.questions import feedback
from course.exports.questions.items import Bank, Item, Say

ASI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_ASI_PLACE = f"{ASI} https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
CP = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_CP_PLACE = f"{CP} https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
MANIFEST = "imsmanifest.xml"
#: The feedback of questions whose reasons stand together.
_ALL = "reasons"
_EMPTY = {"br", "img", "hr"}


def qti_package(banks: Sequence[Bank], say: Say, *, course_id: str, language: str, edition: str) -> bytes:
    """The zip file. The same questions always give the same bytes."""
    files: dict[str, bytes] = {}
    tests: dict[str, list[str]] = {}
    for bank in banks:
        if not bank.items:
            continue
        names = []
        for item in bank.items:
            name = f"items/{item.id}.xml"
            files[name] = _written(_item(item, say, language))
            names.append(name)
        test = f"tests/{bank.id}.xml"
        files[test] = _written(_test(bank))
        tests[test] = names
    files[MANIFEST] = _written(_manifest(tests, f"{course_id}-{language}-{edition}"))
    return packed(files, MANIFEST)


def identifier(name: str) -> str:
    """An id of ours as an identifier, which may not begin with a digit."""
    return f"_{name}" if name[0].isdigit() else name


def _written(root: ET.Element) -> bytes:
    # Not indented: white space inside a text would be part of it.
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _root(name: str, namespace: str, place: str, **attributes: str) -> ET.Element:
    # Without prefixes: strict readers look for the plain names.
    return ET.Element(name, {"xmlns": namespace, "xmlns:xsi": _XSI, "xsi:schemaLocation": place, **attributes})


def _item(item: Item, say: Say, language: str) -> ET.Element:
    root = _root("qti-assessment-item", ASI, _ASI_PLACE)
    root.attrib |= {"identifier": identifier(item.id), "title": item.name, "adaptive": "false"}
    root.attrib |= {"time-dependent": "false", "xml:lang": language, "tool-name": "recognise-and-refer"}
    _response(root, item)
    score = _declared(root, "SCORE", "float", "single", {"normal-maximum": "1", "normal-minimum": "0"})
    _value(ET.SubElement(score, "qti-default-value"), "0")
    together = item.kind in (Kind.ORDER, Kind.MATCH)
    _declared(root, "FEEDBACK", "identifier", "multiple" if item.kind is Kind.SEVERAL else "single", {})
    _body(root, item)
    _processing(root, item, together=together)
    said = feedback.sources(item, say)
    if together:
        _modal(root, _ALL, feedback.of_all(item, say) + said)
    else:
        for option in item.options:
            _modal(root, identifier(option.id), feedback.of_option(option, say) + said)
    return root


def _declared(root: ET.Element, name: str, base: str, cardinality: str, more: dict[str, str]) -> ET.Element:
    return ET.SubElement(
        root,
        "qti-outcome-declaration",
        {"identifier": name, "cardinality": cardinality, "base-type": base, **more},
    )


def _value(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "qti-value").text = text


def _response(root: ET.Element, item: Item) -> None:
    cardinality = {Kind.SEVERAL: "multiple", Kind.MATCH: "multiple", Kind.ORDER: "ordered"}.get(item.kind, "single")
    base = "directedPair" if item.kind is Kind.MATCH else "identifier"
    declared = ET.SubElement(
        root,
        "qti-response-declaration",
        {"identifier": "RESPONSE", "cardinality": cardinality, "base-type": base},
    )
    right = ET.SubElement(declared, "qti-correct-response")
    keys = [key.replace("=", " ") for key in item.question.correct]
    for key in keys:
        _value(right, " ".join(map(identifier, key.split())))
    if item.kind in (Kind.SEVERAL, Kind.MATCH):
        mapping = ET.SubElement(declared, "qti-mapping", {"lower-bound": "0", "upper-bound": "1", "default-value": "0"})
        shares = (
            {key: Fraction(1, len(keys)) for key in keys}
            if item.kind is Kind.MATCH
            else {option.id: item.share(option) for option in item.options}
        )
        for key, share in shares.items():
            mapped = " ".join(map(identifier, key.split()))
            ET.SubElement(mapping, "qti-map-entry", {"map-key": mapped, "mapped-value": number(share)})


def number(share: Fraction) -> str:
    """A share in digits that add up to 1 as closely as a reader's numbers can."""
    return f"{float(share):.12f}".rstrip("0").rstrip(".")


def _body(root: ET.Element, item: Item) -> None:
    body = ET.SubElement(root, "qti-item-body")
    if item.kind is Kind.MATCH:
        interaction = ET.SubElement(
            body,
            "qti-match-interaction",
            {"response-identifier": "RESPONSE", "shuffle": "true", "max-associations": str(len(item.options))},
        )
        _prompt(interaction, item)
        _associable(interaction, [(one.id, one.text) for one in item.options], 1)
        _associable(interaction, item.targets, len(item.options))
        return
    name = "qti-order-interaction" if item.kind is Kind.ORDER else "qti-choice-interaction"
    attributes = {"response-identifier": "RESPONSE", "shuffle": str(item.kind is not Kind.TRUE_FALSE).lower()}
    if item.kind is not Kind.ORDER:
        attributes["max-choices"] = "0" if item.kind is Kind.SEVERAL else "1"
    interaction = ET.SubElement(body, name, attributes)
    _prompt(interaction, item)
    # The right order would be the first that a careless program shows.
    shown = sorted(item.options, key=lambda one: one.id) if item.kind is Kind.ORDER else item.options
    for option in shown:
        _filled(ET.SubElement(interaction, "qti-simple-choice", {"identifier": identifier(option.id)}), option.text)


def _prompt(interaction: ET.Element, item: Item) -> None:
    _filled(ET.SubElement(interaction, "qti-prompt"), item.ask)


def _associable(interaction: ET.Element, choices: Iterable[tuple[str, str]], most: int) -> None:
    group = ET.SubElement(interaction, "qti-simple-match-set")
    for name, text in choices:
        attributes = {"identifier": identifier(name), "match-max": str(most)}
        _filled(ET.SubElement(group, "qti-simple-associable-choice", attributes), text)


def _processing(root: ET.Element, item: Item, *, together: bool) -> None:
    processing = ET.SubElement(root, "qti-response-processing")
    if item.kind is Kind.ORDER:
        _places(processing, len(item.options))
    elif item.kind in (Kind.SEVERAL, Kind.MATCH):
        score = ET.SubElement(processing, "qti-set-outcome-value", {"identifier": "SCORE"})
        ET.SubElement(score, "qti-map-response", {"identifier": "RESPONSE"})
    else:
        met = _condition(processing)
        match = ET.SubElement(met, "qti-match")
        ET.SubElement(match, "qti-variable", {"identifier": "RESPONSE"})
        ET.SubElement(match, "qti-correct", {"identifier": "RESPONSE"})
        score = ET.SubElement(met, "qti-set-outcome-value", {"identifier": "SCORE"})
        _number(score, "1")
    said = ET.SubElement(processing, "qti-set-outcome-value", {"identifier": "FEEDBACK"})
    if together:
        ET.SubElement(said, "qti-base-value", {"base-type": "identifier"}).text = _ALL
    else:
        ET.SubElement(said, "qti-variable", {"identifier": "RESPONSE"})


def _condition(parent: ET.Element) -> ET.Element:
    return ET.SubElement(ET.SubElement(parent, "qti-response-condition"), "qti-response-if")


def _number(parent: ET.Element, value: str) -> None:
    ET.SubElement(parent, "qti-base-value", {"base-type": "float"}).text = value


def _places(processing: ET.Element, count: int) -> None:
    """A share for each place that is right."""
    for place in range(1, count + 1):
        met = _condition(processing)
        match = ET.SubElement(met, "qti-match")
        for name in ("qti-variable", "qti-correct"):
            index = ET.SubElement(match, "qti-index", {"n": str(place)})
            ET.SubElement(index, name, {"identifier": "RESPONSE"})
        total = ET.SubElement(ET.SubElement(met, "qti-set-outcome-value", {"identifier": "SCORE"}), "qti-sum")
        ET.SubElement(total, "qti-variable", {"identifier": "SCORE"})
        _number(total, number(Fraction(1, count)))


def _modal(root: ET.Element, name: str, text: str) -> None:
    modal = ET.SubElement(
        root, "qti-modal-feedback", {"outcome-identifier": "FEEDBACK", "identifier": name, "show-hide": "show"}
    )
    _filled(ET.SubElement(modal, "qti-content-body"), text)


def _test(bank: Bank) -> ET.Element:
    """A module's questions, of which an attempt draws as many as on the site."""
    root = _root("qti-assessment-test", ASI, _ASI_PLACE)
    root.attrib |= {"identifier": identifier(bank.id), "title": bank.title}
    modes = {"identifier": "part", "navigation-mode": "nonlinear", "submission-mode": "individual"}
    part = ET.SubElement(root, "qti-test-part", modes)
    section = ET.SubElement(
        part, "qti-assessment-section", {"identifier": "questions", "title": bank.title, "visible": "true"}
    )
    if bank.draw < len(bank.items):
        ET.SubElement(section, "qti-selection", {"select": str(bank.draw)})
        ET.SubElement(section, "qti-ordering", {"shuffle": "true"})
    for item in bank.items:
        reference = {"identifier": identifier(item.id), "href": f"../items/{item.id}.xml"}
        ET.SubElement(section, "qti-assessment-item-ref", reference)
    return root


def _manifest(tests: dict[str, list[str]], name: str) -> ET.Element:
    root = _root("manifest", CP, _CP_PLACE, identifier=identifier(name))
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "QTI Package"
    ET.SubElement(metadata, "schemaversion").text = "3.0.0"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    for test, items in tests.items():
        resource = _resource(resources, test, "imsqti_test_xmlv3p0")
        for item in items:
            ET.SubElement(resource, "dependency", identifierref=_name_of(item))
    for item in (item for items in tests.values() for item in items):
        _resource(resources, item, "imsqti_item_xmlv3p0")
    return root


def _resource(resources: ET.Element, path: str, kind: str) -> ET.Element:
    resource = ET.SubElement(resources, "resource", {"identifier": _name_of(path), "type": kind, "href": path})
    ET.SubElement(resource, "file", href=path)
    return resource


def _name_of(path: str) -> str:
    return path.removesuffix(".xml").replace("/", "-")


def _filled(parent: ET.Element, text: str) -> ET.Element:
    """Put HTML into an element: what stands in a page stands in XML, with its elements closed."""
    reader = _Reader(parent)
    reader.feed(text)
    reader.close()
    return parent


class _Reader(HTMLParser):
    """Our own HTML, which is well formed but for elements that have no end."""

    def __init__(self, parent: ET.Element) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [parent]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {("xml:lang" if name == "lang" else name): value or "" for name, value in attrs}
        element = ET.SubElement(self._open[-1], tag, attributes)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ET.SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            closed = self._open.pop()
            assert closed.tag == tag, f"<{closed.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data
