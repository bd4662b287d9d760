/* The benchmark's coroutines in C against Python.h: an awaitable that is its own iterator. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long long a, b;
    /* How often it waits yet; -1 after its end. */
    int rounds;
} Coroutine;

static PyObject *coroutine_next(PyObject *self)
{
    Coroutine *coroutine = (Coroutine *)self;
    if (coroutine->rounds > 0) {
        coroutine->rounds--;
        Py_RETURN_NONE;
    }
    if (coroutine->rounds < 0) {
        PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited coroutine");
        return NULL;
    }
    coroutine->rounds = -1;
    PyObject *sum = PyLong_FromLongLong(coroutine->a + coroutine->b);
    if (sum == NULL)
        return NULL;
    PyErr_SetObject(PyExc_StopIteration, sum);
    Py_DECREF(sum);
    return NULL;
}

static PyObject *coroutine_await(PyObject *self)
{
    Py_INCREF(self);
    return self;
}

static PyObject *coroutine_send(PyObject *self, PyObject *value)
{
    return coroutine_next(self);
}

static void coroutine_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"send", coroutine_send, METH_O, NULL},
    {NULL},
};

static PyType_Slot slots[] = {
    {Py_am_await, coroutine_await},
    {Py_tp_iter, coroutine_await},
    {Py_tp_iternext, coroutine_next},
    {Py_tp_methods, methods},
    {Py_tp_dealloc, coroutine_dealloc},
    {0},
};

static PyType_Spec spec = {
    .name = "coroutines_c.coroutine",
    .basicsize = sizeof(Coroutine),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

static PyTypeObject *type;

static PyObject *make(PyObject *const *args, Py_ssize_t nargs, int rounds)
{
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "expected two arguments");
        return NULL;
    }
    long long a = PyLong_AsLongLong(args[0]);
    if (a == -1 && PyErr_Occurred())
        return NULL;
    long long b = PyLong_AsLongLong(args[1]);
    if (b == -1 && PyErr_Occurred())
        return NULL;
    Coroutine *coroutine = (Coroutine *)type->tp_alloc(type, 0);
    if (coroutine == NULL)
        return NULL;
    coroutine->a = a;
    coroutine->b = b;
    coroutine->rounds = rounds;
    return (PyObject *)coroutine;
}

static PyObject *add(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return make(args, nargs, 0);
}

static PyObject *add_later(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return make(args, nargs, 1);
}

static PyMethodDef functions[] = {
    {"add", (PyCFunction)(void (*)(void))add, METH_FASTCALL, NULL},
    {"add_later", (PyCFunction)(void (*)(void))add_later, METH_FASTCALL, NULL},
    {NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "coroutines_c",
    .m_size = -1,
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit_coroutines_c(void)
{
    type = (PyTypeObject *)PyType_FromSpec(&spec);
    if (type == NULL)
        return NULL;
    return PyModule_Create(&definition);
}
