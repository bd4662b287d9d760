/* A universal HPy extension by hand, without HPy's headers, of which a test takes what it needs:
 *
 *   MAJOR, MINOR    the version it asks for
 *   NO_VERSION, NO_CONTEXT, NO_INIT, NO_DEFINITION    what it lacks
 *   EXEC_FAILS      its own code raises a ValueError
 *   CREATES         it makes its module itself: a dict
 *   STATE, SLOT     a module state, a slot that modules don't have
 */
#include <stddef.h>
#include <stdint.h>

#ifndef MAJOR
#define MAJOR 0
#endif
#ifndef MINOR
#define MINOR 0
#endif
#ifndef STATE
#define STATE 0
#endif

typedef intptr_t Handle;
typedef void *const *Context;
typedef void Function(void);

typedef struct {
    int32_t kind;
    union {
        struct { int32_t number; Function *impl, *trampoline; } slot;
        struct {
            const char *name;
            Function *impl, *trampoline;
            int32_t signature;
            const char *doc;
        } method;
        void *room[7];
    } of;
} Definition;

typedef struct {
    const char *doc;
    ptrdiff_t size;
    void *legacy_methods;
    Definition **defines;
    void **globals;
} Module;

/* The context's words that are used, by their places. */
#define VALUE_ERROR(ctx) ((Handle)(ctx)[44])
#define LONG(ctx, value) ((Handle (*)(Context, int64_t))(ctx)[84])(ctx, value)
#define CLOSE(ctx, h) ((void (*)(Context, Handle))(ctx)[81])(ctx, h)
#define ADD(ctx, a, b) ((Handle (*)(Context, Handle, Handle))(ctx)[103])(ctx, a, b)
#define RAISE(ctx, type, text) \
    ((void (*)(Context, Handle, const char *))(ctx)[140])(ctx, type, text)
#define GET(ctx, h, name) ((Handle (*)(Context, Handle, const char *))(ctx)[156])(ctx, h, name)
#define SET(ctx, h, name, v) \
    ((int (*)(Context, Handle, const char *, Handle))(ctx)[160])(ctx, h, name, v)
#define DICT(ctx) ((Handle (*)(Context))(ctx)[205])(ctx)
#define CALL(ctx, signature, impl, args) \
    ((void (*)(Context, int32_t, Function *, void *))(ctx)[211]) \
        (ctx, signature, (Function *)impl, args)

enum { SIGNATURE_O = 4, SIGNATURE_INQUIRY = 11, SIGNATURE_MOD_CREATE = 39 };
enum { KIND_SLOT = 1, KIND_METHOD = 2 };
enum { SLOT_MOD_CREATE = 2000, SLOT_MOD_EXEC = 2001 };

static Context global;

static Handle twice_impl(Context ctx, Handle module, Handle arg) {
    (void)module;
    return ADD(ctx, arg, arg);
}

static void *twice_trampoline(void *module, void *arg) {
    struct { void *module, *arg, *result; } args = {module, arg, NULL};
    CALL(global, SIGNATURE_O, twice_impl, &args);
    return args.result;
}

/* Leaves in the module how often code of it has run. */
static int count(Context ctx, Handle module, const char *before, const char *after) {
    Handle one = LONG(ctx, 1);
    Handle number = before ? GET(ctx, module, before) : LONG(ctx, 0);
    if (!number) {
        CLOSE(ctx, one);
        return -1;
    }
    Handle sum = ADD(ctx, number, one);
    int failed = SET(ctx, module, after, sum);
    CLOSE(ctx, one);
    CLOSE(ctx, number);
    CLOSE(ctx, sum);
    return failed;
}

static int first_impl(Context ctx, Handle module) { return count(ctx, module, NULL, "first"); }

static int second_impl(Context ctx, Handle module) {
#ifdef EXEC_FAILS
    RAISE(ctx, VALUE_ERROR(ctx), "the module's own code failed");
    return -1;
#endif
    return count(ctx, module, "first", "second");
}

static int first_trampoline(void *module) {
    struct { void *module; int result; } args = {module, 0};
    CALL(global, SIGNATURE_INQUIRY, first_impl, &args);
    return args.result;
}

static int second_trampoline(void *module) {
    struct { void *module; int result; } args = {module, 0};
    CALL(global, SIGNATURE_INQUIRY, second_impl, &args);
    return args.result;
}

static Handle create_impl(Context ctx, Handle spec) {
    (void)spec;
    return DICT(ctx);
}

static void *create_trampoline(void *spec, void *def) {
    (void)def;
    struct { void *spec, *result; } args = {spec, NULL};
    CALL(global, SIGNATURE_MOD_CREATE, create_impl, &args);
    return args.result;
}

#define IMPLS(name) (Function *)name##_impl, (Function *)name##_trampoline

static Definition first = {KIND_SLOT, {.slot = {SLOT_MOD_EXEC, IMPLS(first)}}};
static Definition second = {KIND_SLOT, {.slot = {SLOT_MOD_EXEC, IMPLS(second)}}};
static Definition twice = {
    KIND_METHOD,
    {.method = {"twice", IMPLS(twice), SIGNATURE_O, "The sum of two."}},
};
static Definition create = {KIND_SLOT, {.slot = {SLOT_MOD_CREATE, IMPLS(create)}}};
#ifdef SLOT
static Definition wrong = {KIND_SLOT, {.slot = {SLOT, IMPLS(first)}}};
static Definition *defines[] = {&wrong, NULL};
#elif defined(CREATES)
static Definition *defines[] = {&create, NULL};
#else
static Definition *defines[] = {&first, &twice, &second, NULL};
#endif

static Module module = {
#ifndef CREATES
    "A module by hand.",
#else
    NULL,
#endif
    STATE, NULL, defines, NULL,
};

/* Not every kind has a use for each. */
void *parts[] = {&first, &second, &twice, &create, &module};

#ifndef NO_VERSION
uint32_t get_required_hpy_major_version_made(void) { return MAJOR; }
uint32_t get_required_hpy_minor_version_made(void) { return MINOR; }
#endif

#ifndef NO_CONTEXT
void HPyInitGlobalContext_made(Context ctx) { global = ctx; }
#endif

#ifndef NO_INIT
Module *HPyInit_made(void) {
#ifdef NO_DEFINITION
    return NULL;
#endif
    return &module;
}
#endif
