/* Loads a universal binary as an interpreter would, and asks it for the version of HPy's ABI. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

int main(int count, char **words)
{
    char name[200];
    void *library;
    uint32_t (*version)(void);

    if (count != 3)
        return 2;
    library = dlopen(words[1], RTLD_NOW);
    if (!library) {
        puts(dlerror());
        return 1;
    }
    snprintf(name, sizeof name, "PyInit_%s", words[2]);
    if (!dlsym(library, name)) {
        puts(dlerror());
        return 1;
    }
    snprintf(name, sizeof name, "get_required_hpy_major_version_%s", words[2]);
    version = (uint32_t (*)(void))dlsym(library, name);
    if (!version) {
        puts(dlerror());
        return 1;
    }
    printf("loaded: HPy ABI %u\n", version());
    return 0;
}
