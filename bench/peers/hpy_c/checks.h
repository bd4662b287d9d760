/* What hpy does on PyPy's own HPy that C need not do. With CHECKED these functions do it, and
 * otherwise nothing: whether the page of the stack is known, how many calls the thread is in,
 * whether an object has data of the type, and who has borrowed it. */
#include <stddef.h>
#include "../c/stack_check.h"

#ifdef CHECKED
/* In front of each type's data. */
#define HEADER                                                                                     \
    const void *owner;                                                                             \
    HPy_ssize_t borrows;
/* A reference that is its own until the object exists. */
typedef struct {
    HPyField field;
    HPy_ssize_t kind;
    HPy handle;
} Reference;
static HPy_ssize_t calls;
#else
#define HEADER
typedef struct {
    HPyField field;
} Reference;
#endif

/* At the beginning of a call. */
static inline int enter(HPyContext *ctx)
{
#ifdef CHECKED
    if (!begins()) {
        HPyErr_SetString(ctx, ctx->h_RecursionError, "maximum recursion depth exceeded");
        return 0;
    }
    calls++;
#endif
    return 1;
}

/* At its end, with its result. */
static inline HPy leave(HPy result)
{
#ifdef CHECKED
    calls--;
#endif
    return result;
}

#ifdef CHECKED
typedef struct {
    HEADER
} Header;
#endif

/* An object's data, borrowed. PyPy has its size in front of it. */
static inline void *borrow(HPyContext *ctx, HPy object, size_t size, const void *owner,
                           int exclusively)
{
    void *data = _HPy_AsStruct_Object(ctx, object);
#ifdef CHECKED
    Header *header = data;
    if ((size_t)data < 4096 || ((size_t *)data)[-1] < size || header->owner != owner) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "the object is not of the type");
        return NULL;
    }
    if (exclusively ? header->borrows != 0 : header->borrows < 0) {
        HPyErr_SetString(ctx, ctx->h_RuntimeError, "the object is borrowed");
        return NULL;
    }
    header->borrows += exclusively ? -1 : 1;
#endif
    return data;
}

static inline void give_back(void *data, int exclusively)
{
#ifdef CHECKED
    ((Header *)data)->borrows += exclusively ? 1 : -1;
#endif
}

/* Says whose data it is. */
static inline void own(void *data, const void *owner)
{
#ifdef CHECKED
    ((Header *)data)->owner = owner;
#endif
}

/* A handle for as long as no object has the reference. */
static inline HPy keep(HPyContext *ctx, HPy object)
{
#ifdef CHECKED
    return HPy_Dup(ctx, object);
#else
    return object;
#endif
}

/* Puts it into an object's data. */
static inline void bind(HPyContext *ctx, HPy owner, Reference *reference, HPy kept)
{
    HPyField_Store(ctx, owner, &reference->field, kept);
#ifdef CHECKED
    reference->kind = 1;
    HPy_Close(ctx, kept);
#endif
}

#ifdef CHECKED
/* `type.name = property(type.get, type.set)` */
static inline int make_property(HPyContext *ctx, HPy type, const char *name, const char *get,
                                const char *set)
{
    HPy builtins = HPyImport_ImportModule(ctx, "builtins");
    HPy property = HPy_GetAttr_s(ctx, builtins, "property");
    HPy getter = HPy_GetAttr_s(ctx, type, get);
    HPy setter = set ? HPy_GetAttr_s(ctx, type, set) : HPy_Dup(ctx, ctx->h_None);
    HPy args = HPyTuple_Pack(ctx, 2, getter, setter);
    HPy made = HPy_CallTupleDict(ctx, property, args, HPy_NULL);
    int failed = HPy_IsNull(made) || HPy_SetAttr_s(ctx, type, name, made) < 0;
    HPy handles[] = {builtins, property, getter, setter, args, made};
    for (int i = 0; i < 6; i++) {
        if (!HPy_IsNull(handles[i]))
            HPy_Close(ctx, handles[i]);
    }
    return failed;
}
#endif
