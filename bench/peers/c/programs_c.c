/* The nodes and arrays of the benchmark's programs in C against Python.h: heap types from specs. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
/* PyPy has none, and no need of one. */
#ifndef Py_TRASHCAN_BEGIN
#define Py_TRASHCAN_BEGIN(object, dealloc)
#define Py_TRASHCAN_END
#endif
#if PY_VERSION_HEX < 0x030c0000
#include <structmember.h>
#define Py_T_OBJECT_EX T_OBJECT_EX
#define Py_READONLY READONLY
#endif

typedef struct {
    PyObject_HEAD
    PyObject *left, *right;
} Node;

static int expect(const char *name, Py_ssize_t given, Py_ssize_t wanted)
{
    if (given == wanted)
        return 1;
    PyErr_Format(PyExc_TypeError, "%s() takes exactly %zd arguments (%zd given)", name, wanted,
                 given);
    return 0;
}

static PyObject *node_made(PyTypeObject *type, PyObject *left, PyObject *right)
{
    Node *node = (Node *)type->tp_alloc(type, 0);
    if (node) {
        node->left = Py_NewRef(left);
        node->right = Py_NewRef(right);
    }
    return (PyObject *)node;
}

static PyObject *node_new(PyTypeObject *type, PyObject *args, PyObject *kw)
{
    if ((kw && PyDict_Size(kw)) || !expect("Node", PyTuple_GET_SIZE(args), 2))
        return NULL;
    return node_made(type, PyTuple_GET_ITEM(args, 0), PyTuple_GET_ITEM(args, 1));
}

#ifndef PLAIN_CALL
static PyObject *node_call(PyObject *type, PyObject *const *args, size_t nargsf, PyObject *names)
{
    if ((names && PyTuple_GET_SIZE(names)) || !expect("Node", PyVectorcall_NARGS(nargsf), 2))
        return NULL;
    return node_made((PyTypeObject *)type, args[0], args[1]);
}
#endif

static int node_traverse(PyObject *self, visitproc visit, void *arg)
{
    Node *node = (Node *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(node->left);
    Py_VISIT(node->right);
    return 0;
}

static int node_clear(PyObject *self)
{
    Node *node = (Node *)self;
    Py_CLEAR(node->left);
    Py_CLEAR(node->right);
    return 0;
}

static void node_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, node_dealloc)
    node_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

static PyMemberDef node_members[] = {
    {"left", Py_T_OBJECT_EX, offsetof(Node, left), Py_READONLY, NULL},
    {"right", Py_T_OBJECT_EX, offsetof(Node, right), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot node_slots[] = {
    {Py_tp_new, node_new},         {Py_tp_traverse, node_traverse}, {Py_tp_clear, node_clear},
    {Py_tp_dealloc, node_dealloc}, {Py_tp_members, node_members},   {0, NULL},
};

static PyType_Spec node_spec = {
    .name = "programs_c.Node",
    .basicsize = sizeof(Node),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = node_slots,
};

typedef struct {
    PyObject_VAR_HEAD
    double data[1];
} Array;

static PyTypeObject *array_type;

static Array *array_made(Py_ssize_t count)
{
    return (Array *)array_type->tp_alloc(array_type, count);
}

static void array_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static Py_ssize_t array_length(PyObject *self)
{
    return Py_SIZE(self);
}

static PyObject *array_item(PyObject *self, Py_ssize_t index)
{
    if (index < 0 || index >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return NULL;
    }
    return PyFloat_FromDouble(((Array *)self)->data[index]);
}

static int array_set_item(PyObject *self, Py_ssize_t index, PyObject *value)
{
    double number;
    if (!value || index < 0 || index >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return -1;
    }
    number = PyFloat_AsDouble(value);
    if (number == -1.0 && PyErr_Occurred())
        return -1;
    ((Array *)self)->data[index] = number;
    return 0;
}

static PyObject *array_add(PyObject *left, PyObject *right)
{
    Array *sum;
    if (Py_TYPE(left) != array_type || Py_TYPE(right) != array_type)
        Py_RETURN_NOTIMPLEMENTED;
    if (Py_SIZE(left) != Py_SIZE(right)) {
        PyErr_SetString(PyExc_ValueError, "the arrays have other lengths");
        return NULL;
    }
    sum = array_made(Py_SIZE(left));
    for (Py_ssize_t i = 0; sum && i < Py_SIZE(left); i++)
        sum->data[i] = ((Array *)left)->data[i] + ((Array *)right)->data[i];
    return (PyObject *)sum;
}

static PyObject *array_multiply(PyObject *left, PyObject *right)
{
    Array *product;
    double factor;
    if (Py_TYPE(left) != array_type || !PyFloat_Check(right))
        Py_RETURN_NOTIMPLEMENTED;
    factor = PyFloat_AS_DOUBLE(right);
    product = array_made(Py_SIZE(left));
    for (Py_ssize_t i = 0; product && i < Py_SIZE(left); i++)
        product->data[i] = ((Array *)left)->data[i] * factor;
    return (PyObject *)product;
}

static PyType_Slot array_slots[] = {
    {Py_tp_dealloc, array_dealloc},   {Py_sq_length, array_length},
    {Py_sq_item, array_item},         {Py_sq_ass_item, array_set_item},
    {Py_nb_add, array_add},           {Py_nb_multiply, array_multiply},
    {0, NULL},
};

static PyType_Spec array_spec = {
    .name = "programs_c.Array",
    .basicsize = offsetof(Array, data),
    .itemsize = sizeof(double),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = array_slots,
};

static PyObject *zeros(PyObject *module, PyObject *arg)
{
    long count = PyLong_AsLong(arg);
    if (count < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_OverflowError, "the count is negative");
        return NULL;
    }
    return (PyObject *)array_made(count);
}

static PyMethodDef functions[] = {
    {"zeros", zeros, METH_O, "zeros($module, count, /)\n--\n\nAn array of so many zeros."},
    {NULL, NULL, 0, NULL},
};

static int fill(PyObject *module)
{
    PyTypeObject *node_type = (PyTypeObject *)PyType_FromSpec(&node_spec);
    array_type = (PyTypeObject *)PyType_FromSpec(&array_spec);
    if (!node_type || !array_type)
        return -1;
#ifndef PLAIN_CALL
    node_type->tp_vectorcall = node_call;
#endif
    return PyModule_AddObjectRef(module, "Node", (PyObject *)node_type);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "programs_c",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_programs_c(void)
{
    return PyModuleDef_Init(&definition);
}
