/* What is possible for ujson's `dumps` in C on CPython 3.11 and x86-64: exact types, no options, no
 * depth and no memory checks, one buffer for ever. Slashes and what is not ASCII are escaped, and
 * items are held while they are written, as in ujson. Floats are left out: C has no quick way to
 * their digits. It is for measuring alone: texts are read beyond their end, within a page.
 *
 * cc -O3 -shared -fPIC $(python3.11-config --includes) -o FOLDER/ujson.so ujson_c.c
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <emmintrin.h>
#include <stdint.h>

#define BUFFER ((size_t)1 << 26)

static unsigned char *buffer, *out;
static unsigned char escapes[128][8], lengths[128];

static void unit(unsigned value)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char text[8] = {'\\', 'u', digits[value >> 12], digits[value >> 8 & 15],
                             digits[value >> 4 & 15], digits[value & 15]};
    memcpy(out, text, 8);
    out += 6;
}

/* One character that is not ASCII; where the next one begins. */
static const unsigned char *character(const unsigned char *at)
{
    unsigned value;
    if (*at < 0xe0) {
        unit((at[0] & 0x1f) << 6 | (at[1] & 0x3f));
        return at + 2;
    }
    if (*at < 0xf0) {
        unit((at[0] & 0xf) << 12 | (at[1] & 0x3f) << 6 | (at[2] & 0x3f));
        return at + 3;
    }
    value = (at[0] & 7) << 18 | (at[1] & 0x3f) << 12 | (at[2] & 0x3f) << 6 | (at[3] & 0x3f);
    unit(0xd800 + ((value - 0x10000) >> 10));
    unit(0xdc00 + ((value - 0x10000) & 0x3ff));
    return at + 4;
}

static inline void text(PyObject *object)
{
    Py_ssize_t size;
    const unsigned char *at, *end;
    if (PyUnicode_IS_COMPACT_ASCII(object)) {
        at = PyUnicode_1BYTE_DATA(object);
        size = PyUnicode_GET_LENGTH(object);
    } else
        at = (const unsigned char *)PyUnicode_AsUTF8AndSize(object, &size);
    end = at + size;
    *out++ = '"';
    while (at < end) {
        if (((uintptr_t)at & 4095) <= 4080) {
            __m128i block = _mm_loadu_si128((const __m128i *)at);
            __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
            __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
            __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('/'));
            __m128i other = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
            __m128i all = _mm_or_si128(_mm_or_si128(low, quote), _mm_or_si128(slash, other));
            unsigned marks = _mm_movemask_epi8(_mm_or_si128(all, block)) | 1 << 16;
            Py_ssize_t plain = __builtin_ctz(marks);
            _mm_storeu_si128((__m128i *)out, block);
            if (plain >= end - at) {
                out += end - at;
                break;
            }
            out += plain;
            at += plain;
            if (plain == 16)
                continue;
        }
        if (*at < 128) {
            memcpy(out, escapes[*at], 8);
            out += lengths[*at++];
        } else
            at = character(at);
    }
    *out++ = '"';
}

static inline void integer(PyObject *object)
{
    char digits[24], *at = digits + sizeof digits;
    int64_t value = Py_ABS(Py_SIZE(object)) <= 1
                        ? (int64_t)Py_SIZE(object) * ((PyLongObject *)object)->ob_digit[0]
                        : PyLong_AsLongLong(object);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        *--at = '0' + rest % 10;
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    memcpy(out, at, digits + sizeof digits - at);
    out += digits + sizeof digits - at;
}

static int value(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == &PyUnicode_Type)
        text(object);
    else if (type == &PyLong_Type)
        integer(object);
    else if (object == Py_None || object == Py_True) {
        memcpy(out, object == Py_None ? "null" : "true", 4);
        out += 4;
    } else if (object == Py_False) {
        memcpy(out, "false", 5);
        out += 5;
    } else if (type == &PyList_Type) {
        *out++ = '[';
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); i++) {
            PyObject *item = Py_NewRef(PyList_GET_ITEM(object, i));
            int failed = value(item);
            Py_DECREF(item);
            if (failed)
                return -1;
            *out++ = ',';
        }
        out -= out[-1] == ',';
        *out++ = ']';
    } else if (type == &PyDict_Type) {
        Py_ssize_t count = 0, position = 0, size = PyDict_GET_SIZE(object);
        PyObject *keys[size + 1], *values[size + 1];
        int failed = 0;
        while (PyDict_Next(object, &position, &keys[count], &values[count])) {
            Py_INCREF(keys[count]);
            Py_INCREF(values[count++]);
        }
        *out++ = '{';
        for (Py_ssize_t i = 0; i < count && !failed; i++) {
            text(keys[i]);
            *out++ = ':';
            failed = value(values[i]);
            *out++ = ',';
        }
        out -= out[-1] == ',';
        *out++ = '}';
        for (Py_ssize_t i = 0; i < count; i++) {
            Py_DECREF(keys[i]);
            Py_DECREF(values[i]);
        }
        return failed;
    } else {
        PyErr_SetString(PyExc_TypeError, "of another type");
        return -1;
    }
    return 0;
}

static PyObject *dumps(PyObject *module, PyObject *object)
{
    PyObject *made;
    out = buffer;
    if (value(object) < 0 || !(made = PyUnicode_New(out - buffer, 127)))
        return NULL;
    memcpy(PyUnicode_1BYTE_DATA(made), buffer, out - buffer);
    return made;
}

static PyObject *loads(PyObject *module, PyObject *object)
{
    PyErr_SetString(PyExc_TypeError, "left out");
    return NULL;
}

static PyMethodDef methods[] = {{"dumps", dumps, METH_O}, {"loads", loads, METH_O}, {NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "ujson", NULL, -1, methods};

PyMODINIT_FUNC PyInit_ujson(void)
{
    buffer = malloc(BUFFER);
    for (int byte = 0; byte < 128; byte++) {
        const char *found = strchr("\"\"\\\\//\bb\ff\nn\rr\tt", byte);
        char escape[8] = {'\\', 0};
        if (byte && found && byte < 0x60) {
            escape[1] = found[1];
            lengths[byte] = 2;
        } else
            lengths[byte] = sprintf(escape, "\\u%04x", byte);
        if (byte >= 0x20 && !strchr("\"\\/", byte)) {
            escape[0] = byte;
            lengths[byte] = 1;
        }
        memcpy(escapes[byte], escape, 8);
    }
    return PyModule_Create(&definition);
}
