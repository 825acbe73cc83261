"""How gunicorn serves the line: `make run` and deploy/line.service both use this file.

It needs the project's folder as its current one, as app.py sees to.
"""

import os
import shutil
import tempfile
from typing import Any

from ivr.settings import Settings, environment

settings = Settings.from_mapping(environment())

wsgi_app = "app:served()"

bind = f"127.0.0.1:{settings.port}"
"""This machine alone, so that a proxy stands before it. A socket of systemd's comes before it."""

worker_class = "gthread"

workers = 2
"""One a processor. Each has the live edition in memory."""

threads = 8
"""Staff's pages may take seconds; calls go on beside them."""

keepalive = 75
"""Seconds: longer than nginx keeps an idle connection, so that it is nginx that closes it."""

graceful_timeout = 30
"""Seconds that a worker has to finish what it answers, when the server is reloaded or stopped."""

# No max_requests: workers with threads have lost requests when they were replaced.

loglevel = "warning"

FORMATTERS = {
    "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    "json": {
        "class": "pythonjsonlogger.json.JsonFormatter",
        "format": "{asctime}{levelname}{name}{process}{message}",
        "style": "{",
    },
}

logconfig_dict = {
    "formatters": FORMATTERS,
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": settings.log_format}
    },
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "ivr.provider.admission": {"level": "INFO", "propagate": True},
        "gunicorn.error": {"level": "WARNING", "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "propagate": False},
    },
}
"""Nothing but what an operator should see: that a call begins, and by which eight digits its caller
can be barred. No request is logged, since its address says where a caller is."""

FIGURES = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which the workers' figures come together."""

if FIGURES not in os.environ:  # read again at a reload, when it must stay the same
    os.environ[FIGURES] = tempfile.mkdtemp(prefix="line-figures-")


def child_exit(_server: Any, worker: Any) -> None:
    """A worker that is gone is no longer asked how it is."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """The figures end with the server."""
    shutil.rmtree(os.environ[FIGURES], ignore_errors=True)


control_socket_disable = True
