/* What is left of the type in C when its data is Rust's. Where the numbers are, Rust says. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* NULL while somebody in Rust has the numbers for himself. */
extern const double *series_numbers(PyObject *self, Py_ssize_t *len);

static const double *numbers(PyObject *self, Py_ssize_t *len)
{
    const double *items = series_numbers(self, len);
    if (items == NULL)
        PyErr_SetString(PyExc_RuntimeError, "the series is in use");
    return items;
}

static PyObject *item(PyObject *self, Py_ssize_t index)
{
    Py_ssize_t len;
    const double *items = numbers(self, &len);
    if (items == NULL)
        return NULL;
    if (index < 0 || index >= len) {
        PyErr_SetString(PyExc_IndexError, "there is no such number in the series");
        return NULL;
    }
    return PyFloat_FromDouble(items[index]);
}

static PyObject *count(PyObject *self, PyObject *object)
{
    Py_ssize_t len, found = 0;
    double wanted = PyFloat_AsDouble(object);
    const double *items;
    if (wanted == -1.0 && PyErr_Occurred())
        return NULL;
    items = numbers(self, &len);
    if (items == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < len; i++)
        found += items[i] == wanted;
    return PyLong_FromSsize_t(found);
}

static PyObject *last(PyObject *self, void *closure)
{
    Py_ssize_t len;
    if (numbers(self, &len) == NULL)
        return NULL;
    return item(self, len - 1);
}

static PyMethodDef methods[] = {
    {"count", count, METH_O, "How often a number is in the series."},
    {NULL},
};
static PyGetSetDef attributes[] = {{"last", last, NULL, "The last number.", NULL}, {NULL}};

PyType_Slot series_slots[] = {
    {Py_sq_item, item},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, NULL},
};

/* Two mistakes: what Rust has as well, and what is Rust's alone. */
static Py_ssize_t len(PyObject *self)
{
    return 0;
}
PyType_Slot series_slots_twice[] = {{Py_sq_length, len}, {0, NULL}};
PyType_Slot series_slots_dealloc[] = {{Py_tp_dealloc, PyObject_Free}, {0, NULL}};
