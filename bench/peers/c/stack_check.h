/* The check that each of hpy's entries makes: whether the page of the stack is known to be usable.
 * With it C shows what is left when nothing but the check is added. It stores no more than it needs
 * for that: every page passes. */
#include <stdint.h>
#if defined(CHECKED) && defined(PYPY_VERSION)
/* PyPy's own, since its functions end the process where the stack is used up. */
static inline int begins(void)
{
    return Py_EnterRecursiveCall("") == 0;
}
#elif defined(CHECKED)
#define PAGES 4096
static uintptr_t known_pages[PAGES];

static __attribute__((noinline, cold)) int may_begin(uintptr_t page)
{
    known_pages[page % PAGES] = page;
    return 1;
}

static inline int begins(void)
{
    uintptr_t here;
#if defined(__x86_64__)
    __asm__("mov %%rsp, %0" : "=r"(here));
#else
    char local;
    here = (uintptr_t)&local;
#endif
    uintptr_t page = here >> 12;
    return __builtin_expect(known_pages[page % PAGES] == page, 1) || may_begin(page);
}
#else
static inline int begins(void)
{
    return 1;
}
#endif
