/* An extension as it was before Rust came: numbers in a row, and calculations with them. It knows
 * nothing of HPy.
 *
 * What has changed: the table of functions and the function that fills the module are no longer
 * static. PyInit_series and the module's definition are gone. A function that moves is deleted
 * here, with its line in the table. (Here all functions are left, and each step has a table, so
 * that each step can be tried.) */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_ssize_t len;
    double *items;
} Series;

static PyTypeObject *SeriesType;

/* What the Rust half calls: the memory of a series, or -1 with a TypeError. */
int series_items(PyObject *object, const double **items, Py_ssize_t *len)
{
    if (SeriesType == NULL || !PyObject_TypeCheck(object, SeriesType)) {
        PyErr_Format(PyExc_TypeError, "a Series is expected, not %.100s", Py_TYPE(object)->tp_name);
        return -1;
    }
    *items = ((Series *)object)->items;
    *len = ((Series *)object)->len;
    return 0;
}

/* As well: a new series of these numbers, or NULL with an exception. */
PyObject *series_from(const double *items, Py_ssize_t len)
{
    Series *self = (Series *)SeriesType->tp_alloc(SeriesType, 0);
    if (self == NULL)
        return NULL;
    self->items = PyMem_Malloc(len ? len * sizeof(double) : 1);
    if (self->items == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    if (len)
        memcpy(self->items, items, len * sizeof(double));
    self->len = len;
    return (PyObject *)self;
}

static PyObject *Series_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *values, *list, *self = NULL;
    if (!PyArg_ParseTuple(args, "O:Series", &values))
        return NULL;
    list = PySequence_Tuple(values);
    if (list == NULL)
        return NULL;
    Py_ssize_t len = PyTuple_GET_SIZE(list);
    double *items = PyMem_Malloc(len ? len * sizeof(double) : 1);
    if (items == NULL) {
        PyErr_NoMemory();
        goto end;
    }
    for (Py_ssize_t i = 0; i < len; i++) {
        items[i] = PyFloat_AsDouble(PyTuple_GET_ITEM(list, i));
        if (items[i] == -1.0 && PyErr_Occurred())
            goto end;
    }
    self = series_from(items, len);
end:
    PyMem_Free(items);
    Py_DECREF(list);
    return self;
}

static void Series_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(((Series *)self)->items);
    type->tp_free(self);
    Py_DECREF(type);
}

static Py_ssize_t Series_len(PyObject *self)
{
    return ((Series *)self)->len;
}

static PyObject *Series_item(PyObject *self, Py_ssize_t index)
{
    if (index < 0 || index >= ((Series *)self)->len) {
        PyErr_SetString(PyExc_IndexError, "there is no such number in the series");
        return NULL;
    }
    return PyFloat_FromDouble(((Series *)self)->items[index]);
}

static PyType_Slot Series_slots[] = {
    {Py_tp_doc, "Numbers in a row."},
    {Py_tp_new, Series_new},
    {Py_tp_dealloc, Series_dealloc},
    {Py_sq_length, Series_len},
    {Py_sq_item, Series_item},
    {0, NULL},
};

static PyType_Spec Series_spec = {
    .name = "series.Series",
    .basicsize = sizeof(Series),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = Series_slots,
};

static PyObject *total(PyObject *module, PyObject *object)
{
    const double *items;
    Py_ssize_t len;
    double sum = 0;
    if (series_items(object, &items, &len) < 0)
        return NULL;
    for (Py_ssize_t i = 0; i < len; i++)
        sum += items[i];
    return PyFloat_FromDouble(sum);
}

static PyObject *mean(PyObject *module, PyObject *object)
{
    const double *items;
    Py_ssize_t len;
    double sum = 0;
    if (series_items(object, &items, &len) < 0)
        return NULL;
    if (len == 0) {
        PyErr_SetString(PyExc_ValueError, "an empty series has no mean");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < len; i++)
        sum += items[i];
    return PyFloat_FromDouble(sum / len);
}

static PyObject *scaled(PyObject *module, PyObject *args)
{
    PyObject *object, *result;
    const double *items;
    double factor;
    Py_ssize_t len;
    if (!PyArg_ParseTuple(args, "Od:scaled", &object, &factor) ||
        series_items(object, &items, &len) < 0)
        return NULL;
    result = series_from(items, len);
    if (result != NULL)
        for (Py_ssize_t i = 0; i < len; i++)
            ((Series *)result)->items[i] *= factor;
    return result;
}

#define TOTAL {"total", total, METH_O, "The sum of a series."}
#define MEAN {"mean", mean, METH_O, "The mean of a series."}
#define SCALED \
    {"scaled", scaled, METH_VARARGS, "A series whose numbers are this many times as large."}

PyMethodDef series_all_methods[] = {TOTAL, MEAN, SCALED, {NULL}};
PyMethodDef series_without_mean[] = {TOTAL, SCALED, {NULL}};
PyMethodDef series_without_scaled[] = {TOTAL, {NULL}};

/* What Py_mod_exec was, or the end of PyInit_series. */
int series_fill(PyObject *module)
{
    if (SeriesType == NULL)
        SeriesType = (PyTypeObject *)PyType_FromSpec(&Series_spec);
    if (SeriesType == NULL)
        return -1;
    Py_INCREF(SeriesType);
    if (PyModule_AddObject(module, "Series", (PyObject *)SeriesType) < 0) {
        Py_DECREF(SeriesType);
        return -1;
    }
    return 0;
}
