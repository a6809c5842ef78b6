"""What workers have to know before the first job comes."""

from matplotlib.backends import backend_svg  # noqa: F401  # loaded here, or the first run waits for it

from redress import scenarios  # noqa: F401  # makes its kind of job known
