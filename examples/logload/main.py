"""Checksums of this folder's files on eight threads, with their log."""

import logging
import pathlib

import logload

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s:%(lineno)d %(message)s")
files = [path for path in pathlib.Path(__file__).parent.rglob("*") if path.is_file()]
for path, checksum in zip(files, logload.checksums([path.read_bytes() for path in files])):
    print(f"{checksum:08x} {path.name}")
