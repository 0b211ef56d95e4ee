"""What was loosened is said, and nothing else: over the options that Streamlit really has here."""

from collections.abc import Mapping
from typing import Any

import pytest
import streamlit as st
from streamlit import config

from prep_ui.safety.loosened import RULES, is_this_computer, loosened, opened_folders, opened_to_all, shipped


def said(**changed: Any) -> list[str]:
    """What is said where the options in `changed` (a double underscore for the dot) have these values."""
    values: Mapping[str, Any] = {name.replace("__", "."): value for name, value in changed.items()}

    def option(name: str) -> Any:
        return values[name] if name in values else st.get_option(name)

    return list(loosened(option, config.get_where_defined))


def test_the_settings_that_are_shipped_are_not_complained_about() -> None:
    assert said() == []
    assert list(opened_folders("")) == []


def test_the_settings_that_are_shipped_say_what_a_hospital_asks_for() -> None:
    assert {
        "server.address": "127.0.0.1",
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.maxUploadSize": 1024,
        "server.maxMessageSize": 64,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "browser.gatherUsageStats": False,
    }.items() <= shipped().items()
    assert {
        name: st.get_option(name) for name in shipped() if not name.startswith("theme")
    }.items() <= shipped().items()


LOOSER = {
    "server__address": (None, "", "0.0.0.0", "::", "192.0.2.7", "prep.example"),
    "server__allowedHosts": ([], ["*"], ["localhost", "*"]),
    "server__enableXsrfProtection": (False,),
    "server__enableCORS": (False,),
    "server__corsAllowedOrigins": (["http://other.example"],),
    "server__maxUploadSize": (1025, 10**6),
    "server__maxMessageSize": (200,),
    "server__maxWidgetStateSize": (25,),
    "server__maxCacheDataSize": (None, "0"),
    "server__disconnectedSessionTTL": (120,),
    "server__enableStaticServing": (True,),
    "server__enableAgentApi": (True,),
    "server__trustedUserHeaders": ({"X-User": "name"},),
    "server__unsafeMetricsUserAttributes": (["email"],),
    "client__showErrorDetails": ("full", "stacktrace", "type"),
    "client__showErrorLinks": (True, "auto"),
    "client__toolbarMode": ("auto", "developer"),
    "browser__gatherUsageStats": (True,),
    "logger__enableRich": (True,),
    "logger__level": ("debug",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in LOOSER.items() for value in values])
def test_what_is_loosened_is_said_in_a_sentence(name: str, value: Any) -> None:
    (sentence,) = said(**{name: value})
    assert sentence.startswith(f"{name.replace('__', '.')} is ")
    assert sentence.endswith(".")
    assert "not set" in sentence if value in (None, "") else str(value).lower() in sentence.lower()


def test_every_rule_was_seen_to_speak() -> None:
    assert {rule.option for rule in RULES} == {name.replace("__", ".") for name in LOOSER}


@pytest.mark.parametrize(
    "tighter",
    [
        {"server__address": "::1"},
        {"server__address": "unix:///run/prep.sock"},
        {"server__maxUploadSize": 10, "server__maxMessageSize": 32, "server__disconnectedSessionTTL": 5},
        {"server__allowedHosts": ["prep.example"], "server__maxCacheDataSize": "200mb"},
        {"client__toolbarMode": "viewer", "logger__level": "error"},
    ],
)
def test_what_is_as_safe_or_safer_is_not_complained_about(tighter: Mapping[str, Any]) -> None:
    assert said(**tighter) == []


@pytest.mark.parametrize(
    ("address", "only_here"), [("127.0.0.1", True), ("127.9.9.9", True), ("localhost", True), ("10.0.0.1", False)]
)
def test_addresses_of_this_computer(address: str, only_here: bool) -> None:
    assert is_this_computer(address) == only_here


@pytest.mark.parametrize(
    ("address", "signed_in", "said"), [("0.0.0.0", False, 1), ("0.0.0.0", True, 0), ("::1", False, 0)]
)
def test_a_server_for_others_without_a_sign_in_is_told(address: str, signed_in: bool, said: int) -> None:
    assert len(list(opened_to_all(address, signed_in))) == said


def test_folders_that_were_opened_are_told_without_their_names() -> None:
    (sentence,) = opened_folders("/data/of/jane")
    assert "PREP_FOLDERS" in sentence
    assert "jane" not in sentence
