/* What is possible for ujson on PyPy 7.3 through HPy: lists of True and lists of floats alone, by
 * no more functions of HPy than it takes, without a check. The digits of floats are left out in
 * both directions, so that the result is wrong: HPy's share of the time is measured.
 *
 * cc -O3 -shared -fPIC -DHPY -DHPY_ABI_UNIVERSAL -I PYPY/hpy/devel/include -o FOLDER/ujson.hpy0.so
 *     ujson_hpy_c.c
 */
#include "hpy.h"
#include <string.h>

static char buffer[1 << 20];

HPyDef_METH(dumps, "dumps", HPyFunc_O)
static HPy dumps_impl(HPyContext *ctx, HPy self, HPy list)
{
    static double sum;
    char *out = buffer;
    HPy_ssize_t count = HPy_Length(ctx, list);
    if (count < 1 || count > 10000)
        return HPyErr_SetString(ctx, ctx->h_TypeError, "not such a list"), HPy_NULL;
    HPy first = HPy_GetItem_i(ctx, list, 0);
    int is_true = HPy_Is(ctx, first, ctx->h_True);
    int is_float = HPy_TypeCheck(ctx, first, ctx->h_FloatType);
    HPy_Close(ctx, first);
    if (!is_true && !is_float)
        return HPyErr_SetString(ctx, ctx->h_TypeError, "not such a list"), HPy_NULL;
    *out++ = '[';
    for (HPy_ssize_t i = 0; i < count; i++) {
        HPy item = HPy_GetItem_i(ctx, list, i);
        if (is_true) {
            out = memcpy(out, HPy_Is(ctx, item, ctx->h_True) ? "true," : "null,", 5);
            out += 5;
        } else {
            sum += HPyFloat_AsDouble(ctx, item);
            out = memcpy(out, "1.2345678901234567e+18,", 23);
            out += 23;
        }
        HPy_Close(ctx, item);
    }
    out[-1] = ']';
    *out = 0;
    return HPyUnicode_FromString(ctx, buffer);
}

HPyDef_METH(loads, "loads", HPyFunc_O)
static HPy loads_impl(HPyContext *ctx, HPy self, HPy text)
{
    HPy_ssize_t size, count = 1, at = 0;
    const char *bytes = HPyUnicode_AsUTF8AndSize(ctx, text, &size);
    int is_true = size > 1 && bytes[1] == 't';
    int is_float = size > 1 && bytes[1] > '0' && bytes[1] <= '9';
    if (!is_true && !is_float)
        return HPyErr_SetString(ctx, ctx->h_TypeError, "not such a list"), HPy_NULL;
    for (const char *comma = bytes; (comma = strchr(comma, ',')); comma++)
        count++;
    HPyListBuilder builder = HPyListBuilder_New(ctx, count);
    for (; at < count; at++) {
        if (is_true)
            HPyListBuilder_Set(ctx, builder, at, ctx->h_True);
        else {
            HPy item = HPyFloat_FromDouble(ctx, bytes[1] + at);
            HPyListBuilder_Set(ctx, builder, at, item);
            HPy_Close(ctx, item);
        }
    }
    return HPyListBuilder_Build(ctx, builder);
}

static HPyDef *defines[] = {&dumps, &loads, NULL};
static HPyModuleDef definition = {.doc = "", .defines = defines};
HPy_MODINIT(ujson, definition)
