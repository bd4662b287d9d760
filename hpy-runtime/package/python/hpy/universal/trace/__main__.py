"""`python -m hpy.universal.trace`: as `python -m hpy.trace`, where that is PyPI's."""

import sys

from .command import main

sys.exit(main())
