/* The rows of the benchmark in C against Python.h, as a good C programmer writes them: the cheapest
 * calling convention for each, macros where the header has them, no format strings. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "short_int.h"
#include "stack_check.h"

static PyObject *noargs(PyObject *self, PyObject *unused)
{
    if (!begins())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *identity(PyObject *self, PyObject *arg)
{
    if (!begins())
        return NULL;
    Py_INCREF(arg);
    return arg;
}

static int expect(const char *name, Py_ssize_t given, Py_ssize_t wanted)
{
    if (given == wanted)
        return 1;
    PyErr_Format(PyExc_TypeError, "%s() takes exactly %zd arguments (%zd given)", name, wanted,
                 given);
    return 0;
}

static PyObject *add(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!begins())
        return NULL;
    if (!expect("add", nargs, 2))
        return NULL;
    return PyNumber_Add(args[0], args[1]);
}

static int to_int64(PyObject *o, long long *value)
{
    if (PyLong_CheckExact(o) && is_short(o)) {
        *value = short_value(o);
        return 1;
    }
    *value = PyLong_AsLongLong(o);
    return *value != -1 || !PyErr_Occurred();
}

static PyObject *add_ints(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!begins())
        return NULL;
    long long a, b, sum;
    if (!expect("add_ints", nargs, 2) || !to_int64(args[0], &a) || !to_int64(args[1], &b))
        return NULL;
    if (__builtin_add_overflow(a, b, &sum)) {
        PyErr_SetString(PyExc_OverflowError, "the sum does not fit 64 bits");
        return NULL;
    }
    return PyLong_FromLongLong(sum);
}

/* keywords(a, b=10, *, c=20): names are compared by address first. That nearly always suffices,
 * since the call's compiler has interned them, and so has the module. */
static PyObject *names[3];
static const char *const texts[3] = {"a", "b", "c"};

static int parameter(PyObject *name)
{
    for (int i = 0; i < 3; i++)
        if (name == names[i])
            return i;
    for (int i = 0; i < 3; i++) {
        int differs = PyUnicode_Compare(name, names[i]);
        if (differs == 0)
            return i;
    }
    return -1;
}

static PyObject *keywords(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                          PyObject *kwnames)
{
    if (!begins())
        return NULL;
    PyObject *slots[3] = {NULL, NULL, NULL};
    long long a, b = 10, c = 20;
    if (nargs > 2) {
        PyErr_Format(PyExc_TypeError, "keywords() takes at most 2 positional arguments (%zd given)",
                     nargs);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < nargs; i++)
        slots[i] = args[i];
    if (kwnames) {
        Py_ssize_t count = PyTuple_GET_SIZE(kwnames);
        for (Py_ssize_t i = 0; i < count; i++) {
            PyObject *name = PyTuple_GET_ITEM(kwnames, i);
            int slot = parameter(name);
            if (slot < 0) {
                PyErr_Format(PyExc_TypeError, "keywords() got an unexpected keyword argument '%U'",
                             name);
                return NULL;
            }
            if (slots[slot]) {
                PyErr_Format(PyExc_TypeError, "keywords() got multiple values for argument '%U'",
                             name);
                return NULL;
            }
            slots[slot] = args[nargs + i];
        }
    }
    if (!slots[0]) {
        PyErr_SetString(PyExc_TypeError, "keywords() missing 1 required positional argument: 'a'");
        return NULL;
    }
    if (!to_int64(slots[0], &a) || (slots[1] && !to_int64(slots[1], &b)) ||
        (slots[2] && !to_int64(slots[2], &c)))
        return NULL;
    return PyLong_FromLongLong((long long)((unsigned long long)a + b + c));
}

static PyObject *str_len(PyObject *self, PyObject *arg)
{
    if (!begins())
        return NULL;
    Py_ssize_t size;
    if (!PyUnicode_Check(arg)) {
        PyErr_Format(PyExc_TypeError, "str_len() argument must be str, not %.200s",
                     Py_TYPE(arg)->tp_name);
        return NULL;
    }
    if (!PyUnicode_AsUTF8AndSize(arg, &size))
        return NULL;
    return PyLong_FromSsize_t(size);
}

static PyObject *str_made(PyObject *self, PyObject *unused)
{
    if (!begins())
        return NULL;
    static const char text[] = "a text of some thirty letters";
    return PyUnicode_FromStringAndSize(text, sizeof text - 1);
}

static PyObject *list_sum(PyObject *self, PyObject *arg)
{
    if (!begins())
        return NULL;
    unsigned long long sum = 0;
    if (!PyList_Check(arg)) {
        PyErr_Format(PyExc_TypeError, "list_sum() argument must be list, not %.200s",
                     Py_TYPE(arg)->tp_name);
        return NULL;
    }
    /* An item may run Python code (__index__), which may change the list: the length is read anew,
     * and all but an exact int is held meanwhile. */
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(arg); i++) {
        long long value;
        PyObject *item = PyList_GET_ITEM(arg, i);
        if (PyLong_CheckExact(item)) {
            if (!to_int64(item, &value))
                return NULL;
            sum += value;
            continue;
        }
        Py_INCREF(item);
        int ok = to_int64(item, &value);
        Py_DECREF(item);
        if (!ok)
            return NULL;
        sum += value;
    }
    return PyLong_FromLongLong((long long)sum);
}

static PyObject *sequence_sum(PyObject *self, PyObject *arg)
{
    if (!begins())
        return NULL;
    unsigned long long sum = 0;
    Py_ssize_t count = PySequence_Size(arg);
    if (count < 0)
        return NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        long long value;
        PyObject *item = PySequence_GetItem(arg, i);
        if (!item)
            return NULL;
        int ok = to_int64(item, &value);
        Py_DECREF(item);
        if (!ok)
            return NULL;
        sum += value;
    }
    return PyLong_FromLongLong((long long)sum);
}

/* x.real, by a name that is kept. */
static PyObject *name_of_real;

static PyObject *attribute(PyObject *self, PyObject *arg)
{
    if (!begins())
        return NULL;
    return PyObject_GetAttr(arg, name_of_real);
}

/* A dict of so many ints. */
static PyObject *dict_made(PyObject *self, PyObject *arg)
{
    if (!begins())
        return NULL;
    long long count;
    if (!to_int64(arg, &count))
        return NULL;
    PyObject *dict = PyDict_New();
    if (!dict)
        return NULL;
    for (long long i = 0; i < count; i++) {
        PyObject *key = PyLong_FromLongLong(i), *value = PyLong_FromLongLong(i + 1000);
        int failed = !key || !value || PyDict_SetItem(dict, key, value) < 0;
        Py_XDECREF(key);
        Py_XDECREF(value);
        if (failed) {
            Py_DECREF(dict);
            return NULL;
        }
    }
    return dict;
}

static PyObject *call_back(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!begins())
        return NULL;
    if (!expect("call_back", nargs, 2))
        return NULL;
    return PyObject_CallOneArg(args[0], args[1]);
}

static PyMethodDef methods[] = {
    {"noargs", noargs, METH_NOARGS, "noargs($module)\n--\n\nNothing."},
    {"identity", identity, METH_O, "identity($module, x, /)\n--\n\nThe argument."},
    {"add", (PyCFunction)(void (*)(void))add, METH_FASTCALL, "add($module, a, b, /)\n--\n\na + b."},
    {"add_ints", (PyCFunction)(void (*)(void))add_ints, METH_FASTCALL,
     "add_ints($module, a, b, /)\n--\n\nThe sum of two integers of 64 bits."},
    {"keywords", (PyCFunction)(void (*)(void))keywords, METH_FASTCALL | METH_KEYWORDS,
     "keywords($module, a, b=10, *, c=20)\n--\n\na + b + c."},
    {"str_len", str_len, METH_O, "str_len($module, text, /)\n--\n\nThe number of bytes in UTF-8."},
    {"str_made", str_made, METH_NOARGS, "str_made($module)\n--\n\nA text."},
    {"list_sum", list_sum, METH_O,
     "list_sum($module, items, /)\n--\n\nThe sum of a list of integers."},
    {"sequence_sum", sequence_sum, METH_O,
     "sequence_sum($module, items, /)\n--\n\nThe sum of a sequence of integers."},
    {"attribute", attribute, METH_O,
     "attribute($module, x, /)\n--\n\nx.real, by a name that is kept."},
    {"dict_made", dict_made, METH_O,
     "dict_made($module, count, /)\n--\n\nA dict of so many ints."},
    {"call_back", (PyCFunction)(void (*)(void))call_back, METH_FASTCALL,
     "call_back($module, function, x, /)\n--\n\nfunction(x)."},
    {NULL, NULL, 0, NULL},
};

static int fill(PyObject *module)
{
    for (int i = 0; i < 3; i++)
        if (!names[i] && !(names[i] = PyUnicode_InternFromString(texts[i])))
            return -1;
    if (!name_of_real && !(name_of_real = PyUnicode_InternFromString("real")))
        return -1;
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "rows_c",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_rows_c(void)
{
    return PyModuleDef_Init(&definition);
}
