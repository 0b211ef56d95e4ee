"""Uploads of somebody who has to sign in and did not: refused before a byte of them is taken."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

from prep_ui.opening.arrivals import ADDRESS, GOODBYE
from prep_ui.safety import sign_in

REFUSAL = "Sign in before you upload: nothing was taken."


class UploadsOfSignedIn:
    """Keeps strangers from uploading; everything else passes through untouched.

    Streamlit itself takes an upload for every session that has a page open, and a page to sign in is one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = ADDRESS.search(scope["path"]) if scope["type"] == "http" and scope["method"] != "OPTIONS" else None
        if place and sign_in.is_asked() and not is_signed_in(place[1]):
            await PlainTextResponse(REFUSAL, 403, GOODBYE)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def is_signed_in(session: str) -> bool:
    """Whether the session called so has a page open, and somebody who signed in.

    Streamlit tells it only to the running page, so a test keeps watch over where it stands.
    """
    found = runtime.get_instance().get_app_session(session) if runtime.exists() else None
    return found is not None and bool(found._user_info.get("is_logged_in"))
