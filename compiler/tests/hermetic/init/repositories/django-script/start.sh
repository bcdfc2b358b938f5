#!/bin/sh
set -e
python manage.py migrate
exec gunicorn site.wsgi -b :8004
