/* What hello is, in C against Python.h: the test builds both and compares them. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

#define MOST 1000

/* Puts "FUNCTION() argument 'NAME': " before the message of a conversion's exception. */
static void in_argument(const char *function, const char *name)
{
    PyObject *type, *value, *traceback;
    if (!PyErr_ExceptionMatches(PyExc_TypeError) && !PyErr_ExceptionMatches(PyExc_OverflowError))
        return;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_Format(type, "%s() argument '%s': %S", function, name, value);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

static int to_int64(PyObject *o, long long *value, const char *function, const char *name)
{
    /* Python 3.9's PyLong_AsLongLong takes floats too. */
    PyObject *number = PyNumber_Index(o);
    if (number) {
        *value = PyLong_AsLongLong(number);
        Py_DECREF(number);
        if (*value != -1 || !PyErr_Occurred())
            return 1;
    }
    in_argument(function, name);
    return 0;
}

static int to_double(PyObject *o, double *value, const char *function, const char *name)
{
    *value = PyFloat_AsDouble(o);
    if (*value != -1.0 || !PyErr_Occurred())
        return 1;
    in_argument(function, name);
    return 0;
}

static int to_text(PyObject *o, const char **text, Py_ssize_t *size, const char *function,
                   const char *name)
{
    if (!PyUnicode_Check(o)) {
        PyErr_Format(PyExc_TypeError, "%s() argument '%s' must be str, not %s", function, name,
                     Py_TYPE(o)->tp_name);
        return 0;
    }
    *text = PyUnicode_AsUTF8AndSize(o, size);
    return *text != NULL;
}

static PyObject *hello(PyObject *self, PyObject *unused)
{
    return PyUnicode_FromString("Hello!");
}

static PyObject *double_(PyObject *self, PyObject *arg)
{
    long long x, twice;
    if (!to_int64(arg, &x, "double", "x"))
        return NULL;
    if (__builtin_mul_overflow(x, 2, &twice)) {
        PyErr_SetString(PyExc_OverflowError, "the double does not fit 64 bits");
        return NULL;
    }
    return PyLong_FromLongLong(twice);
}

static PyObject *divide(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    double a, b;
    if (nargs > 2)
        return PyErr_Format(PyExc_TypeError,
                            "divide() takes 2 positional arguments but %zd were given", nargs);
    if (nargs < 2)
        return PyErr_Format(PyExc_TypeError,
                            "divide() missing %zd required positional argument%s", 2 - nargs,
                            nargs == 1 ? ": 'b'" : "s: 'a' and 'b'");
    if (!to_double(args[0], &a, "divide", "a") || !to_double(args[1], &b, "divide", "b"))
        return NULL;
    if (b == 0.0) {
        PyErr_SetString(PyExc_ZeroDivisionError, "division by zero");
        return NULL;
    }
    return PyFloat_FromDouble(a / b);
}

/* The arguments of greet(name, /, times=1, *, end='!') in their places. */
static int greet_arguments(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                           PyObject *slots[3])
{
    static const char *const names[3] = {NULL, "times", "end"};
    Py_ssize_t keywords = kwnames ? PyTuple_GET_SIZE(kwnames) : 0, keyword_only = 0;
    for (Py_ssize_t i = 0; i < nargs && i < 2; i++)
        slots[i] = args[i];
    for (Py_ssize_t k = 0; k < keywords; k++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, k);
        int slot = 1;
        while (slot < 3 && PyUnicode_CompareWithASCIIString(name, names[slot]) != 0)
            slot++;
        if (slot == 3) {
            PyErr_Format(PyExc_TypeError,
                         PyUnicode_CompareWithASCIIString(name, "name") == 0
                             ? "greet() got some positional-only arguments passed as keyword "
                               "arguments: '%U'"
                             : "greet() got an unexpected keyword argument '%U'",
                         name);
            return 0;
        }
        if (slots[slot]) {
            PyErr_Format(PyExc_TypeError, "greet() got multiple values for argument '%U'", name);
            return 0;
        }
        slots[slot] = args[nargs + k];
        keyword_only += slot == 2;
    }
    if (nargs > 2) {
        if (keyword_only)
            PyErr_Format(PyExc_TypeError,
                         "greet() takes from 1 to 2 positional arguments but %zd positional "
                         "arguments (and 1 keyword-only argument) were given",
                         nargs);
        else
            PyErr_Format(PyExc_TypeError,
                         "greet() takes from 1 to 2 positional arguments but %zd were given",
                         nargs);
        return 0;
    }
    if (!slots[0]) {
        PyErr_SetString(PyExc_TypeError, "greet() missing 1 required positional argument: 'name'");
        return 0;
    }
    return 1;
}

static PyObject *greet(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    PyObject *slots[3] = {NULL, NULL, NULL}, *greeting, *list, *separator, *result = NULL;
    const char *name, *end = "!";
    Py_ssize_t name_size, end_size = 1;
    long long times = 1;
    if (!greet_arguments(args, nargs, kwnames, slots) ||
        !to_text(slots[0], &name, &name_size, "greet", "name") ||
        (slots[1] && !to_int64(slots[1], &times, "greet", "times")) ||
        (slots[2] && !to_text(slots[2], &end, &end_size, "greet", "end")))
        return NULL;
    if (times < 0 || times > MOST)
        return PyErr_Format(PyExc_ValueError, "times must be 0 to %d, not %lld", MOST, times);
    greeting = slots[2] ? PyUnicode_FromFormat("Hello, %U%U", slots[0], slots[2])
                        : PyUnicode_FromFormat("Hello, %U!", slots[0]);
    if (!greeting)
        return NULL;
    list = PyList_New(times);
    separator = PyUnicode_FromString(" ");
    if (list && separator) {
        for (Py_ssize_t i = 0; i < times; i++) {
            Py_INCREF(greeting);
            PyList_SET_ITEM(list, i, greeting);
        }
        result = PyUnicode_Join(separator, list);
    }
    Py_XDECREF(separator);
    Py_XDECREF(list);
    Py_DECREF(greeting);
    return result;
}

static PyMethodDef methods[] = {
    {"hello", hello, METH_NOARGS, "hello($module)\n--\n\nThe shortest greeting."},
    {"double", double_, METH_O, "double($module, x, /)\n--\n\nTwice the integer."},
    {"divide", (PyCFunction)(void (*)(void))divide, METH_FASTCALL,
     "divide($module, a, b, /)\n--\n\na / b, of floats."},
    {"greet", (PyCFunction)(void (*)(void))greet, METH_FASTCALL | METH_KEYWORDS,
     "greet($module, name, /, times=1, *, end='!')\n--\n\nGreets, once or more often."},
    {NULL, NULL, 0, NULL},
};

static int fill(PyObject *module)
{
    return PyModule_AddIntConstant(module, "MOST", MOST);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "hello_c",
    .m_doc = "The four calling conventions.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_hello_c(void)
{
    return PyModuleDef_Init(&definition);
}
