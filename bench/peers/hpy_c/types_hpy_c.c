/* The rows of the benchmark about types and lists of numbers in C against hpy.h, in the universal
 * ABI. With -DGETSET fields are attributes by functions, in place of members. */
#include "hpy.h"
#include <stdlib.h>

typedef struct {
    double x, y;
} Point;

HPyType_HELPERS(Point)

static HPyGlobal type_of_point;

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

HPyDef_SLOT(Point_new, HPy_tp_new)
static HPy Point_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    double x, y;
    Point *point;
    if (!expect(ctx, "Point", nargs, 2) || !to_double(ctx, args[0], &x) ||
        !to_double(ctx, args[1], &y))
        return HPy_NULL;
    HPy object = HPy_New(ctx, cls, &point);
    if (HPy_IsNull(object))
        return HPy_NULL;
    point->x = x;
    point->y = y;
    return object;
}

#ifdef GETSET
#define FIELD(name)                                                                                \
    HPyDef_GETSET(Point_##name, #name)                                                             \
    static HPy Point_##name##_get(HPyContext *ctx, HPy self, void *closure)                        \
    {                                                                                              \
        return HPyFloat_FromDouble(ctx, Point_AsStruct(ctx, self)->name);                          \
    }                                                                                              \
    static int Point_##name##_set(HPyContext *ctx, HPy self, HPy value, void *closure)             \
    {                                                                                              \
        double number;                                                                             \
        if (HPy_IsNull(value)) {                                                                   \
            HPyErr_SetString(ctx, ctx->h_TypeError, "can't delete " #name);                        \
            return -1;                                                                             \
        }                                                                                          \
        if (!to_double(ctx, value, &number))                                                       \
            return -1;                                                                             \
        Point_AsStruct(ctx, self)->name = number;                                                  \
        return 0;                                                                                  \
    }
FIELD(x)
FIELD(y)
#else
HPyDef_MEMBER(Point_x, "x", HPyMember_DOUBLE, offsetof(Point, x))
HPyDef_MEMBER(Point_y, "y", HPyMember_DOUBLE, offsetof(Point, y))
#endif

HPyDef_GET(Point_squared, "squared")
static HPy Point_squared_get(HPyContext *ctx, HPy self, void *closure)
{
    Point *point = Point_AsStruct(ctx, self);
    return HPyFloat_FromDouble(ctx, point->x * point->x + point->y * point->y);
}

HPyDef_METH(Point_square, "square", HPyFunc_NOARGS)
static HPy Point_square_impl(HPyContext *ctx, HPy self)
{
    Point *point = Point_AsStruct(ctx, self);
    return HPyFloat_FromDouble(ctx, point->x * point->x + point->y * point->y);
}

/* The data of an argument that has to be a Point. */
static Point *other_point(HPyContext *ctx, HPy object)
{
    HPy type = HPyGlobal_Load(ctx, type_of_point);
    int is_point = HPy_TypeCheck(ctx, object, type);
    HPy_Close(ctx, type);
    return is_point ? Point_AsStruct(ctx, object) : NULL;
}

HPyDef_METH(Point_dot, "dot", HPyFunc_O)
static HPy Point_dot_impl(HPyContext *ctx, HPy self, HPy arg)
{
    Point *point = Point_AsStruct(ctx, self), *other = other_point(ctx, arg);
    if (!other) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "dot() argument must be Point");
        return HPy_NULL;
    }
    return HPyFloat_FromDouble(ctx, point->x * other->x + point->y * other->y);
}

HPyDef_METH(Point_shift, "shift", HPyFunc_VARARGS)
static HPy Point_shift_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    double dx, dy;
    if (!expect(ctx, "shift", nargs, 2) || !to_double(ctx, args[0], &dx) ||
        !to_double(ctx, args[1], &dy))
        return HPy_NULL;
    Point *point = Point_AsStruct(ctx, self);
    point->x += dx;
    point->y += dy;
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_SLOT(Point_add, HPy_nb_add)
static HPy Point_add_impl(HPyContext *ctx, HPy left, HPy right)
{
    Point *a = other_point(ctx, left), *b = other_point(ctx, right), *sum;
    if (!a || !b)
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    HPy type = HPyGlobal_Load(ctx, type_of_point);
    HPy object = HPy_New(ctx, type, &sum);
    HPy_Close(ctx, type);
    if (HPy_IsNull(object))
        return HPy_NULL;
    sum->x = a->x + b->x;
    sum->y = a->y + b->y;
    return object;
}

HPyDef_SLOT(Point_call, HPy_tp_call)
static HPy Point_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy names)
{
    double x;
    if (!expect(ctx, "Point", nargs, 1) || !to_double(ctx, args[0], &x))
        return HPy_NULL;
    Point *point = Point_AsStruct(ctx, self);
    return HPyFloat_FromDouble(ctx, point->x * x + point->y);
}

static HPyDef *point_defines[] = {
    &Point_new, &Point_x,     &Point_y,   &Point_squared, &Point_square,
    &Point_dot, &Point_shift, &Point_add, &Point_call,    NULL,
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
    HPy_Close(ctx, type);
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
