/* A type in C against Python.h, and lists of numbers, as a good C programmer writes them: a heap
 * type from a spec, its fields as members, functions of the cheapest calling convention, vectorcall
 * for instances that are called, a tp_dealloc of its own, no free list. The type's own call is by
 * vectorcall too. Before 3.14 there is no slot for that, so the field is set. With PLAIN_CALL the
 * type has tp_new alone. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include "short_int.h"
#if PY_VERSION_HEX < 0x030c0000
#include <structmember.h>
#define Py_T_DOUBLE T_DOUBLE
#define Py_T_PYSSIZET T_PYSSIZET
#define Py_READONLY READONLY
#endif

typedef struct {
    PyObject_HEAD
    double x, y;
    vectorcallfunc vectorcall;
} Point;

/* One for the process: the module is made for one interpreter. */
static PyTypeObject *point_type;

static int to_double(PyObject *o, double *value)
{
    if (PyFloat_CheckExact(o)) {
        *value = PyFloat_AS_DOUBLE(o);
        return 1;
    }
    *value = PyFloat_AsDouble(o);
    return *value != -1.0 || !PyErr_Occurred();
}

static int expect(const char *name, Py_ssize_t given, Py_ssize_t wanted)
{
    if (given == wanted)
        return 1;
    PyErr_Format(PyExc_TypeError, "%s() takes exactly %zd arguments (%zd given)", name, wanted,
                 given);
    return 0;
}

static int is_point(PyObject *o)
{
    return Py_IS_TYPE(o, point_type) || PyType_IsSubtype(Py_TYPE(o), point_type);
}

static PyObject *call_point(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Point *point = (Point *)self;
    double x;
    if (kwnames && PyTuple_GET_SIZE(kwnames)) {
        PyErr_SetString(PyExc_TypeError, "a point takes no keyword arguments");
        return NULL;
    }
    if (!expect("__call__", PyVectorcall_NARGS(nargsf), 1) || !to_double(args[0], &x))
        return NULL;
    return PyFloat_FromDouble(point->x * x + point->y);
}

static PyObject *make(PyTypeObject *type, double x, double y)
{
    Point *point = (Point *)type->tp_alloc(type, 0);
    if (point) {
        point->x = x;
        point->y = y;
        point->vectorcall = call_point;
    }
    return (PyObject *)point;
}

static PyObject *point_new(PyTypeObject *type, PyObject *args, PyObject *kw)
{
    double x, y;
    if (kw && PyDict_GET_SIZE(kw)) {
        static char *names[] = {"x", "y", NULL};
        if (!PyArg_ParseTupleAndKeywords(args, kw, "dd:Point", names, &x, &y))
            return NULL;
    } else if (!expect("Point", PyTuple_GET_SIZE(args), 2) ||
               !to_double(PyTuple_GET_ITEM(args, 0), &x) ||
               !to_double(PyTuple_GET_ITEM(args, 1), &y)) {
        return NULL;
    }
    return make(type, x, y);
}

static void point_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *point_squared(PyObject *self, void *unused)
{
    Point *point = (Point *)self;
    return PyFloat_FromDouble(point->x * point->x + point->y * point->y);
}

static PyObject *point_square(PyObject *self, PyObject *unused)
{
    return point_squared(self, NULL);
}

static PyObject *point_dot(PyObject *self, PyObject *other)
{
    Point *a = (Point *)self, *b = (Point *)other;
    if (!is_point(other)) {
        PyErr_Format(PyExc_TypeError, "dot() argument must be Point, not %.200s",
                     Py_TYPE(other)->tp_name);
        return NULL;
    }
    return PyFloat_FromDouble(a->x * b->x + a->y * b->y);
}

static PyObject *point_shift(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Point *point = (Point *)self;
    double dx, dy;
    if (!expect("shift", nargs, 2) || !to_double(args[0], &dx) || !to_double(args[1], &dy))
        return NULL;
    point->x += dx;
    point->y += dy;
    Py_RETURN_NONE;
}

static PyObject *point_add(PyObject *left, PyObject *right)
{
    if (!is_point(left) || !is_point(right))
        Py_RETURN_NOTIMPLEMENTED;
    Point *a = (Point *)left, *b = (Point *)right;
    return make(point_type, a->x + b->x, a->y + b->y);
}

static PyMemberDef point_members[] = {
    {"x", Py_T_DOUBLE, offsetof(Point, x), 0, "To the right."},
    {"y", Py_T_DOUBLE, offsetof(Point, y), 0, "Up."},
    {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(Point, vectorcall), Py_READONLY, NULL},
    {NULL},
};

static PyGetSetDef point_getset[] = {
    {"squared", point_squared, NULL, "The square of its distance.", NULL},
    {NULL},
};

static PyMethodDef point_methods[] = {
    {"square", point_square, METH_NOARGS, "square($self)\n--\n\nThe square of its distance."},
    {"dot", point_dot, METH_O, "dot($self, other, /)\n--\n\nThe product with another."},
    {"shift", (PyCFunction)(void (*)(void))point_shift, METH_FASTCALL,
     "shift($self, dx, dy, /)\n--\n\nMoves it."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot point_slots[] = {
    {Py_tp_new, point_new},         {Py_tp_dealloc, point_dealloc}, {Py_tp_call, PyVectorcall_Call},
    {Py_tp_members, point_members}, {Py_tp_getset, point_getset},   {Py_tp_methods, point_methods},
    {Py_nb_add, point_add},         {0, NULL},
};

static PyType_Spec point_spec = {
    .name = "types_c.Point",
    .basicsize = sizeof(Point),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL,
    .slots = point_slots,
};

/* The items of a list in an array. An item may run Python code (__float__), which may change the
 * list: only an exact float is read without holding it. */
static double *doubles(PyObject *list, Py_ssize_t *count)
{
    if (!PyList_Check(list)) {
        PyErr_Format(PyExc_TypeError, "argument must be list, not %.200s", Py_TYPE(list)->tp_name);
        return NULL;
    }
    Py_ssize_t n = PyList_GET_SIZE(list);
    double *values = PyMem_RawMalloc((n ? n : 1) * sizeof(double));
    if (!values) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if (i >= PyList_GET_SIZE(list)) {
            PyErr_SetString(PyExc_ValueError, "the list has become shorter");
            PyMem_RawFree(values);
            return NULL;
        }
        PyObject *item = PyList_GET_ITEM(list, i);
        if (PyFloat_CheckExact(item)) {
            values[i] = PyFloat_AS_DOUBLE(item);
            continue;
        }
        Py_INCREF(item);
        int ok = to_double(item, &values[i]);
        Py_DECREF(item);
        if (!ok) {
            PyMem_RawFree(values);
            return NULL;
        }
    }
    *count = n;
    return values;
}

static PyObject *sum_floats(PyObject *self, PyObject *list)
{
    Py_ssize_t n;
    double sum = 0, *values = doubles(list, &n);
    if (!values)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++)
        sum += values[i];
    PyMem_RawFree(values);
    return PyFloat_FromDouble(sum);
}

static PyObject *sum_ints(PyObject *self, PyObject *list)
{
    unsigned long long sum = 0;
    if (!PyList_Check(list)) {
        PyErr_Format(PyExc_TypeError, "argument must be list, not %.200s", Py_TYPE(list)->tp_name);
        return NULL;
    }
    Py_ssize_t n = PyList_GET_SIZE(list);
    long long *values = PyMem_RawMalloc((n ? n : 1) * sizeof(long long));
    if (!values)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < n; i++) {
        if (i >= PyList_GET_SIZE(list)) {
            PyErr_SetString(PyExc_ValueError, "the list has become shorter");
            PyMem_RawFree(values);
            return NULL;
        }
        PyObject *item = PyList_GET_ITEM(list, i);
        if (PyLong_CheckExact(item)) {
            values[i] = is_short(item) ? short_value(item) : PyLong_AsLongLong(item);
        } else {
            Py_INCREF(item);
            values[i] = PyLong_AsLongLong(item);
            Py_DECREF(item);
        }
        if (values[i] == -1 && PyErr_Occurred()) {
            PyMem_RawFree(values);
            return NULL;
        }
    }
    for (Py_ssize_t i = 0; i < n; i++)
        sum += values[i];
    PyMem_RawFree(values);
    return PyLong_FromLongLong((long long)sum);
}

static PyObject *negate(PyObject *self, PyObject *list)
{
    Py_ssize_t n;
    double *values = doubles(list, &n);
    if (!values)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++)
        values[i] = -values[i];
    for (Py_ssize_t i = 0; i < n; i++) {
        /* The old item may run code when it ends and change the list. PyList_SetItem checks. */
        PyObject *item = PyFloat_FromDouble(values[i]);
        if (!item || PyList_SetItem(list, i, item) < 0) {
            PyMem_RawFree(values);
            return NULL;
        }
    }
    PyMem_RawFree(values);
    Py_RETURN_NONE;
}

#ifndef PLAIN_CALL
static PyObject *call_type(PyObject *type, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    double values[2];
    PyObject *given[2] = {NULL, NULL};
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    Py_ssize_t names = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    if (!expect("Point", nargs + names, 2))
        return NULL;
    for (Py_ssize_t i = 0; i < nargs; i++)
        given[i] = args[i];
    for (Py_ssize_t i = 0; i < names; i++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, i);
        int slot = PyUnicode_CompareWithASCIIString(name, "x") == 0   ? 0
                   : PyUnicode_CompareWithASCIIString(name, "y") == 0 ? 1
                                                                      : -1;
        if (slot < 0 || given[slot]) {
            PyErr_Format(PyExc_TypeError, "Point() got an unexpected keyword argument '%U'", name);
            return NULL;
        }
        given[slot] = args[nargs + i];
    }
    if (!to_double(given[0], &values[0]) || !to_double(given[1], &values[1]))
        return NULL;
    return make((PyTypeObject *)type, values[0], values[1]);
}
#endif

static PyMethodDef functions[] = {
    {"sum_floats", sum_floats, METH_O,
     "sum_floats($module, numbers, /)\n--\n\nThe sum of a list of floats."},
    {"sum_ints", sum_ints, METH_O,
     "sum_ints($module, numbers, /)\n--\n\nThe sum of a list of ints."},
    {"negate", negate, METH_O,
     "negate($module, numbers, /)\n--\n\nChanges the signs in a list of floats."},
    {NULL, NULL, 0, NULL},
};

static int fill(PyObject *module)
{
    point_type = (PyTypeObject *)PyType_FromSpec(&point_spec);
    if (!point_type)
        return -1;
#ifndef PLAIN_CALL
    point_type->tp_vectorcall = call_type;
#endif
    return PyModule_AddObjectRef(module, "Point", (PyObject *)point_type);
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
    .m_name = "types_c",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_types_c(void)
{
    return PyModuleDef_Init(&definition);
}
