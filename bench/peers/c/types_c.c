/* A type in C against Python.h, and lists of numbers, as a good C programmer writes them: a heap
 * type from a spec, its fields as members, functions of the cheapest calling convention, vectorcall
 * for instances that are called, a tp_dealloc of its own, no free list. The type's own call is by
 * vectorcall too. Before 3.14 there is no slot for that, so the field is set. With PLAIN_CALL the
 * type has tp_new alone. With CHECKED each function checks what hpy checks there: the stack,
 * whether the object has data of the type, and who has borrowed it. Fields are functions then. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include "short_int.h"
#include "stack_check.h"
#if PY_VERSION_HEX < 0x030c0000
#include <structmember.h>
#define Py_T_DOUBLE T_DOUBLE
#define Py_T_PYSSIZET T_PYSSIZET
#define Py_READONLY READONLY
#endif

typedef struct {
    PyObject_HEAD
#ifdef CHECKED
    const void *owner;
    Py_ssize_t borrows;
#endif
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

#ifdef CHECKED
/* Borrows the object's data, if it has been filled. */
static Point *lend(PyObject *self, int exclusively)
{
    Point *point = (Point *)self;
    if (!is_point(self) || point->owner != &point_type) {
        PyErr_Format(PyExc_TypeError, "%.200s has no data of Point", Py_TYPE(self)->tp_name);
        return NULL;
    }
    if (exclusively ? point->borrows != 0 : point->borrows < 0) {
        PyErr_SetString(PyExc_RuntimeError, "the point is borrowed");
        return NULL;
    }
    point->borrows += exclusively ? -1 : 1;
    return point;
}

static void give_back(Point *point, int exclusively)
{
    point->borrows += exclusively ? 1 : -1;
}
#else
static Point *lend(PyObject *self, int exclusively)
{
    return (Point *)self;
}

static void give_back(Point *point, int exclusively)
{
}
#endif

static PyObject *call_point(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    double x;
    if (!begins())
        return NULL;
    if (kwnames && PyTuple_GET_SIZE(kwnames)) {
        PyErr_SetString(PyExc_TypeError, "a point takes no keyword arguments");
        return NULL;
    }
    if (!expect("__call__", PyVectorcall_NARGS(nargsf), 1) || !to_double(args[0], &x))
        return NULL;
    Point *point = lend(self, 0);
    if (!point)
        return NULL;
    x = point->x * x + point->y;
    give_back(point, 0);
    return PyFloat_FromDouble(x);
}

static PyObject *make(PyTypeObject *type, double x, double y)
{
    Point *point = (Point *)type->tp_alloc(type, 0);
    if (point) {
#ifdef CHECKED
        point->owner = &point_type;
#endif
        point->x = x;
        point->y = y;
        point->vectorcall = call_point;
    }
    return (PyObject *)point;
}

static PyObject *point_new(PyTypeObject *type, PyObject *args, PyObject *kw)
{
    double x, y;
    if (!begins())
        return NULL;
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
    if (!begins())
        return NULL;
    Point *point = lend(self, 0);
    if (!point)
        return NULL;
    double square = point->x * point->x + point->y * point->y;
    give_back(point, 0);
    return PyFloat_FromDouble(square);
}

static PyObject *point_square(PyObject *self, PyObject *unused)
{
    return point_squared(self, NULL);
}

static PyObject *point_dot(PyObject *self, PyObject *other)
{
    if (!begins())
        return NULL;
    if (!is_point(other)) {
        PyErr_Format(PyExc_TypeError, "dot() argument must be Point, not %.200s",
                     Py_TYPE(other)->tp_name);
        return NULL;
    }
    Point *a = lend(self, 0), *b = a ? lend(other, 0) : NULL;
    if (!b) {
        if (a)
            give_back(a, 0);
        return NULL;
    }
    double product = a->x * b->x + a->y * b->y;
    give_back(a, 0);
    give_back(b, 0);
    return PyFloat_FromDouble(product);
}

static PyObject *point_shift(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    double dx, dy;
    if (!begins())
        return NULL;
    if (!expect("shift", nargs, 2) || !to_double(args[0], &dx) || !to_double(args[1], &dy))
        return NULL;
    Point *point = lend(self, 1);
    if (!point)
        return NULL;
    point->x += dx;
    point->y += dy;
    give_back(point, 1);
    Py_RETURN_NONE;
}

static PyObject *point_add(PyObject *left, PyObject *right)
{
    if (!begins())
        return NULL;
    if (!is_point(left) || !is_point(right))
        Py_RETURN_NOTIMPLEMENTED;
    Point *a = lend(left, 0), *b = a ? lend(right, 0) : NULL;
    if (!b) {
        if (a)
            give_back(a, 0);
        return NULL;
    }
    double x = a->x + b->x, y = a->y + b->y;
    give_back(a, 0);
    give_back(b, 0);
    return make(point_type, x, y);
}

#ifdef CHECKED
static PyObject *get_field(PyObject *self, void *offset)
{
    if (!begins())
        return NULL;
    Point *point = lend(self, 0);
    if (!point)
        return NULL;
    double value = *(double *)((char *)point + (size_t)offset);
    give_back(point, 0);
    return PyFloat_FromDouble(value);
}

static int set_field(PyObject *self, PyObject *value, void *offset)
{
    double number;
    if (!begins())
        return -1;
    if (!value) {
        PyErr_SetString(PyExc_AttributeError, "the attribute cannot be deleted");
        return -1;
    }
    if (!to_double(value, &number))
        return -1;
    Point *point = lend(self, 1);
    if (!point)
        return -1;
    *(double *)((char *)point + (size_t)offset) = number;
    give_back(point, 1);
    return 0;
}
#endif

static PyMemberDef point_members[] = {
#ifndef CHECKED
    {"x", Py_T_DOUBLE, offsetof(Point, x), 0, "To the right."},
    {"y", Py_T_DOUBLE, offsetof(Point, y), 0, "Up."},
#endif
    {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(Point, vectorcall), Py_READONLY, NULL},
    {NULL},
};

static PyGetSetDef point_getset[] = {
#ifdef CHECKED
    {"x", get_field, set_field, "To the right.", (void *)offsetof(Point, x)},
    {"y", get_field, set_field, "Up.", (void *)offsetof(Point, y)},
#endif
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
    if (!begins())
        return NULL;
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
