/* Ints of one digit, read where they are: quicker than PyLong_AsLongLong, which is in another
 * library. PyPy and GraalPy have no such layout. */
#if defined(PYPY_VERSION) || defined(GRAALVM_PYTHON)
static inline int is_short(PyObject *o) { return 0; }
static inline long long short_value(PyObject *o) { return 0; }
#elif PY_VERSION_HEX >= 0x030c0000
static inline int is_short(PyObject *o)
{
    return PyUnstable_Long_IsCompact((PyLongObject *)o);
}
static inline long long short_value(PyObject *o)
{
    return PyUnstable_Long_CompactValue((PyLongObject *)o);
}
#else
static inline int is_short(PyObject *o)
{
    return (size_t)(Py_SIZE(o) + 1) < 3;
}
static inline long long short_value(PyObject *o)
{
    return Py_SIZE(o) * (long long)((PyLongObject *)o)->ob_digit[0];
}
#endif
