"""The code in docs/porting does what is said there.

Each snippet of Python runs over the one of Rust before it.
"""

import importlib
import os
import re

import pytest

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "docs", "porting")

# The chapters and sections of PyO3's guide about functions, modules, classes, conversions, errors,
# calling Python, threads and other crates.
PYO3 = """
Python modules
Python submodules
Procedural initialization
Python functions
Function options
Per-argument options
Calling Python functions in Rust
Calling Rust functions in Python
Accessing the FFI functions
Function signatures
Making the function signature available to Python
Overriding the generated signature
Error handling
Raising an exception from a function
Custom Rust error types
Foreign Rust error types
Defining a new class
Interior mutability
Inheritance
Properties, methods and class attributes
Enums
Class customizations
Emulating numeric types
Emulating callable objects
Thread safety
Garbage collector integration
The 'py lifetime
Python's memory model
Python object types
Function argument lifetimes
Using APIs for concrete Python types
Casting between Python object types
Extracting Rust data from Python objects
Python exceptions
Defining a new exception
Raising an exception
Checking exception types
Using exceptions defined in Python code
Creating more complex exceptions
Calling Python functions
Creating keyword arguments
Executing existing Python code
Python APIs: import
An expression: eval
Statements: run
A Python file or snippet: from_code
Context managers
System signals
Argument types
Returning Rust values to Python
extract and FromPyObject
Deriving FromPyObject for structs
Deriving FromPyObject for tuple structs
Deriving FromPyObject for wrapper types
Deriving FromPyObject for enums
Container and field attributes
IntoPyObject
Deriving IntoPyObject
Parallelism
Sharing Python objects between Rust threads
Free-threaded Python
Attaching to the runtime
Detaching to avoid deadlocks
Single initialization
Logging
Tracing
async and await
Using in Python a Rust function with trait bounds
""".strip().splitlines()

# The pages of HPy's API reference.
HPY = """
HPy Context
HPy Object
HPy Types and Modules
HPyField
HPyGlobal
HPy Call API
HPy Lists and Tuples
HPy Dict
HPy Eval
Leave/enter Python execution (GIL)
Exception Handling
Argument Parsing
Building Complex Python Objects
String Formatting Helpers
Misc Helpers
Inline Helpers
Struct Sequences
""".strip().splitlines()


def sections(page):
    """Triples of heading, Rust and Python."""
    with open(os.path.join(DOCS, page), encoding="utf-8") as file:
        text = file.read()
    for section in re.split(r"^#{2,3} ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        parts = re.split(r"^```(rust|python)\n(.*?)^```$", body, flags=re.MULTILINE | re.DOTALL)
        rust = None
        for kind, code in zip(parts[1::3], parts[2::3]):
            if kind == "rust":
                assert rust is None, (
                    "%s: two snippets of Rust, and no Python between them" % heading
                )
                rust = code
            else:
                assert rust is not None, "%s: Python without Rust" % heading
                yield heading.replace("`", ""), rust, code
                rust = None
        assert rust is None, "%s: Rust without Python" % heading


SNIPPETS = [(page, *snippet) for page in ("pyo3.md", "hpy.md") for snippet in sections(page)]


@pytest.mark.parametrize("page, names", [("pyo3.md", PYO3), ("hpy.md", HPY)])
def test_every_section_has_a_snippet(page, names):
    there = {heading for where, heading, _, _ in SNIPPETS if where == page}
    assert [name for name in names if name not in there] == []


@pytest.mark.parametrize(
    "rust, python",
    [snippet[2:] for snippet in SNIPPETS],
    ids=["%s-%s" % (page[:-3], heading.replace(" ", "_")) for page, heading, _, _ in SNIPPETS],
)
def test_snippet(rust, python):
    assert "assert" in python or "raises" in python, "nothing is checked"
    if "hpy_module!" in rust:
        space = {}
    else:
        space = dict(vars(importlib.import_module("porting")))
    space["raises"] = pytest.raises
    exec(compile(python, "<snippet>", "exec"), space)
