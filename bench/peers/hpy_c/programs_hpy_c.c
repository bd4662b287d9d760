/* The nodes and arrays of the benchmark's programs in C against hpy.h, in the universal ABI. */
#include "hpy.h"
#include <stdlib.h>

typedef struct {
    HPyField left, right;
} Node;

HPyType_HELPERS(Node)

HPyDef_SLOT(Node_new, HPy_tp_new)
static HPy Node_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    Node *node;
    if (nargs != 2) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "Node() takes exactly 2 arguments");
        return HPy_NULL;
    }
    HPy object = HPy_New(ctx, cls, &node);
    if (HPy_IsNull(object))
        return HPy_NULL;
    HPyField_Store(ctx, object, &node->left, args[0]);
    HPyField_Store(ctx, object, &node->right, args[1]);
    return object;
}

HPyDef_SLOT(Node_traverse, HPy_tp_traverse)
static int Node_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
{
    Node *node = self;
    HPy_VISIT(&node->left);
    HPy_VISIT(&node->right);
    return 0;
}

HPyDef_GET(Node_left, "left")
static HPy Node_left_get(HPyContext *ctx, HPy self, void *closure)
{
    return HPyField_Load(ctx, self, Node_AsStruct(ctx, self)->left);
}

HPyDef_GET(Node_right, "right")
static HPy Node_right_get(HPyContext *ctx, HPy self, void *closure)
{
    return HPyField_Load(ctx, self, Node_AsStruct(ctx, self)->right);
}

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
    return object;
}

HPyDef_SLOT(Array_destroy, HPy_tp_destroy)
static void Array_destroy_impl(void *data)
{
    free(((Array *)data)->data);
}

HPyDef_SLOT(Array_length, HPy_sq_length)
static HPy_ssize_t Array_length_impl(HPyContext *ctx, HPy self)
{
    return Array_AsStruct(ctx, self)->count;
}

HPyDef_SLOT(Array_item, HPy_sq_item)
static HPy Array_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    Array *array = Array_AsStruct(ctx, self);
    if (index < 0 || index >= array->count) {
        HPyErr_SetString(ctx, ctx->h_IndexError, "index out of range");
        return HPy_NULL;
    }
    return HPyFloat_FromDouble(ctx, array->data[index]);
}

HPyDef_SLOT(Array_set_item, HPy_sq_ass_item)
static int Array_set_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index, HPy value)
{
    Array *array = Array_AsStruct(ctx, self);
    if (HPy_IsNull(value) || index < 0 || index >= array->count) {
        HPyErr_SetString(ctx, ctx->h_IndexError, "index out of range");
        return -1;
    }
    double number = HPyFloat_AsDouble(ctx, value);
    if (number == -1.0 && HPyErr_Occurred(ctx))
        return -1;
    array->data[index] = number;
    return 0;
}

/* The data of an operand that may be an Array. */
static Array *array_of(HPyContext *ctx, HPy object)
{
    HPy type = HPyGlobal_Load(ctx, type_of_array);
    int is_array = HPy_TypeCheck(ctx, object, type);
    HPy_Close(ctx, type);
    return is_array ? Array_AsStruct(ctx, object) : NULL;
}

HPyDef_SLOT(Array_add, HPy_nb_add)
static HPy Array_add_impl(HPyContext *ctx, HPy left, HPy right)
{
    Array *a = array_of(ctx, left), *b = array_of(ctx, right), *sum;
    if (!a || !b)
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    if (a->count != b->count) {
        HPyErr_SetString(ctx, ctx->h_ValueError, "the arrays have other lengths");
        return HPy_NULL;
    }
    HPy object = array_made(ctx, a->count, &sum);
    if (HPy_IsNull(object))
        return HPy_NULL;
    for (HPy_ssize_t i = 0; i < sum->count; i++)
        sum->data[i] = a->data[i] + b->data[i];
    return object;
}

HPyDef_SLOT(Array_multiply, HPy_nb_multiply)
static HPy Array_multiply_impl(HPyContext *ctx, HPy left, HPy right)
{
    Array *a = array_of(ctx, left), *product;
    if (!a || !HPyNumber_Check(ctx, right))
        return HPy_Dup(ctx, ctx->h_NotImplemented);
    double factor = HPyFloat_AsDouble(ctx, right);
    if (factor == -1.0 && HPyErr_Occurred(ctx))
        return HPy_NULL;
    HPy object = array_made(ctx, a->count, &product);
    if (HPy_IsNull(object))
        return HPy_NULL;
    for (HPy_ssize_t i = 0; i < product->count; i++)
        product->data[i] = a->data[i] * factor;
    return object;
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
    HPy_ssize_t count = HPyLong_AsSsize_t(ctx, arg);
    if (count < 0) {
        if (!HPyErr_Occurred(ctx))
            HPyErr_SetString(ctx, ctx->h_OverflowError, "the count is negative");
        return HPy_NULL;
    }
    return array_made(ctx, count, &array);
}

HPyDef_SLOT(fill, HPy_mod_exec)
static int fill_impl(HPyContext *ctx, HPy module)
{
    HPy node = HPyType_FromSpec(ctx, &node_spec, NULL);
    if (HPy_IsNull(node))
        return -1;
    int failed = HPy_SetAttr_s(ctx, module, "Node", node) < 0;
    HPy_Close(ctx, node);
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
