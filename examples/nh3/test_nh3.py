"""Cases that the original's own tests lack. Those run in test_nh3_judge.py."""

import inspect
import sys
import threading

import nh3
import pytest


def test_constants_are_what_clean_allows():
    for tag in nh3.ALLOWED_TAGS - {"br", "hr", "img", "col", "area", "wbr"}:
        if not tag.startswith(("t", "col", "cap")):
            assert nh3.clean("<%s></%s>" % (tag, tag), link_rel=None) == "<%s></%s>" % (tag, tag)
    assert nh3.ALLOWED_ATTRIBUTES["img"] >= {"src", "alt"}
    assert {"http", "https", "mailto"} <= nh3.ALLOWED_URL_SCHEMES
    assert nh3.CLEAN_CONTENT_TAGS == {"script", "style"}


def test_attributes_of_all_tags():
    html = '<b title="x">a</b>'
    assert nh3.clean(html, attributes={}) == html
    assert nh3.clean(html, attributes={"*": set()}) == "<b>a</b>"
    assert nh3.clean('<b id="x">a</b>', attributes={"*": {"id"}}) == '<b id="x">a</b>'


@pytest.mark.parametrize(
    "settings",
    [
        {"attributes": {"*": {"rel"}}},
        {"clean_content_tags": {"q"}, "tags": set(), "attributes": {"q": set()}},
        {"allowed_classes": {"b": {"x"}}, "attributes": {"b": {"class"}}},
        {"allowed_classes": {"b": {"x"}}, "attributes": {"*": {"class"}}},
        {"filter_style_properties": {"color"}, "tags": {"style"}, "clean_content_tags": set()},
        {"tags": {"style"}},
    ],
)
def test_settings_that_contradict_each_other(settings):
    # ammonia panics at each of them.
    with pytest.raises(ValueError):
        nh3.clean("text", **settings)
    with pytest.raises(ValueError):
        nh3.Cleaner(**settings)


def test_text_with_tags():
    html = "<script>a</script><b onclick=x title=y>b</b><i>c</i>"
    assert nh3.clean_text(html, tags={"b"}) == '<b title="y">b</b>c'
    with pytest.raises(ValueError, match="clean_content_tags"):
        nh3.clean_text(html, tags={"script"})


def test_arguments_of_other_types():
    for settings in {"tags": "b"}, {"tags": {1}}, {"attributes": {"b"}}, {"link_rel": 1}:
        with pytest.raises(TypeError, match="argument '%s'" % next(iter(settings))):
            nh3.clean("text", **settings)
    with pytest.raises(TypeError, match="argument 'url_relative'"):
        nh3.Cleaner(url_relative=1)
    with pytest.raises(UnicodeEncodeError):
        nh3.clean("\ud800")


def test_deep_html():
    depth = 20000
    assert nh3.clean("<b>" * depth, tags=set()) == ""


def test_functions_that_are_called_back():
    html = "<a href='/' title=x>link</a>"

    def shout(tag, name, value):
        return value.upper() if name == "title" else value

    cleaner = nh3.Cleaner(attribute_filter=shout, link_rel=None)
    assert cleaner.clean(html) == '<a href="/" title="X">link</a>'
    # Cleaned within the function that is called while something else is cleaned.
    filtered = nh3.clean(html, attribute_filter=lambda *given: cleaner.clean(given[2]))
    assert 'title="x"' in filtered


def test_functions_that_raise(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    link = "<a href='/x'>y</a>"
    assert nh3.clean(link, url_relative=lambda _: 1 / 0, link_rel=None) == "<a>y</a>"
    for function in (lambda *_: 1 / 0), (lambda *_: 1), (lambda: None):
        assert nh3.clean("<b title=x>a</b>", attribute_filter=function) == "<b>a</b>"
    assert [raised.exc_type for raised in told] == [ZeroDivisionError] * 2 + [TypeError] * 2


def test_one_cleaner_on_many_threads():
    cleaner = nh3.Cleaner(tags={"b"})
    html = "<i><b>text</b></i>" * 100
    found = []

    def clean():
        for _ in range(5):
            found.append(cleaner.clean(html))

    # GraalPy 24 has an HPy of its own, which works on one thread.
    if sys.implementation.name == "graalpy" and sys.implementation.version < (25,):
        clean()
    else:
        threads = [threading.Thread(target=clean) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert set(found) == {"<b>text</b>" * 100}


@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="not every interpreter shows signatures"
)
def test_signatures():
    assert str(inspect.signature(nh3.clean_text)) == "(html, tags=None)"
    parameters = inspect.signature(nh3.clean).parameters
    assert list(parameters)[:3] == ["html", "tags", "clean_content_tags"] and len(parameters) == 15
