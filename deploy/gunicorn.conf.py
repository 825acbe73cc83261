"""How gunicorn serves the line: `make run` and deploy/line.service both use this file.

It needs the project's folder as its current one, as app.py sees to.
"""

from ivr.settings import Settings, environment

wsgi_app = "app:served()"

bind = f"127.0.0.1:{Settings.from_mapping(environment()).port}"
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

control_socket_disable = True
