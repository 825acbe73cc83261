"""How gunicorn serves the line: `make run` and deploy/line.service both use this file.

It must run in the project's folder; app.py sees to that.
"""

import os
import shutil
import tempfile
from typing import Any

from gunicorn.glogging import Logger

from ivr.settings import read_settings

settings = read_settings()

wsgi_app = "app:served()"

bind = f"127.0.0.1:{settings.port}"
"""This machine only, so a proxy stands in front. A socket from systemd takes precedence."""

worker_class = "gthread"

workers = 2
"""One per processor. Each has the live edition in memory."""

threads = 8
"""Staff's pages may take seconds; calls are answered meanwhile."""

keepalive = 75
"""Seconds: longer than nginx keeps an idle connection, so that nginx closes it first."""

graceful_timeout = 30
"""Seconds that a worker has to finish its answers when the server is reloaded or stopped."""

# No max_requests: workers with threads have lost requests on being replaced.

loglevel = "warning"


class Quiet(Logger):
    """Logs no request, since its address says where a caller is. gunicorn's own would put together
    what to say of each."""

    def access(self, *_of_a_request: Any) -> None:
        """Nothing."""


logger_class = Quiet

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
    },
}
"""Only what an operator should see: that a call begins, and the eight digits that would bar its
caller."""

FIGURES = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder that collects the workers' figures."""

MEMORY = "/dev/shm"  # noqa: S108 - each folder in it is made by mkdtemp

in_memory = MEMORY if os.access(MEMORY, os.W_OK) else None
"""Where files are kept in memory (Linux). The figures are mapped into it: on a disk that is full,
that would end every worker."""

worker_tmp_dir = in_memory

if FIGURES not in os.environ:  # a reload reads this file again, and must keep it
    os.environ[FIGURES] = tempfile.mkdtemp(prefix="line-figures-", dir=in_memory)


def pre_fork(server: Any, worker: Any) -> None:
    """Choose a processor for the worker: the one that the fewest others have.

    The threads of a worker take turns. On a virtual machine, to wake one on another processor takes
    five times as long: 100 instead of 19 microseconds there and back (measured).
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    taken = [other.processor for other in server.WORKERS.values()]
    worker.processor = min(sorted(os.sched_getaffinity(0)), key=taken.count)


def post_fork(_server: Any, worker: Any) -> None:
    """The worker keeps to its processor; renders that it starts do not (audio/air/workers.py)."""
    if hasattr(worker, "processor"):
        os.sched_setaffinity(0, {worker.processor})


def child_exit(_server: Any, worker: Any) -> None:
    """A worker that has gone no longer counts."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """The figures end with the server."""
    shutil.rmtree(os.environ[FIGURES], ignore_errors=True)


control_socket_disable = True
