/* The same mistakes in C, without HPy's headers. The test finds the lines by the comments
 * `BUG: name`. */
#include <stddef.h>
#include <stdint.h>

typedef intptr_t Handle;
typedef void *const *Context;
typedef void Function(void);

typedef struct {
    int32_t kind;
    const char *name;
    Function *impl, *trampoline;
    int32_t signature;
    const char *doc;
    void *room[2];
} Method;

typedef struct {
    const char *doc;
    ptrdiff_t size;
    void *legacy_methods;
    Method **defines;
    void **globals;
} Module;

/* The context's words that are used, by their places. */
#define TRUE(ctx) ((Handle)(ctx)[4])
#define NONE(ctx) ((Handle)(ctx)[3])
#define DUP(ctx, h) ((Handle (*)(Context, Handle))(ctx)[80])(ctx, h)
#define CLOSE(ctx, h) ((void (*)(Context, Handle))(ctx)[81])(ctx, h)
#define LONG(ctx, value) ((Handle (*)(Context, int64_t))(ctx)[84])(ctx, value)
#define IS_TRUE(ctx, h) ((int (*)(Context, Handle))(ctx)[152])(ctx, h)
#define BYTES_SIZE(ctx, h) ((ptrdiff_t (*)(Context, Handle))(ctx)[183])(ctx, h)
#define BUILDER(ctx, size) ((intptr_t (*)(Context, ptrdiff_t))(ctx)[212])(ctx, size)
#define BUILD(ctx, b) ((Handle (*)(Context, intptr_t))(ctx)[214])(ctx, b)
#define CANCEL(ctx, b) ((void (*)(Context, intptr_t))(ctx)[215])(ctx, b)
#define EVAL_CODE(ctx, code, globals, locals) \
    ((Handle (*)(Context, Handle, Handle, Handle))(ctx)[252])(ctx, code, globals, locals)
#define SLICE_UNPACK(ctx, h, start, stop, step) \
    ((int (*)(Context, Handle, ptrdiff_t *, ptrdiff_t *, ptrdiff_t *))(ctx)[262]) \
        (ctx, h, start, stop, step)
#define CALL(ctx, signature, impl, args) \
    ((void (*)(Context, int32_t, Function *, void *))(ctx)[211]) \
        (ctx, signature, (Function *)impl, args)

enum { SIGNATURE_NOARGS = 3, KIND_METHOD = 2 };

static Context global;

static Handle leak_impl(Context ctx, Handle module) {
    (void)module;
    LONG(ctx, 123456); /* BUG: leak */
    return DUP(ctx, NONE(ctx));
}

static Handle close_twice_impl(Context ctx, Handle module) {
    (void)module;
    Handle number = LONG(ctx, 1000); /* BUG: close_twice */
    CLOSE(ctx, number);
    CLOSE(ctx, number);
    return DUP(ctx, NONE(ctx));
}

static Handle use_after_close_impl(Context ctx, Handle module) {
    (void)module;
    Handle number = DUP(ctx, TRUE(ctx)); /* BUG: use_after_close */
    CLOSE(ctx, number);
    return LONG(ctx, IS_TRUE(ctx, number));
}

static Handle build_twice_impl(Context ctx, Handle module) {
    (void)module;
    intptr_t builder = BUILDER(ctx, 0);
    Handle list = BUILD(ctx, builder);
    CLOSE(ctx, list);
    CANCEL(ctx, builder);
    return DUP(ctx, NONE(ctx));
}

/* The objects of these are freed with their handles. */
static Handle use_freed_impl(Context ctx, Handle module) {
    (void)module;
    Handle number = LONG(ctx, 123456); /* BUG: use_freed */
    CLOSE(ctx, number);
    return LONG(ctx, IS_TRUE(ctx, number));
}

static Handle return_freed_impl(Context ctx, Handle module) {
    (void)module;
    Handle number = LONG(ctx, 123456); /* BUG: return_freed */
    CLOSE(ctx, number);
    return number;
}

/* These read the memory of an object whose type they do not check. */
static Handle size_of_freed_impl(Context ctx, Handle module) {
    (void)module;
    Handle number = LONG(ctx, 123456);
    CLOSE(ctx, number);
    return LONG(ctx, BYTES_SIZE(ctx, number));
}

static Handle unpack_freed_impl(Context ctx, Handle module) {
    (void)module;
    ptrdiff_t start, stop, step;
    Handle number = LONG(ctx, 123456);
    CLOSE(ctx, number);
    return LONG(ctx, SLICE_UNPACK(ctx, number, &start, &stop, &step));
}

static Handle eval_freed_impl(Context ctx, Handle module) {
    (void)module;
    Handle number = LONG(ctx, 123456);
    CLOSE(ctx, number);
    return EVAL_CODE(ctx, number, number, number);
}

#define METHOD(name) \
    static void *name##_trampoline(void *module, void *nothing) { \
        (void)nothing; \
        struct { void *module, *result; } args = {module, NULL}; \
        CALL(global, SIGNATURE_NOARGS, name##_impl, &args); \
        return args.result; \
    } \
    static Method name = { \
        KIND_METHOD, #name, (Function *)name##_impl, (Function *)name##_trampoline, \
        SIGNATURE_NOARGS, "A mistake.", {NULL, NULL}, \
    };

METHOD(leak)
METHOD(close_twice)
METHOD(use_after_close)
METHOD(build_twice)
METHOD(use_freed)
METHOD(return_freed)
METHOD(size_of_freed)
METHOD(unpack_freed)
METHOD(eval_freed)

static Method *defines[] = {
    &leak, &close_twice, &use_after_close, &build_twice, &use_freed, &return_freed,
    &size_of_freed, &unpack_freed, &eval_freed, NULL};
static Module module = {"Mistakes in C.", 0, NULL, defines, NULL};

uint32_t get_required_hpy_major_version_planted_c(void) { return 0; }
uint32_t get_required_hpy_minor_version_planted_c(void) { return 0; }
void HPyInitGlobalContext_planted_c(Context ctx) { global = ctx; }
Module *HPyInit_planted_c(void) { return &module; }
