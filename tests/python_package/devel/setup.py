from setuptools import Extension, setup

setup(name="authored", version="1", hpy_ext_modules=[Extension("authored", sources=["authored.c"])])
