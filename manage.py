#!/usr/bin/env python
"""Run a command of the project, for example `./manage.py screen SLUG`."""

import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line  # needs the setting above
    except ModuleNotFoundError:
        sys.exit("Django is not here: run `make setup` once, then `.venv/bin/python manage.py COMMAND`.")

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
