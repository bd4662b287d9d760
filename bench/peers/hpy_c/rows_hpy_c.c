/* The rows of the benchmark in C against hpy.h, in the universal ABI: the cheapest calling
 * convention for each, and a function of the context only where one is needed. */
#include "hpy.h"

HPyDef_METH(noargs, "noargs", HPyFunc_NOARGS, .doc = "Nothing.")
static HPy noargs_impl(HPyContext *ctx, HPy self)
{
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(identity, "identity", HPyFunc_O, .doc = "The argument.")
static HPy identity_impl(HPyContext *ctx, HPy self, HPy arg)
{
    return HPy_Dup(ctx, arg);
}

static int expect(HPyContext *ctx, const char *name, size_t given, size_t wanted)
{
    if (given == wanted)
        return 1;
    HPyErr_Format(ctx, ctx->h_TypeError, "%s() takes exactly %zd arguments (%zd given)", name,
                  (HPy_ssize_t)wanted, (HPy_ssize_t)given);
    return 0;
}

HPyDef_METH(add, "add", HPyFunc_VARARGS, .doc = "a + b.")
static HPy add_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    if (!expect(ctx, "add", nargs, 2))
        return HPy_NULL;
    return HPy_Add(ctx, args[0], args[1]);
}

static int to_int64(HPyContext *ctx, HPy object, int64_t *value)
{
    *value = HPyLong_AsInt64_t(ctx, object);
    return *value != -1 || !HPyErr_Occurred(ctx);
}

HPyDef_METH(add_ints, "add_ints", HPyFunc_VARARGS, .doc = "The sum of two integers of 64 bits.")
static HPy add_ints_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    int64_t a, b, sum;
    if (!expect(ctx, "add_ints", nargs, 2) || !to_int64(ctx, args[0], &a) ||
        !to_int64(ctx, args[1], &b))
        return HPy_NULL;
    if (__builtin_add_overflow(a, b, &sum)) {
        HPyErr_SetString(ctx, ctx->h_OverflowError, "the sum does not fit 64 bits");
        return HPy_NULL;
    }
    return HPyLong_FromInt64_t(ctx, sum);
}

/* By hpy's own parser: names of keywords are handles, which have no addresses to compare. */
HPyDef_METH(keywords, "keywords", HPyFunc_KEYWORDS, .doc = "a + b + c.")
static HPy keywords_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    static const char *names[] = {"a", "b", "c", NULL};
    long long a, b = 10, c = 20;
    if (!HPyArg_ParseKeywords(ctx, NULL, args, nargs, kwnames, "L|L$L:keywords", names, &a, &b, &c))
        return HPy_NULL;
    return HPyLong_FromInt64_t(ctx, (int64_t)((uint64_t)a + (uint64_t)b + (uint64_t)c));
}

HPyDef_METH(str_len, "str_len", HPyFunc_O, .doc = "The number of bytes in UTF-8.")
static HPy str_len_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPy_ssize_t size;
    if (!HPyUnicode_Check(ctx, arg)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "str_len() argument must be str");
        return HPy_NULL;
    }
    if (!HPyUnicode_AsUTF8AndSize(ctx, arg, &size))
        return HPy_NULL;
    return HPyLong_FromSsize_t(ctx, size);
}

HPyDef_METH(str_made, "str_made", HPyFunc_NOARGS, .doc = "A text.")
static HPy str_made_impl(HPyContext *ctx, HPy self)
{
    return HPyUnicode_FromString(ctx, "a text of some thirty letters");
}

/* The sum of `count` items by index. */
static HPy sum_of(HPyContext *ctx, HPy items, HPy_ssize_t count)
{
    uint64_t sum = 0;
    for (HPy_ssize_t i = 0; i < count; i++) {
        int64_t value;
        HPy item = HPy_GetItem_i(ctx, items, i);
        if (HPy_IsNull(item))
            return HPy_NULL;
        int ok = to_int64(ctx, item, &value);
        HPy_Close(ctx, item);
        if (!ok)
            return HPy_NULL;
        sum += (uint64_t)value;
    }
    return HPyLong_FromInt64_t(ctx, (int64_t)sum);
}

HPyDef_METH(list_sum, "list_sum", HPyFunc_O, .doc = "The sum of a list of integers.")
static HPy list_sum_impl(HPyContext *ctx, HPy self, HPy arg)
{
    if (!HPyList_Check(ctx, arg)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "list_sum() argument must be list");
        return HPy_NULL;
    }
    return sum_of(ctx, arg, HPy_Length(ctx, arg));
}

HPyDef_METH(sequence_sum, "sequence_sum", HPyFunc_O, .doc = "The sum of a sequence of integers.")
static HPy sequence_sum_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPy_ssize_t count = HPy_Length(ctx, arg);
    return count < 0 ? HPy_NULL : sum_of(ctx, arg, count);
}

static HPyGlobal name_of_real;

HPyDef_METH(attribute, "attribute", HPyFunc_O, .doc = "x.real, by a name that is kept.")
static HPy attribute_impl(HPyContext *ctx, HPy self, HPy arg)
{
    HPy name = HPyGlobal_Load(ctx, name_of_real);
    HPy result = HPy_GetAttr(ctx, arg, name);
    HPy_Close(ctx, name);
    return result;
}

HPyDef_METH(dict_made, "dict_made", HPyFunc_O, .doc = "A dict of so many ints.")
static HPy dict_made_impl(HPyContext *ctx, HPy self, HPy arg)
{
    int64_t count;
    if (!to_int64(ctx, arg, &count))
        return HPy_NULL;
    HPy dict = HPyDict_New(ctx);
    if (HPy_IsNull(dict))
        return HPy_NULL;
    for (int64_t i = 0; i < count; i++) {
        HPy key = HPyLong_FromInt64_t(ctx, i);
        HPy value = HPyLong_FromInt64_t(ctx, i + 1000);
        int failed = HPy_IsNull(key) || HPy_IsNull(value) || HPy_SetItem(ctx, dict, key, value) < 0;
        HPy_Close(ctx, key);
        HPy_Close(ctx, value);
        if (failed) {
            HPy_Close(ctx, dict);
            return HPy_NULL;
        }
    }
    return dict;
}

HPyDef_METH(call_back, "call_back", HPyFunc_VARARGS, .doc = "function(x).")
static HPy call_back_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    if (!expect(ctx, "call_back", nargs, 2))
        return HPy_NULL;
    return HPy_Call(ctx, args[0], args + 1, 1, HPy_NULL);
}

HPyDef_SLOT(fill, HPy_mod_exec)
static int fill_impl(HPyContext *ctx, HPy module)
{
    HPy name = HPyUnicode_FromString(ctx, "real");
    if (HPy_IsNull(name))
        return -1;
    HPyGlobal_Store(ctx, &name_of_real, name);
    HPy_Close(ctx, name);
    return 0;
}

static HPyDef *defines[] = {
    &fill,    &noargs,   &identity,     &add,       &add_ints,  &keywords,  &str_len,
    &str_made, &list_sum, &sequence_sum, &attribute, &dict_made, &call_back, NULL,
};
static HPyGlobal *globals[] = {&name_of_real, NULL};

static HPyModuleDef definition = {
    .doc = "The rows of the benchmark.",
    .defines = defines,
    .globals = globals,
};

HPy_MODINIT(rows_hpy_c, definition)
