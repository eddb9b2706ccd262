"""A provider of OAuth 2 that is not ours: Django OAuth Toolkit. It demands PKCE, gives another refresh token with each renewal, and
takes everything back from whoever shows an old one (RFC 9700, 4.14).

usage: oauth.py PORT FOLDER

Two clients, "molva" (tokens of an hour) and "molva-short" (of six seconds), both with the secret "molva secret", and "mail" with
"mail secret", which may ask whose a token is. Who opens the page of consent with `as=NAME` in its address is signed in as that
person and agrees at once.
"""

import hashlib
import os
import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

port, folder = int(sys.argv[1]), sys.argv[2]
# Molva's way back for a server bears its name, shortened; any port of this machine will do (RFC 8252, 7.3).
key = hashlib.sha256(f"127.0.0.1:{port}".encode()).hexdigest()[:16]
way_back = f"http://127.0.0.1/api/oauth/callback/{key}"


def life(request):
    return 6 if request.client_id == "molva-short" else 3600


class SignedIn:
    """Signs in whoever says who they are."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, request):
        name = request.GET.get("as")
        if name:
            from django.contrib.auth.models import User

            request.user, _ = User.objects.get_or_create(username=name)
        return self.answer(request)


settings.configure(
    SECRET_KEY="of a test",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder, "oauth.db"), "OPTIONS": {"timeout": 20}}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.auth", "oauth2_provider"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        f"{__name__}.SignedIn",
    ],
    LOGIN_URL="/sign-in/",
    OAUTH2_PROVIDER={
        "PKCE_REQUIRED": True,
        "ROTATE_REFRESH_TOKEN": True,
        "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "ACCESS_TOKEN_EXPIRE_SECONDS": life,
        "SCOPES": {"mail": "read and send letters", "introspection": "ask whose a token is"},
        "DEFAULT_SCOPES": ["mail"],
    },
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]


def prepare():
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for name, secret in [("molva", "molva secret"), ("molva-short", "molva secret"), ("mail", "mail secret")]:
        Application.objects.create(
            client_id=name,
            client_secret=secret,
            hash_client_secret=False,
            name=name,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            redirect_uris=way_back,
            skip_authorization=True,
        )


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *words):
        pass


prepare()
make_server("127.0.0.1", port, get_wsgi_application(), Server, Quiet).serve_forever()
