import pkg_info
from pkg_info import *

# Of archives without a pyproject.toml.
__legacy__ = pkg_info
