"""The SCIM server and the identity provider of canaille. Its people are in memory. It listens on PORT
and wants TOKEN."""

import datetime
import os
from wsgiref.simple_server import make_server

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend

PORT = int(os.environ["PORT"])
TOKEN = os.environ["TOKEN"]

SETTINGS = {
    "SECRET_KEY": "it signs nothing that anybody sees",
    "SERVER_NAME": f"127.0.0.1:{PORT}",
    "PREFERRED_URL_SCHEME": "http",
    "CANAILLE": {"DATABASE": "memory"},
    # Whoever wants people to log in here says so.
    "CANAILLE_OIDC": {"DYNAMIC_CLIENT_REGISTRATION_OPEN": True},
    "CANAILLE_SCIM": {"ENABLE_SERVER": True},
}


def admit(app):
    """Gives TOKEN to a client of its own, which may do all."""
    with app.app_context(), Backend.instance.session():
        client = models.Client(client_id="tests", client_name="tests")
        Backend.instance.save(client)
        token = models.Token(
            token_id="tests",
            access_token=TOKEN,
            client=client,
            subject=None,
            issue_date=datetime.datetime.now(datetime.timezone.utc),
            lifetime=86400,
        )
        Backend.instance.save(token)


served = create_app(SETTINGS)
admit(served)
make_server("127.0.0.1", PORT, served).serve_forever()
