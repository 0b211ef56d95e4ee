"""What of the settings that the project is shipped with was loosened, and what that means."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

FOLDERS = "PREP_FOLDERS"
"""Names folders of the server that every page may read; see `prep_ui.dataset.folders`."""

SHIPPED_IN = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"

Check = Callable[[Any, Any], bool]
"""Whether a value is as safe as the one that is shipped."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An option of Streamlit, when it is safe, and what follows where it is not."""

    option: str
    is_safe: Check
    means: str


def _same(value: Any, shipped: Any) -> bool:
    return bool(value == shipped)


def _no_more(value: Any, shipped: Any) -> bool:
    return value is not None and float(value) <= float(shipped)


def _empty(value: Any, shipped: Any) -> bool:
    return not value


def is_this_computer(address: Any, shipped: Any = None) -> bool:
    """Whether only this computer reaches a server at `address`; None is every network."""
    if address == "localhost" or str(address).startswith("unix://"):
        return True
    try:
        return ip_address(str(address)).is_loopback
    except ValueError:
        return False


RULES = (
    Rule("server.address", is_this_computer, "other computers reach the dashboard; put a proxy with TLS before it"),
    Rule(
        "server.allowedHosts",
        lambda value, _: bool(value) and "*" not in value,
        "it answers under any host name, and a foreign page can reach it by DNS rebinding",
    ),
    Rule("server.enableXsrfProtection", _same, "a foreign page can upload files in the name of a visitor"),
    Rule("server.enableCORS", _same, "a foreign page can open a session in the browser of a visitor"),
    Rule("server.corsAllowedOrigins", _empty, "the pages it names can open a session in the browser of a visitor"),
    Rule("server.maxUploadSize", _no_more, "uploads of that many MB can fill the memory"),
    Rule("server.maxMessageSize", _no_more, "one answer of that many MB can fill the memory"),
    Rule("server.maxWidgetStateSize", _no_more, "a browser can send that many MB in one message"),
    Rule("server.maxCacheDataSize", lambda value, _: value not in (None, "", "0"), "kept answers have no bound"),
    Rule("server.disconnectedSessionTTL", _no_more, "scans of a closed page stay in memory for that many seconds"),
    Rule("server.enableStaticServing", _same, "files in a folder called static are served to everybody"),
    Rule("server.enableAgentApi", _empty, "programs can drive the pages without a browser"),
    Rule("server.trustedUserHeaders", _empty, "whoever reaches the server past the proxy can claim to be anybody"),
    Rule("server.unsafeMetricsUserAttributes", _empty, "everybody who asks for metrics is told who uses the dashboard"),
    Rule("client.showErrorDetails", _same, "pages and the log show messages of faults, which may hold parts of a scan"),
    Rule("client.showErrorLinks", _same, "pages offer to send messages of faults to other sites"),
    Rule("client.toolbarMode", lambda value, _: value in ("viewer", "minimal"), "pages show the menu for developers"),
    Rule("browser.gatherUsageStats", _same, "browsers report each visit to the makers of Streamlit"),
    Rule("logger.enableRich", _empty, "the log has messages of faults, which may hold parts of a scan"),
    Rule("logger.level", lambda value, _: value not in ("debug", "all"), "the log holds what browsers send"),
)


def loosened(option: Callable[[str], Any], defined_in: Callable[[str], str]) -> Iterator[str]:
    """One sentence for each option that is less safe than shipped; none where nothing was loosened.

    Parameters
    ----------
    option, defined_in : callable
        The value of an option of Streamlit, and where it was set.
    """
    for rule in RULES:
        value, ours = option(rule.option), shipped().get(rule.option)
        if not rule.is_safe(value, ours):
            instead = "" if ours is None else f", shipped is {_shown(ours)}"
            yield f"{rule.option} is {_shown(value)} ({defined_in(rule.option)}{instead}): {rule.means}."


def opened_to_all(address: Any, signed_in: bool) -> Iterator[str]:
    """One sentence where other computers reach the server and nobody has to sign in."""
    if not is_this_computer(address) and not signed_in:
        yield "No sign-in is configured: everybody who reaches the dashboard can use it (see docs/deploy.md)."


def opened_folders(folders: str) -> Iterator[str]:
    """One sentence where PREP_FOLDERS opens folders of the server, given its value; their names are not logged."""
    if folders:
        yield "PREP_FOLDERS is set: everybody who opens the dashboard can read the scans in the folders it names."


@cache
def shipped() -> Mapping[str, Any]:
    """What `.streamlit/config.toml` says, as {"section.option": value}."""
    sections = tomllib.loads(SHIPPED_IN.read_text("utf-8"))
    return {f"{section}.{name}": value for section, options in sections.items() for name, value in options.items()}


def _shown(value: Any) -> str:
    return "not set" if value in (None, "") else str(value).lower() if isinstance(value, bool) else str(value)
