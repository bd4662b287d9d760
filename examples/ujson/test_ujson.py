"""The port of ujson in hard cases. What ujson's own tests ask of it is in test_ujson_judge.py."""

import collections
import decimal
import io
import json
import math
import random
import struct
import sys
import threading

import pytest

import ujson
from hpy_hosts import calls_on_threads


class Opaque:
    """JSON has no form for it."""


def nested(depth, wrap):
    value = 1
    for _ in range(depth):
        value = wrap(value)
    return value


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: (v,), lambda v: {"k": v}])
def test_deep_nesting_is_an_error_and_no_crash(wrap):
    assert len(ujson.dumps(nested(1024, wrap))) > 2048
    for depth in (1025, 5000, 100000):
        value = nested(depth, wrap)
        with pytest.raises((OverflowError, RecursionError)):
            ujson.dumps(value)
        # Taken apart here: deallocation of so deep a nest is Python's own business.
        while not isinstance(value, int):
            value = value[0] if isinstance(value, (list, tuple)) else value["k"]


@pytest.mark.parametrize("opening", ["[", '{"k":', '[{"k":'])
def test_deep_documents_are_an_error_and_no_crash(opening):
    for count in (1025, 100000):
        with pytest.raises(ujson.JSONDecodeError, match="depth limit"):
            ujson.loads(opening * count)


def test_what_contains_itself():
    looped_list, looped_dict = [], {}
    looped_list.append(looped_list)
    looped_dict["k"] = [looped_dict]
    for looped in (looped_list, looped_dict):
        for options in ({}, {"sort_keys": True}, {"indent": 2}):
            with pytest.raises(OverflowError, match="Maximum recursion level reached"):
                ujson.dumps(looped, **options)
    looped_list.clear()
    looped_dict.clear()


def test_a_default_that_makes_more_of_the_same():
    with pytest.raises(TypeError, match="maximum recursion depth exceeded"):
        ujson.dumps(Opaque(), default=lambda value: value)
    with pytest.raises(OverflowError, match="Maximum recursion level reached"):
        ujson.dumps(Opaque(), default=lambda value: [value])
    with pytest.raises(OverflowError, match="Maximum recursion level reached"):
        ujson.dumps(Opaque(), default=lambda value: {"k": value})


@pytest.mark.parametrize("sort_keys", [False, True])
def test_default_changes_the_container_that_is_being_written(sort_keys):
    def emptied(value):
        container.clear()
        return 0

    container = [Opaque(), 1, 2]
    assert ujson.dumps(container, default=emptied) == "[0]"
    container = {"a": Opaque(), "b": [1], "c": 2}
    written = ujson.loads(ujson.dumps(container, default=emptied, sort_keys=sort_keys))
    assert written["a"] == 0 and set(written) <= {"a", "b", "c"}

    def grown(value):
        if len(container) < 50:
            if isinstance(container, dict):
                container[str(len(container))] = Opaque()
            else:
                container.append(Opaque())
        return 0

    container = [Opaque()]
    assert ujson.dumps(container, default=grown) == json.dumps([0] * 50, separators=(",", ":"))
    container = {"a": Opaque(), "b": 1}
    written = ujson.loads(ujson.dumps(container, default=grown, sort_keys=sort_keys))
    assert written["a"] == 0 and written["b"] == 1

    def replaced(value):
        container[:] = [Opaque() for _ in range(3)]
        return len(container)

    container = [Opaque()]
    assert ujson.dumps(container, default=replaced) == "[3,3,3]"


def test_hooks_change_the_container_that_is_being_written():
    class Hook:
        def __init__(self, result):
            self.result = result

        def __json__(self):
            container.clear()
            return self.result

    class Dict:
        def toDict(self):
            container.clear()
            return {"x": 1}

    container = [Hook("null"), Hook("1"), 2]
    assert ujson.dumps(container) == "[null]"
    container = [Dict(), 2]
    assert ujson.dumps(container) == '[{"x":1}]'

    class Key:
        def __str__(self):
            container.clear()
            return "key"

    container = {Key(): 1, "a": [2]}
    assert ujson.loads(ujson.dumps(container))["key"] == 1


def test_dumps_within_default():
    inner = ujson.dumps(
        {"a": Opaque()},
        default=lambda value: ujson.loads(ujson.dumps([1, {"b": Opaque()}], default=str)),
    )
    assert ujson.loads(inner)["a"][0] == 1


def test_an_error_in_a_hook_is_the_one_raised():
    class Json:
        def __json__(self):
            raise LookupError("own")

    for value, options in (
        (Json(), {}),
        (Opaque(), {"default": lambda value: {}["missing"]}),
        ({"a": [Json()]}, {"indent": 1}),
    ):
        with pytest.raises(LookupError):
            ujson.dumps(value, **options)


def test_surrogates_alone_and_in_pairs():
    assert ujson.dumps("\ud800") == '"\\ud800"'
    assert ujson.dumps("\ud83d\ude00") == '"\\ud83d\\ude00"'
    assert ujson.dumps("a\udc00/\n", ensure_ascii=False) == '"a\udc00\\/\\n"'
    assert ujson.dumps({"\udfff": 1}) == '{"\\udfff":1}'
    for text in ("\ud800", "\udc00x", "x\ud800\ud800", "\ud800 \udc00", "é\udfff"):
        assert ujson.loads(ujson.dumps(text)) == text
        assert ujson.loads(ujson.dumps([text], ensure_ascii=False)) == [text]
        assert ujson.loads(('{"%s":1}' % text).encode("utf-8", "surrogatepass")) == {text: 1}
    # Halves that were written apart stay apart.
    if sys.implementation.name != "graalpy":  # Its decoder puts them together.
        assert ujson.loads('"\ud83d\\ude00"') == "\ud83d\ude00"
    assert ujson.loads('"\\ud83d\\ude00"') == "\U0001f600"


def test_keys_are_not_mixed_up():
    # Of one length, with equal beginnings and ends: a cache of keys could mix these up.
    keys = ["prefix%06dsuffix" % number for number in range(1500)]
    document = json.dumps([{key: number} for number, key in enumerate(keys * 2)])
    assert ujson.loads(document) == json.loads(document)
    assert ujson.loads('[{"a":1},{"a":2},{"\\u0061":3},{"":4},{"":5}]') == [
        {"a": 1}, {"a": 2}, {"a": 3}, {"": 4}, {"": 5},
    ]


def test_keys_that_are_written_again_are_not_mixed_up():
    # A key is written as the last time if it is the same object. These are, and are not.
    class Text(str):
        def __str__(self):
            return "wrong"

    keys = ["id", "\xe4/\"", "a key that is longer than what is remembered of one", "", Text("own")]
    equal = ["".join(key) for key in keys]
    rng = random.Random(7)
    for count in (1, 5, 200):
        many = keys + equal + ["key%d" % number for number in range(count)]
        shapes = [rng.sample(many, rng.randrange(len(many))) for _ in range(3)]
        made = []
        for number in range(60):
            shape = rng.choice(shapes + [rng.sample(many, 4)])
            made.append({key: number for key in shape})
            made.append({rng.choice(keys): {rng.choice(keys): [number], 5: None}})
        for separators in ((",", ":"), (", ", ": "), ("[", "{")):
            found = ujson.dumps(
                made, ensure_ascii=False, escape_forward_slashes=False, separators=separators
            )
            assert found == json.dumps(made, ensure_ascii=False, separators=separators)
        found = ujson.dumps(made, ensure_ascii=False, escape_forward_slashes=False, indent=2)
        assert json.loads(found) == json.loads(json.dumps(made))


@pytest.mark.parametrize("separators", [("[", "{"), ("]", ":"), ("\0", "\0"), ("", "")], ids=ascii)
def test_separators_that_look_like_brackets(separators):
    value = [[], [1, 2], {}, {"a": [1, {}], "b": {"c": 2, "d": [[3], 4]}}, (), (5, 6)]
    for sort_keys in (False, True):
        found = ujson.dumps(value, separators=separators, sort_keys=sort_keys)
        assert found == json.dumps(value, separators=separators, sort_keys=sort_keys)


INTS = [
    0, -1, 255, 2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1,
    2**64, 10**400,
]


@pytest.mark.parametrize(
    "number", INTS + [-number for number in INTS], ids=lambda number: str(number)[:24]
)
def test_ints_of_any_size(number):
    # By str, as GraalPy's "%d" % -2**31 has two signs.
    assert ujson.dumps([number, {"k": number}]) == json.dumps(
        [number, {"k": number}], separators=(",", ":")
    )
    assert ujson.loads(" " + str(number) + " ") == number
    assert ujson.loads("[{0},{0}]".format(number)) == [number, number]


def test_floats_come_back_as_they_were():
    rng = random.Random(3)
    hard = [
        0.0, 5e-324, sys.float_info.min, sys.float_info.max, 1e22, 1e23, 2.0**53, 0.1, 1 / 3, 1e15,
        1e16, 1e-5, 123456789.123,
    ]
    drawn = [struct.unpack("d", struct.pack("Q", rng.getrandbits(64)))[0] for _ in range(500)]
    rounded = [round(rng.uniform(-1e6, 1e6), rng.randrange(12)) for _ in range(300)]
    for value in hard + [v for v in drawn if math.isfinite(v)] + rounded:
        for number in (value, -value):
            text = ujson.dumps(number)
            assert (
                ujson.loads(text) == number
                and math.copysign(1, ujson.loads(text)) == math.copysign(1, number)
            )
            # Python pads an exponent of one digit. GraalPy's repr is not always the shortest: it
            # gives 4.9e-324 for 5e-324.
            python = repr(number).replace("e-0", "e-").replace("e+0", "e+")
            assert (
                text == python or len(text) < len(python) and sys.implementation.name == "graalpy"
            )
            assert ujson.loads(repr(number)) == number
            assert ujson.loads("%.17e" % number) == float("%.17e" % number)
            assert ujson.loads("[%.3f]" % number) == [float("%.3f" % number)]


@pytest.mark.parametrize(
    "text",
    [
        "1e400", "-1E+400", "1e-400", "0e99999999999999999999", "1e99999999999999999999",
        "9" * 400 + ".5",
    ],
)
def test_floats_beyond_the_range(text):
    assert ujson.loads(text) == float(text)


def test_nan_and_the_infinities():
    assert ujson.dumps([math.nan, math.inf, -math.inf]) == "[NaN,Infinity,-Infinity]"
    read = ujson.loads("[NaN,Infinity,-Infinity]")
    assert math.isnan(read[0]) and read[1:] == [math.inf, -math.inf]
    for value in (math.nan, math.inf, decimal.Decimal("NaN")):
        with pytest.raises(OverflowError, match="Invalid value when encoding double"):
            ujson.dumps({"k": [value]}, allow_nan=False)


def test_decimals_are_floats():
    assert ujson.dumps(decimal.Decimal("10")) == "10.0"
    assert ujson.dumps([decimal.Decimal("1.1")]) == "[1.1]"
    with pytest.raises(ValueError):
        ujson.dumps(decimal.Decimal("sNaN"))


def test_keys_of_other_types():
    keys = {
        1.5: 1,
        True: 2,
        None: 3,
        b"b": 4,
        (1, 2): 5,
        10**30: 6,
        decimal.Decimal("2.5"): 7,
        math.nan: 8,
        False: 9,
    }
    assert ujson.loads(ujson.dumps(keys)) == {
        "1.5": 1,
        "true": 2,
        "null": 3,
        "b": 4,
        "(1, 2)": 5,
        str(10**30): 6,
        "2.5": 7,
        "nan": 8,
        "false": 9,
    }
    assert ujson.dumps({2: 1, 1: 3, True: 4}, sort_keys=True) == '{"1":4,"2":1}'
    with pytest.raises(TypeError):
        ujson.dumps({"a": 1, 1: 2}, sort_keys=True)

    class Loud:
        def __str__(self):
            raise LookupError("loud")

    with pytest.raises(LookupError):
        ujson.dumps({Loud(): 1})


def test_subclasses_are_written_by_what_they_hold():
    class Str(str):
        def __str__(self):
            return "no"

    class Int(int):
        def __str__(self):
            return "no"

    class Float(float):
        def __repr__(self):
            return "no"

    class List(list):
        def __iter__(self):
            return iter(["no"])

    Pair = collections.namedtuple("Pair", "a b")
    value = [
        Str("text"),
        Int(5),
        Float(1.5),
        List([1, 2]),
        Pair(1, 2),
        collections.OrderedDict(b=1, a=2),
    ]
    assert ujson.dumps(value) == '["text",5,1.5,[1,2],[1,2],{"b":1,"a":2}]'
    assert ujson.dumps(collections.defaultdict(list, a=1)) == '{"a":1}'


def test_hooks_come_in_order():
    class Both:
        def toDict(self):
            return {"to": "dict"}

        def __json__(self):
            return '"json"'

    class Json:
        def __init__(self, result):
            self.result = result

        def __json__(self):
            return self.result

    assert ujson.dumps(Both(), default=str) == '{"to":"dict"}'
    assert ujson.dumps([Json("1 "), Json(b"2"), Json("é")]) == "[1 ,2,é]"
    for wrong in (None, 1, bytearray(b"1"), []):
        with pytest.raises(
            TypeError, match=r"__json__\(\) should return str or bytes, got " + type(wrong).__name__
        ):
            ujson.dumps(Json(wrong))
    with pytest.raises(UnicodeDecodeError):
        ujson.dumps(Json(b"\xff"))
    # A dict is a dict, whatever it has.
    assert ujson.dumps(type("Sub", (dict,), {"toDict": lambda self: 1 / 0})(a=1)) == '{"a":1}'


@pytest.mark.parametrize(
    "data, error",
    [
        (b"\xc3", "Unterminated UTF-8 sequence when encoding string"),
        (
            b"\xc3a",
            "Invalid continuation byte in 2-byte UTF-8 sequence detected when encoding string",
        ),
        (
            b"\xe2aa",
            "Invalid continuation byte in 3-byte UTF-8 sequence detected when encoding string",
        ),
        (b"\xc0\x80", "Overlong 2-byte UTF-8 sequence detected when encoding string"),
        (b"\xf4\x90\x80\x80", ">U\\+10FFFF in 4-byte UTF-8 sequence detected when encoding string"),
        (b"\xf8\xbf\xbf\xbf\xbf", "Unsupported UTF-8 sequence length when encoding string"),
    ],
)
def test_bytes_that_are_no_utf8(data, error):
    with pytest.raises(OverflowError, match=error):
        ujson.dumps(data, reject_bytes=False)
    with pytest.raises(OverflowError, match=error):
        ujson.dumps({data: 1})
    for options in ({}, {"ensure_ascii": False}):
        with pytest.raises(UnicodeDecodeError):
            ujson.dumps(b"\xff", reject_bytes=False, **options)


def test_strings_around_the_width_of_vectors():
    for length in (0, 1, 7, 8, 15, 16, 17, 33, 64):
        for place in range(0, length, 3):
            for special in '"\\/<\n\x7fé\U0001f600\x1f':
                text = "a" * place + special + "b" * (length - place)
                assert ujson.loads(ujson.dumps(text)) == text
                assert (
                    ujson.loads(ujson.dumps(text, ensure_ascii=False, encode_html_chars=True))
                    == text
                )
                assert json.loads(ujson.dumps(text)) == text
                assert ujson.loads(json.dumps([text, {text: text}])) == [text, {text: text}]


def random_value(rng, depth=0):
    kind = rng.randrange(9 if depth < 5 else 7)
    if kind < 7:
        return rng.choice(
            [
                None,
                True,
                False,
                rng.randrange(-(2**70), 2**70),
                rng.randrange(100),
                rng.uniform(-1e9, 1e9),
            ]
            + [
                "".join(
                    chr(rng.choice([rng.randrange(128), rng.randrange(0xD800), 0x1F600]))
                    for _ in range(rng.randrange(40))
                )
            ]
        )
    if kind == 7:
        return [random_value(rng, depth + 1) for _ in range(rng.randrange(8))]
    return {
        str(rng.random())[: rng.randrange(9)]: random_value(rng, depth + 1)
        for _ in range(rng.randrange(8))
    }


def test_random_values_agree_with_json():
    rng = random.Random(11)
    for _ in range(60):
        value = random_value(rng)
        for text in (
            ujson.dumps(value),
            ujson.dumps(value, indent=3, ensure_ascii=False),
            ujson.dumps(value, separators=(" , ", " : ")),
        ):
            assert json.loads(text) == value
            assert ujson.loads(text) == value
            assert ujson.loads(text.encode()) == value
            assert ujson.loads(bytearray(text.encode())) == value
        assert ujson.loads(json.dumps(value)) == value


def test_random_damage_is_an_error_and_no_crash():
    rng = random.Random(12)
    document = json.dumps(
        [{"key": [1, -2.5e3, "text\\u0041", None, True], "é": {"b": "\U0001f600"}}] * 3,
        ensure_ascii=False,
    ).encode()
    for _ in range(600):
        damaged = bytearray(document)
        for _ in range(rng.randrange(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        del damaged[rng.randrange(len(damaged)) :]
        try:
            ujson.loads(bytes(damaged))
        except ValueError:
            pass


@calls_on_threads
def test_threads_at_once():
    value = {
        "k%d" % number: [number, str(number), number / 3, {"n": None}] for number in range(200)
    }
    text, failed = ujson.dumps(value), []

    def work():
        for _ in range(20):
            if ujson.loads(text) != value or ujson.dumps(value) != text:
                failed.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_files():
    file = io.StringIO()
    assert ujson.dump({"a": "é"}, file, ensure_ascii=False, indent=1) is None
    file.seek(0)
    assert ujson.load(file) == {"a": "é"}
    assert ujson.load(io.BytesIO(b"[1]")) == [1]
    for wrong in (1, "", Opaque(), type("Bad", (), {"write": 3, "read": 3})()):
        with pytest.raises(TypeError, match="expected file"):
            ujson.dump(1, wrong)
        with pytest.raises(TypeError, match="expected file"):
            ujson.load(wrong)


def test_options():
    assert (
        ujson.dumps("é<&>/", ensure_ascii=0, encode_html_chars="yes", escape_forward_slashes=[])
        == '"é\\u003c\\u0026\\u003e/"'
    )
    assert (
        ujson.dumps([[], {}, [1, {"a": 2}]], indent=2)
        == '[\n  [],\n  {},\n  [\n    1,\n    {\n      "a": 2\n    }\n  ]\n]'
    )
    assert ujson.dumps({"a": [1, 2]}, indent=-1) == '{"a": [1,2]}'
    assert (
        ujson.dumps({"a": 1}, True, False, True, False, 1, True, True, None, (";", "="))
        == '{\n "a"=1\n}'
    )
    with pytest.raises(ValueError, match="Maximum allowed indentation is 1000"):
        ujson.dumps([], indent=1001)
    for wrong in ("1", 1.5, None):
        with pytest.raises(TypeError):
            ujson.dumps([], indent=wrong)
    with pytest.raises(TypeError):
        ujson.dumps([], unknown=1)


def test_names():
    assert ujson.__version__.split(".")[0] == "6"
    assert issubclass(ujson.JSONDecodeError, ValueError)
    assert (ujson.JSONDecodeError.__module__, ujson.JSONDecodeError.__name__) == (
        "ujson", "JSONDecodeError",
    )
    assert ujson.encode([1]) == "[1]" and ujson.decode("[1]") == [1]
    with pytest.raises(ujson.JSONDecodeError):
        ujson.loads("[1")
