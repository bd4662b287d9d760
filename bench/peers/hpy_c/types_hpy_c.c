/* The rows of the benchmark about types and lists of numbers in C against hpy.h, in the universal
 * ABI. With -DGETSET fields are attributes by functions, in place of members. With -DCHECKED it
 * does what hpy does on PyPy: checks.h, and attributes as methods in a property. */
#include "hpy.h"
#include <stdlib.h>
#include "checks.h"

typedef struct {
    HEADER
    double x, y;
} Point;

HPyType_HELPERS(Point)

static HPyGlobal type_of_point;

/* A handle that stays open, as PyPy's do: for CHECKED. */
static HPy kept_type;

static Point *borrow_point(HPyContext *ctx, HPy self, int exclusively)
{
    return borrow(ctx, self, sizeof(Point), &type_of_point, exclusively);
}

static int to_double(HPyContext *ctx, HPy object, double *value)
{
    *value = HPyFloat_AsDouble(ctx, object);
    return *value != -1.0 || !HPyErr_Occurred(ctx);
}

static int expect(HPyContext *ctx, const char *name, HPy_ssize_t given, HPy_ssize_t wanted)
{
    if (given == wanted)
        return 1;
    HPyErr_Format(ctx, ctx->h_TypeError, "%s() takes exactly %zd arguments (%zd given)", name,
                  wanted, given);
    return 0;
}

static HPy new_point(HPyContext *ctx, HPy cls, double x, double y)
{
    Point *point;
    HPy object = HPy_New(ctx, cls, &point);
    if (HPy_IsNull(object))
        return HPy_NULL;
    own(point, &type_of_point);
    point->x = x;
    point->y = y;
    return object;
}

HPyDef_SLOT(Point_new, HPy_tp_new)
static HPy Point_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    double x, y;
    if (!enter(ctx))
        return HPy_NULL;
    if (!expect(ctx, "Point", nargs, 2) || !to_double(ctx, args[0], &x) ||
        !to_double(ctx, args[1], &y))
        return leave(HPy_NULL);
#ifdef CHECKED
    if (!HPy_Is(ctx, cls, kept_type) && !(HPy_TypeCheck(ctx, cls, ctx->h_TypeType) &&
                                          HPyType_IsSubtype(ctx, cls, kept_type))) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "the class is no Point");
        return leave(HPy_NULL);
    }
#endif
    return leave(new_point(ctx, cls, x, y));
}

#if defined(CHECKED) || defined(GETSET)
static HPy get_field(HPyContext *ctx, HPy self, size_t offset)
{
    if (!enter(ctx))
        return HPy_NULL;
    Point *point = borrow_point(ctx, self, 0);
    if (!point)
        return leave(HPy_NULL);
    double value = *(double *)((char *)point + offset);
    give_back(point, 0);
    return leave(HPyFloat_FromDouble(ctx, value));
}

static int set_field(HPyContext *ctx, HPy self, HPy value, size_t offset)
{
    double number;
    if (!enter(ctx))
        return -1;
    if (HPy_IsNull(value)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "the attribute cannot be deleted");
        leave(HPy_NULL);
        return -1;
    }
    Point *point = to_double(ctx, value, &number) ? borrow_point(ctx, self, 1) : NULL;
    if (point) {
        *(double *)((char *)point + offset) = number;
        give_back(point, 1);
    }
    leave(HPy_NULL);
    return point ? 0 : -1;
}
#endif

#if defined(CHECKED)
#define FIELD(name)                                                                                \
    HPyDef_METH(Point_##name, "get_" #name, HPyFunc_NOARGS)                                        \
    static HPy Point_##name##_impl(HPyContext *ctx, HPy self)                                      \
    {                                                                                              \
        return get_field(ctx, self, offsetof(Point, name));                                        \
    }                                                                                              \
    HPyDef_METH(Point_set_##name, "set_" #name, HPyFunc_O)                                         \
    static HPy Point_set_##name##_impl(HPyContext *ctx, HPy self, HPy value)                       \
    {                                                                                              \
        int failed = set_field(ctx, self, value, offsetof(Point, name)) < 0;                       \
        return failed ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);                                      \
    }
FIELD(x)
FIELD(y)
#elif defined(GETSET)
#define FIELD(name)                                                                                \
    HPyDef_GETSET(Point_##name, #name)                                                             \
    static HPy Point_##name##_get(HPyContext *ctx, HPy self, void *closure)                        \
    {                                                                                              \
        return get_field(ctx, self, offsetof(Point, name));                                        \
    }                                                                                              \
    static int Point_##name##_set(HPyContext *ctx, HPy self, HPy value, void *closure)             \
    {                                                                                              \
        return set_field(ctx, self, value, offsetof(Point, name));                                 \
    }
FIELD(x)
FIELD(y)
#else
HPyDef_MEMBER(Point_x, "x", HPyMember_DOUBLE, offsetof(Point, x))
HPyDef_MEMBER(Point_y, "y", HPyMember_DOUBLE, offsetof(Point, y))
#endif

static HPy square(HPyContext *ctx, HPy self)
{
    if (!enter(ctx))
        return HPy_NULL;
    Point *point = borrow_point(ctx, self, 0);
    if (!point)
        return leave(HPy_NULL);
    double value = point->x * point->x + point->y * point->y;
    give_back(point, 0);
    return leave(HPyFloat_FromDouble(ctx, value));
}

#ifdef CHECKED
HPyDef_METH(Point_squared, "get_squared", HPyFunc_NOARGS)
static HPy Point_squared_impl(HPyContext *ctx, HPy self)
#else
HPyDef_GET(Point_squared, "squared")
static HPy Point_squared_get(HPyContext *ctx, HPy self, void *closure)
#endif
{
    return square(ctx, self);
}

HPyDef_METH(Point_square, "square", HPyFunc_NOARGS)
static HPy Point_square_impl(HPyContext *ctx, HPy self)
{
    return square(ctx, self);
}

/* Whether an argument is a Point. With CHECKED its data tells. */
static int is_point(HPyContext *ctx, HPy object)
{
#ifdef CHECKED
    return 1;
#else
    HPy type = HPyGlobal_Load(ctx, type_of_point);
    int is_point = HPy_TypeCheck(ctx, object, type);
    HPy_Close(ctx, type);
    return is_point;
#endif
}

static HPy dot(HPyContext *ctx, HPy self, HPy arg)
{
    if (!is_point(ctx, arg)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "dot() argument must be Point");
        return HPy_NULL;
    }
    Point *point = borrow_point(ctx, self, 0), *other = point ? borrow_point(ctx, arg, 0) : NULL;
    if (!other) {
        if (point)
            give_back(point, 0);
        return HPy_NULL;
    }
    double product = point->x * other->x + point->y * other->y;
    give_back(point, 0);
    give_back(other, 0);
    return HPyFloat_FromDouble(ctx, product);
}

HPyDef_METH(Point_dot, "dot", HPyFunc_O)
static HPy Point_dot_impl(HPyContext *ctx, HPy self, HPy arg)
{
    return enter(ctx) ? leave(dot(ctx, self, arg)) : HPy_NULL;
}

HPyDef_METH(Point_shift, "shift", HPyFunc_VARARGS)
static HPy Point_shift_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    double dx, dy;
    if (!enter(ctx))
        return HPy_NULL;
    if (!expect(ctx, "shift", nargs, 2) || !to_double(ctx, args[0], &dx) ||
        !to_double(ctx, args[1], &dy))
        return leave(HPy_NULL);
    Point *point = borrow_point(ctx, self, 1);
    if (!point)
        return leave(HPy_NULL);
    point->x += dx;
    point->y += dy;
    give_back(point, 1);
    return leave(HPy_Dup(ctx, ctx->h_None));
}

static HPy add(HPyContext *ctx, HPy left, HPy right)
{
    if (!is_point(ctx, left) || !is_point(ctx, right))
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    Point *a = borrow_point(ctx, left, 0), *b = a ? borrow_point(ctx, right, 0) : NULL;
    if (!b) {
        if (a)
            give_back(a, 0);
        return HPy_NULL;
    }
    double x = a->x + b->x, y = a->y + b->y;
    give_back(a, 0);
    give_back(b, 0);
#ifdef CHECKED
    return new_point(ctx, kept_type, x, y);
#else
    HPy type = HPyGlobal_Load(ctx, type_of_point);
    HPy object = new_point(ctx, type, x, y);
    HPy_Close(ctx, type);
    return object;
#endif
}

HPyDef_SLOT(Point_add, HPy_nb_add)
static HPy Point_add_impl(HPyContext *ctx, HPy left, HPy right)
{
    return enter(ctx) ? leave(add(ctx, left, right)) : HPy_NULL;
}

HPyDef_SLOT(Point_call, HPy_tp_call)
static HPy Point_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy names)
{
    double x;
    if (!enter(ctx))
        return HPy_NULL;
    if (!expect(ctx, "Point", nargs, 1) || !to_double(ctx, args[0], &x))
        return leave(HPy_NULL);
    Point *point = borrow_point(ctx, self, 0);
    if (!point)
        return leave(HPy_NULL);
    x = point->x * x + point->y;
    give_back(point, 0);
    return leave(HPyFloat_FromDouble(ctx, x));
}

static HPyDef *point_defines[] = {
    &Point_new, &Point_x,     &Point_y,   &Point_squared, &Point_square,
    &Point_dot, &Point_shift, &Point_add, &Point_call,
#ifdef CHECKED
    &Point_set_x, &Point_set_y,
#endif
    NULL,
};

static HPyType_Spec point_spec = {
    .name = "types_hpy_c.Point",
    .basicsize = sizeof(Point),
    .builtin_shape = SHAPE(Point),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,
    .defines = point_defines,
};

/* The numbers of a list, in an array that is to be freed. */
static double *floats_of(HPyContext *ctx, HPy list, HPy_ssize_t *count)
{
    if (!HPyList_Check(ctx, list)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "the argument must be list");
        return NULL;
    }
    *count = HPy_Length(ctx, list);
    double *numbers = malloc(sizeof(double) * (*count + 1));
    for (HPy_ssize_t i = 0; numbers && i < *count; i++) {
        HPy item = HPy_GetItem_i(ctx, list, i);
        int ok = !HPy_IsNull(item) && to_double(ctx, item, &numbers[i]);
        if (!HPy_IsNull(item))
            HPy_Close(ctx, item);
        if (!ok) {
            free(numbers);
            return NULL;
        }
    }
    return numbers;
}

HPyDef_METH(sum_floats, "sum_floats", HPyFunc_O)
static HPy sum_floats_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPy_ssize_t count;
    double sum = 0, *numbers = floats_of(ctx, arg, &count);
    if (!numbers)
        return HPy_NULL;
    for (HPy_ssize_t i = 0; i < count; i++)
        sum += numbers[i];
    free(numbers);
    return HPyFloat_FromDouble(ctx, sum);
}

HPyDef_METH(sum_ints, "sum_ints", HPyFunc_O)
static HPy sum_ints_impl(HPyContext *ctx, HPy self, HPy arg)
{
    if (!HPyList_Check(ctx, arg)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "the argument must be list");
        return HPy_NULL;
    }
    HPy_ssize_t count = HPy_Length(ctx, arg);
    int64_t *numbers = malloc(sizeof(int64_t) * (count + 1));
    uint64_t sum = 0;
    for (HPy_ssize_t i = 0; numbers && i < count; i++) {
        HPy item = HPy_GetItem_i(ctx, arg, i);
        if (HPy_IsNull(item)) {
            free(numbers);
            return HPy_NULL;
        }
        numbers[i] = HPyLong_AsInt64_t(ctx, item);
        HPy_Close(ctx, item);
        if (numbers[i] == -1 && HPyErr_Occurred(ctx)) {
            free(numbers);
            return HPy_NULL;
        }
    }
    for (HPy_ssize_t i = 0; numbers && i < count; i++)
        sum += (uint64_t)numbers[i];
    free(numbers);
    return HPyLong_FromInt64_t(ctx, (int64_t)sum);
}

HPyDef_METH(negate, "negate", HPyFunc_O)
static HPy negate_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPy_ssize_t count;
    double *numbers = floats_of(ctx, arg, &count);
    if (!numbers)
        return HPy_NULL;
    for (HPy_ssize_t i = 0; i < count; i++) {
        HPy item = HPyFloat_FromDouble(ctx, -numbers[i]);
        int failed = HPy_IsNull(item) || HPy_SetItem_i(ctx, arg, i, item) < 0;
        if (!HPy_IsNull(item))
            HPy_Close(ctx, item);
        if (failed) {
            free(numbers);
            return HPy_NULL;
        }
    }
    free(numbers);
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_SLOT(fill, HPy_mod_exec)
static int fill_impl(HPyContext *ctx, HPy module)
{
    HPy type = HPyType_FromSpec(ctx, &point_spec, NULL);
    if (HPy_IsNull(type))
        return -1;
    int failed = HPy_SetAttr_s(ctx, module, "Point", type) < 0;
    HPyGlobal_Store(ctx, &type_of_point, type);
#ifdef CHECKED
    failed |= make_property(ctx, type, "x", "get_x", "set_x");
    failed |= make_property(ctx, type, "y", "get_y", "set_y");
    failed |= make_property(ctx, type, "squared", "get_squared", NULL);
#endif
    kept_type = type;
    return failed ? -1 : 0;
}

static HPyDef *defines[] = {&fill, &sum_floats, &sum_ints, &negate, NULL};
static HPyGlobal *globals[] = {&type_of_point, NULL};

static HPyModuleDef definition = {
    .doc = "The rows of the benchmark about types.",
    .defines = defines,
    .globals = globals,
};

HPy_MODINIT(types_hpy_c, definition)
