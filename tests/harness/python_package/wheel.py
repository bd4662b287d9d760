"""Makes a wheel of a folder: python wheel.py FOLDER OUT TAG METADATA LICENSE...

Needs the standard library only. Nothing in the wheel tells when or where it was made: the same
files give the same bytes.
"""

import base64
import email.parser
import hashlib
import itertools
import pathlib
import sys
import zipfile

WHEEL = """\
Wheel-Version: 1.0
Generator: cargo xtask package
Root-Is-Purelib: false
"""

# What pytest finds the package's plugin by.
ENTRY_POINTS = b"""\
[pytest11]
hpy.pytest_plugin = hpy.pytest_plugin
"""

# The earliest moment that a zip file can name.
TIME = (1980, 1, 1, 0, 0, 0)


def main(folder, out, tag, metadata, *licenses):
    folder = pathlib.Path(folder)
    metadata = pathlib.Path(metadata).read_bytes()
    fields = email.parser.BytesHeaderParser().parsebytes(metadata)
    name = "%s-%s" % (fields["Name"].replace("-", "_"), fields["Version"])
    # What stands in the dist-info comes last, RECORD at the very end.
    files = [
        (path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    files.append((name + ".dist-info/METADATA", metadata))
    # In a file's name, dots stand for one tag after the other.
    tags = itertools.product(*(part.split(".") for part in tag.split("-")))
    lines = ["Tag: %s\n" % "-".join(each) for each in tags]
    files.append((name + ".dist-info/WHEEL", (WHEEL + "".join(lines)).encode()))
    files.append((name + ".dist-info/entry_points.txt", ENTRY_POINTS))
    for license in sorted(map(pathlib.Path, licenses)):
        files.append(("%s.dist-info/licenses/%s" % (name, license.name), license.read_bytes()))
    record = name + ".dist-info/RECORD"
    lines = [
        "%s,sha256=%s,%d\n" % (path, digest(contents), len(contents)) for path, contents in files
    ]
    files.append((record, ("".join(lines) + record + ",,\n").encode()))

    wheel = pathlib.Path(out) / ("%s-%s.whl" % (name, tag))
    attempt = wheel.with_suffix(".new")
    with zipfile.ZipFile(attempt, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, contents in files:
            entry = zipfile.ZipInfo(path, TIME)
            entry.create_system = 3  # Unix, which has the permissions in the next field.
            entry.external_attr = (0o100755 if path.endswith(".so") else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, contents, compresslevel=9)
    attempt.replace(wheel)
    print(wheel)


def digest(contents):
    return base64.urlsafe_b64encode(hashlib.sha256(contents).digest()).rstrip(b"=").decode()


main(*sys.argv[1:])
