/* An extension as its author writes it with PyPI's hpy.devel. */

#include "hpy.h"

HPyDef_METH(half, "half", HPyFunc_O)
static HPy half_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    long value = HPyLong_AsLong(ctx, arg);
    if (value == -1 && HPyErr_Occurred(ctx))
        return HPy_NULL;
    return HPyLong_FromLong(ctx, value / 2);
}

HPyDef_METH(context, "context", HPyFunc_NOARGS)
static HPy context_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyUnicode_FromString(ctx, ctx->name);
}

static HPyDef *defines[] = {&half, &context, NULL};
static HPyModuleDef definition = {.doc = "Made by an author.", .defines = defines};

HPy_MODINIT(authored, definition)
