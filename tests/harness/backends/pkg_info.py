"""A build backend that builds nothing: it gives pip the metadata that a source archive has in it.

Before pip hands an archive out, it asks the archive's own backend for metadata. That backend would
be downloaded for it, and maturin's needs a compiler. `maturin` and `setuptools` stand for them
here.
"""

import email
import os
import shutil


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    with open("PKG-INFO", encoding="utf-8") as file:
        known = email.message_from_file(file)
    name = "%s-%s.dist-info" % (known["Name"].replace("-", "_"), known["Version"])
    os.mkdir(os.path.join(metadata_directory, name))
    shutil.copy("PKG-INFO", os.path.join(metadata_directory, name, "METADATA"))
    return name
