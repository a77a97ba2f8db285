"""The measure of all ratios: Flask's smallest page."""

from __future__ import annotations

from flask import Flask

application = Flask(__name__)


@application.get("/")
def hello() -> str:
    return "hello"
