/* The rows, with two readings of the processor's counter around a call of one of these functions of
 * HPy and nothing else: the least that any trace mode adds. */
#include <x86intrin.h>
#include "hpy.h"

static uint64_t ticks;

#define timed(call)                                                                                \
    ({                                                                                             \
        uint64_t start = __rdtsc();                                                                \
        HPy result = (call);                                                                       \
        ticks += __rdtsc() - start;                                                                \
        result;                                                                                    \
    })

#define HPy_Dup(ctx, object) timed(HPy_Dup(ctx, object))
#define HPy_Add(ctx, a, b) timed(HPy_Add(ctx, a, b))
#define HPyUnicode_FromString(ctx, text) timed(HPyUnicode_FromString(ctx, text))
#define HPy_Call(ctx, callable, args, count, names)                                                \
    timed(HPy_Call(ctx, callable, args, count, names))

#include "rows_hpy_c.c"
