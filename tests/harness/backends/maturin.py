from pkg_info import *
