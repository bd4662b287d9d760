"""`python -m hpy.universal.debug`: as `python -m hpy.debug`, where that is PyPI's."""

import sys

from .command import main

sys.exit(main())
