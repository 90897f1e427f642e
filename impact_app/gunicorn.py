"""How the server serves: `gunicorn -c python:impact_app.gunicorn impact_app.wsgi`."""

from environs import Env

_env = Env()

bind = f"{_env.str('HOST', '127.0.0.1')}:{_env.str('PORT', '8000')}"
workers = _env.int("WEB_WORKERS", 2)
raw_env = ["SERVES_PAGES=true"]  # a pool of connections, and statements that are soon over
# A slow client holds a thread while it sends: enough of them that seventy leave room for others.
# An idle thread costs nothing, and holds no connection to the database (see settings).
worker_class = "gthread"
threads = 100
accesslog = None
control_socket_disable = True
