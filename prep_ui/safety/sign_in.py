"""Who may use the dashboard: everybody who reaches it, or only who signed in, where [auth] of the secrets says how."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import streamlit as st
from streamlit.runtime.secrets import secrets_singleton

from prep_ui.text import plain


class SecretsError(RuntimeError):
    """A file of secrets that is damaged: the server does not start with its door open."""


def is_asked() -> bool:
    """Whether an operator configured a sign-in.

    Raises
    ------
    SecretsError
        Where a file of secrets is there and cannot be read.
    """
    return bool(_auth())


def gate() -> None:
    """Show nothing but the way to sign in to somebody who has to and did not; else say who is signed in."""
    if not is_asked():
        return
    if st.user.is_logged_in:
        _signed_in()
        return
    st.title("Sign in")
    st.markdown("This dashboard is open to people whom its operator lets in. Nothing is shown or taken before.")
    for provider in providers(_auth()):
        st.button(
            plain(f"Sign in with {provider}") if provider else "Sign in",
            key=f"sign-in.{provider}",
            type="primary",
            on_click=st.login,
            args=(provider,) if provider else (),
        )
    st.stop()


def providers(auth: Mapping[str, Any]) -> tuple[str, ...]:
    """The names under which `st.login` knows the providers in `auth`; "" for the one without a name."""
    named = tuple(name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value)
    return named or ("",)


def _signed_in() -> None:
    who = st.user.get("email") or st.user.get("name") or st.user.get("sub")
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="signed-in"):
        st.caption(plain(f"Signed in as {who}"))
        st.button("Sign out", key="sign-out", type="tertiary", on_click=st.logout)


@cache
def _auth() -> Mapping[str, Any]:
    """[auth] of the secrets as it was when the server began: a file that breaks later opens no door."""
    if secrets_singleton.load_if_toml_exists():
        return MappingProxyType(dict(secrets_singleton.get("auth", {})))
    if any(Path(file).exists() for file in st.get_option("secrets.files")):
        raise SecretsError(
            "the file of secrets cannot be read, so that nobody knows who may sign in; mend or remove it"
        )
    return MappingProxyType({})
