"""A SCIM server made of Django and django-scim2. Its people are in memory. It listens on
PORT and wants TOKEN."""

import os
from wsgiref.simple_server import make_server

from django.apps import AppConfig


class People(AppConfig):
    """An application in one file. Its models can be made once all applications are known."""

    name = "people_of_django"
    label = "people"

    def import_models(self):
        from django.contrib.auth.models import AbstractUser
        from django.db import models
        from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin

        class Group(AbstractSCIMGroupMixin):
            name = models.CharField(max_length=80)

            class Meta:
                app_label = "people"

        class User(AbstractSCIMUserMixin, AbstractUser):
            scim_groups = models.ManyToManyField(Group, related_name="user_set")

            class Meta:
                app_label = "people"

        super().import_models()
        # What has no such module gets no tables.
        self.models_module = self.module


class Caller:
    """Somebody with the right token."""

    is_authenticated = True


class Anybody:
    """Somebody without."""

    is_authenticated = False


def by_token(get_response):
    wanted = "Bearer " + os.environ["TOKEN"]

    def answer(request):
        request.user = Caller() if request.headers.get("authorization") == wanted else Anybody()
        return get_response(request)

    return answer


def group_model():
    from django.apps import apps

    return apps.get_model("people", "Group")


def configure(port):
    from django.conf import settings

    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        AUTH_USER_MODEL="people.User",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "people_of_django.People"],
        MIDDLEWARE=["people_of_django.by_token", "django_scim.middleware.SCIMAuthCheckMiddleware"],
        ROOT_URLCONF="people_of_django",
        SCIM_SERVICE_PROVIDER={
            "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Token", "description": "A token"}],
            "GROUP_MODEL": "people_of_django.group_model",
            "NETLOC": f"127.0.0.1:{port}",
            "SCHEME": "http",
        },
        SECRET_KEY="it signs nothing",
        USE_TZ=True,
    )


def urls():
    from django.urls import include, path

    return [path("scim/v2/", include("django_scim.urls", namespace="scim"))]


def serve():
    port = int(os.environ["PORT"])
    configure(port)

    import django

    django.setup()

    global urlpatterns
    urlpatterns = urls()

    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", run_syncdb=True, verbosity=0)
    make_server("127.0.0.1", port, get_wsgi_application()).serve_forever()
