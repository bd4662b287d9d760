/* The nodes and arrays of the benchmark's programs in C against hpy.h, in the universal ABI. With
 * CHECKED they do what hpy does on PyPy: checks.h, attributes as methods in a property, whose
 * errors PyPy does not lose, and items by any object. */
#include "hpy.h"
#include <stdlib.h>
#include "checks.h"

typedef struct {
    HEADER
    Reference left, right;
} Node;

HPyType_HELPERS(Node)

/* A handle that stays open, as PyPy's do: for CHECKED. */
static HPy type_of_node;

HPyDef_SLOT(Node_new, HPy_tp_new)
static HPy Node_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Node *node;
    if (!enter(ctx))
        return HPy_NULL;
    if (nargs != 2) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "Node() takes exactly 2 arguments");
        return leave(HPy_NULL);
    }
    HPy left = keep(ctx, args[0]), right = keep(ctx, args[1]);
#ifdef CHECKED
    if (!HPy_Is(ctx, cls, type_of_node)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "the class is not Node");
        return leave(HPy_NULL);
    }
#endif
    HPy object = HPy_New(ctx, cls, &node);
    if (HPy_IsNull(object))
        return leave(HPy_NULL);
    own(node, &type_of_node);
    bind(ctx, object, &node->left, left);
    bind(ctx, object, &node->right, right);
    return leave(object);
}

HPyDef_SLOT(Node_traverse, HPy_tp_traverse)
static int Node_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
{
    Node *node = self;
    HPy_VISIT(&node->left.field);
    HPy_VISIT(&node->right.field);
    return 0;
}

static HPy get_reference(HPyContext *ctx, HPy self, size_t offset)
{
    if (!enter(ctx))
        return HPy_NULL;
    char *node = borrow(ctx, self, sizeof(Node), &type_of_node, 0);
    if (!node)
        return leave(HPy_NULL);
    HPy object = HPyField_Load(ctx, self, ((Reference *)(node + offset))->field);
    give_back(node, 0);
    return leave(object);
}

#ifdef CHECKED
#define GET(name)                                                                                  \
    HPyDef_METH(Node_##name, "get_" #name, HPyFunc_NOARGS)                                         \
    static HPy Node_##name##_impl(HPyContext *ctx, HPy self)                                       \
    {                                                                                              \
        return get_reference(ctx, self, offsetof(Node, name));                                     \
    }
#else
#define GET(name)                                                                                  \
    HPyDef_GET(Node_##name, #name)                                                                 \
    static HPy Node_##name##_get(HPyContext *ctx, HPy self, void *closure)                         \
    {                                                                                              \
        return get_reference(ctx, self, offsetof(Node, name));                                     \
    }
#endif
GET(left)
GET(right)

static HPyDef *node_defines[] = {&Node_new, &Node_traverse, &Node_left, &Node_right, NULL};

static HPyType_Spec node_spec = {
    .name = "programs_hpy_c.Node",
    .basicsize = sizeof(Node),
    .builtin_shape = SHAPE(Node),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC,
    .defines = node_defines,
};

/* Objects of HPy have one size, so the numbers have memory of their own. */
typedef struct {
    HEADER
    HPy_ssize_t count;
    double *data;
} Array;

HPyType_HELPERS(Array)

static HPyGlobal type_of_array;

static HPy array_made(HPyContext *ctx, HPy_ssize_t count, Array **array)
{
    HPy type = HPyGlobal_Load(ctx, type_of_array);
    HPy object = HPy_New(ctx, type, array);
    HPy_Close(ctx, type);
    if (HPy_IsNull(object))
        return HPy_NULL;
    (*array)->data = calloc(count + 1, sizeof(double));
    if (!(*array)->data) {
        HPy_Close(ctx, object);
        return HPyErr_NoMemory(ctx);
    }
    (*array)->count = count;
    own(*array, &type_of_array);
    return object;
}

HPyDef_SLOT(Array_destroy, HPy_tp_destroy)
static void Array_destroy_impl(void *data)
{
    free(((Array *)data)->data);
}

static Array *borrow_array(HPyContext *ctx, HPy self, int exclusively)
{
    return borrow(ctx, self, sizeof(Array), &type_of_array, exclusively);
}

HPyDef_SLOT(Array_length, HPy_sq_length)
static HPy_ssize_t Array_length_impl(HPyContext *ctx, HPy self)
{
    HPy_ssize_t count = -1;
    if (!enter(ctx))
        return -1;
    Array *array = borrow_array(ctx, self, 0);
    if (array) {
        count = array->count;
        give_back(array, 0);
    }
    leave(HPy_NULL);
    return count;
}

static HPy item(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    Array *array = borrow_array(ctx, self, 0);
    if (!array)
        return HPy_NULL;
    int is_within = index >= 0 && index < array->count;
    double number = is_within ? array->data[index] : 0;
    give_back(array, 0);
    if (!is_within) {
        HPyErr_SetString(ctx, ctx->h_IndexError, "index out of range");
        return HPy_NULL;
    }
    return HPyFloat_FromDouble(ctx, number);
}

static int set_item(HPyContext *ctx, HPy self, HPy_ssize_t index, HPy value)
{
    double number = HPy_IsNull(value) ? 0 : HPyFloat_AsDouble(ctx, value);
    if (number == -1.0 && HPyErr_Occurred(ctx))
        return -1;
    Array *array = borrow_array(ctx, self, 1);
    if (!array)
        return -1;
    int is_within = !HPy_IsNull(value) && index >= 0 && index < array->count;
    if (is_within)
        array->data[index] = number;
    give_back(array, 1);
    if (!is_within)
        HPyErr_SetString(ctx, ctx->h_IndexError, "index out of range");
    return is_within ? 0 : -1;
}

#ifdef CHECKED
HPyDef_SLOT(Array_item, HPy_mp_subscript)
static HPy Array_item_impl(HPyContext *ctx, HPy self, HPy key)
{
    if (!enter(ctx))
        return HPy_NULL;
    HPy_ssize_t index = HPyLong_AsSsize_t(ctx, key);
    if (index == -1 && HPyErr_Occurred(ctx))
        return leave(HPy_NULL);
    return leave(item(ctx, self, index));
}

HPyDef_SLOT(Array_set_item, HPy_mp_ass_subscript)
static int Array_set_item_impl(HPyContext *ctx, HPy self, HPy key, HPy value)
{
    int result = -1;
    if (!enter(ctx))
        return -1;
    HPy_ssize_t index = HPyLong_AsSsize_t(ctx, key);
    if (index != -1 || !HPyErr_Occurred(ctx))
        result = set_item(ctx, self, index, value);
    leave(HPy_NULL);
    return result;
}
#else
HPyDef_SLOT(Array_item, HPy_sq_item)
static HPy Array_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    return item(ctx, self, index);
}

HPyDef_SLOT(Array_set_item, HPy_sq_ass_item)
static int Array_set_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index, HPy value)
{
    return set_item(ctx, self, index, value);
}
#endif

/* Whether an operand is an Array. */
static int is_array(HPyContext *ctx, HPy object)
{
    HPy type = HPyGlobal_Load(ctx, type_of_array);
    int is_array = HPy_TypeCheck(ctx, object, type);
    HPy_Close(ctx, type);
    return is_array;
}

static HPy sum(HPyContext *ctx, HPy left, HPy right)
{
    Array *sum;
    if (!is_array(ctx, left) || !is_array(ctx, right))
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    Array *a = borrow_array(ctx, left, 0), *b = a ? borrow_array(ctx, right, 0) : NULL;
    if (!b) {
        if (a)
            give_back(a, 0);
        return HPy_NULL;
    }
    HPy object = HPy_NULL;
    if (a->count != b->count)
        HPyErr_SetString(ctx, ctx->h_ValueError, "the arrays have other lengths");
    else
        object = array_made(ctx, a->count, &sum);
    if (!HPy_IsNull(object)) {
        for (HPy_ssize_t i = 0; i < sum->count; i++)
            sum->data[i] = a->data[i] + b->data[i];
    }
    give_back(a, 0);
    give_back(b, 0);
    return object;
}

HPyDef_SLOT(Array_add, HPy_nb_add)
static HPy Array_add_impl(HPyContext *ctx, HPy left, HPy right)
{
    return enter(ctx) ? leave(sum(ctx, left, right)) : HPy_NULL;
}

static HPy product(HPyContext *ctx, HPy left, HPy right)
{
    Array *product;
    if (!is_array(ctx, left) || !HPyNumber_Check(ctx, right))
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    double factor = HPyFloat_AsDouble(ctx, right);
    if (factor == -1.0 && HPyErr_Occurred(ctx))
        return HPy_NULL;
    Array *a = borrow_array(ctx, left, 0);
    HPy object = a ? array_made(ctx, a->count, &product) : HPy_NULL;
    if (!HPy_IsNull(object)) {
        for (HPy_ssize_t i = 0; i < product->count; i++)
            product->data[i] = a->data[i] * factor;
    }
    if (a)
        give_back(a, 0);
    return object;
}

HPyDef_SLOT(Array_multiply, HPy_nb_multiply)
static HPy Array_multiply_impl(HPyContext *ctx, HPy left, HPy right)
{
    return enter(ctx) ? leave(product(ctx, left, right)) : HPy_NULL;
}

static HPyDef *array_defines[] = {
    &Array_destroy, &Array_length,   &Array_item, &Array_set_item,
    &Array_add,     &Array_multiply, NULL,
};

static HPyType_Spec array_spec = {
    .name = "programs_hpy_c.Array",
    .basicsize = sizeof(Array),
    .builtin_shape = SHAPE(Array),
    .flags = HPy_TPFLAGS_DEFAULT,
    .defines = array_defines,
};

HPyDef_METH(zeros, "zeros", HPyFunc_O)
static HPy zeros_impl(HPyContext *ctx, HPy self, HPy arg)
{
    Array *array;
    if (!enter(ctx))
        return HPy_NULL;
    HPy_ssize_t count = HPyLong_AsSsize_t(ctx, arg);
    if (count < 0) {
        if (!HPyErr_Occurred(ctx))
            HPyErr_SetString(ctx, ctx->h_OverflowError, "the count is negative");
        return leave(HPy_NULL);
    }
    return leave(array_made(ctx, count, &array));
}

HPyDef_SLOT(fill, HPy_mod_exec)
static int fill_impl(HPyContext *ctx, HPy module)
{
    HPy node = HPyType_FromSpec(ctx, &node_spec, NULL);
    if (HPy_IsNull(node))
        return -1;
    int failed = HPy_SetAttr_s(ctx, module, "Node", node) < 0;
#ifdef CHECKED
    failed |= make_property(ctx, node, "left", "get_left", NULL);
    failed |= make_property(ctx, node, "right", "get_right", NULL);
#endif
    type_of_node = node;
    HPy array = HPyType_FromSpec(ctx, &array_spec, NULL);
    if (HPy_IsNull(array))
        return -1;
    HPyGlobal_Store(ctx, &type_of_array, array);
    HPy_Close(ctx, array);
    return failed ? -1 : 0;
}

static HPyDef *defines[] = {&fill, &zeros, NULL};
static HPyGlobal *globals[] = {&type_of_array, NULL};

static HPyModuleDef definition = {
    .doc = "The nodes and arrays of the benchmark's programs.",
    .defines = defines,
    .globals = globals,
};

HPy_MODINIT(programs_hpy_c, definition)
