"""Promises of HPy's documentation to authors in C that its suite does not test.

They are tested in the suite's own way: a snippet of C, compiled with HPy's headers.
"""

import collections
import operator

import pytest
from test.support import HPyTest


@pytest.fixture(params=["universal", "hybrid"])
def hpy_abi(request):
    yield request.param


class Keys:
    """A class with a length, for which an index is a key like any other."""

    def __init__(self):
        self.log = []

    def __len__(self):
        return 10

    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        self.log.append((key, value))

    def __delitem__(self, key):
        self.log.append(key)


class WriteOnly:
    def __init__(self):
        self.log = []

    __setitem__ = Keys.__setitem__


class TestItems(HPyTest):
    SOURCE = """
        HPyDef_METH(get, "get", HPyFunc_VARARGS)
        static HPy get_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
        {
            return HPy_GetItem_i(ctx, args[0], HPyLong_AsSsize_t(ctx, args[1]));
        }
        HPyDef_METH(set, "set", HPyFunc_VARARGS)
        static HPy set_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
        {
            if (HPy_SetItem_i(ctx, args[0], HPyLong_AsSsize_t(ctx, args[1]), args[2]) < 0)
                return HPy_NULL;
            return HPy_Dup(ctx, ctx->h_None);
        }
        HPyDef_METH(del, "del_", HPyFunc_VARARGS)
        static HPy del_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
        {
            if (HPy_DelItem_i(ctx, args[0], HPyLong_AsSsize_t(ctx, args[1])) < 0)
                return HPy_NULL;
            return HPy_Dup(ctx, ctx->h_None);
        }
        @EXPORT(get)
        @EXPORT(set)
        @EXPORT(del)
        @INIT
    """

    def test_an_index_means_what_it_means_in_python(self):
        module = self.make_module(self.SOURCE)
        kinds = [
            lambda: [1, 2],
            lambda: (1, 2),
            lambda: "ab",
            lambda: bytearray(b"ab"),
            lambda: memoryview(bytearray(b"ab")),
            lambda: {0: "a", 1: "b", -1: "c"},
            lambda: collections.UserDict({0: "a", 1: "b", -1: "c"}),
            lambda: collections.UserList([1, 2]),
            lambda: collections.deque([1, 2]),
            lambda: collections.ChainMap({}, {0: "a"}),
            Keys,
            WriteOnly,
            set,
        ]

        def outcome(operation, target, *arguments):
            try:
                result = operation(target, *arguments)
            except Exception as error:
                result = type(error), str(error)
            return result, (
                target.tolist()
                if isinstance(target, memoryview)
                else getattr(target, "log", target)
            )

        for kind in kinds:
            for index in (0, 1, 2, 300, -1, -2, -3, -300):
                for ours, pythons, *value in [
                    (module.get, operator.getitem),
                    (module.set, operator.setitem, 65),
                    (module.del_, operator.delitem),
                ]:
                    expected = outcome(pythons, kind(), index, *value)
                    assert outcome(ours, kind(), index, *value) == expected, (
                        kind(), index, pythons,
                    )


class TestCallWord(HPyTest):
    """The porting guide's type that keeps the call function in a word of its own.

    `__vectorcalloffset__` names the word.
    """

    SOURCE = """
        typedef struct {
            void *a;
            HPyCallFunction call_func;
            void *b;
        } FooObject;
        HPyType_HELPERS(FooObject)
        HPyDef_MEMBER(Foo_offset, "__vectorcalloffset__", HPyMember_HPYSSIZET,
                      offsetof(FooObject, call_func), .readonly=1)

        HPyDef_CALL_FUNCTION(Foo_call)
        static HPy Foo_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs,
                                 HPy kwnames)
        {
            HPy_ssize_t names = HPy_IsNull(kwnames) ? 0 : HPy_Length(ctx, kwnames);
            return HPyLong_FromSsize_t(ctx, 100 * (HPy_ssize_t)nargs + names);
        }

        HPyDef_SLOT(Foo_new, HPy_tp_new)
        static HPy Foo_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs,
                                HPy kw)
        {
            FooObject *data;
            HPy h = HPy_New(ctx, cls, &data);
            if (HPy_IsNull(h))
                return HPy_NULL;
            if (nargs == 0)
                data->call_func = Foo_call;
            else if (HPy_SetCallFunction(ctx, h, &Foo_call) < 0) {
                HPy_Close(ctx, h);
                return HPy_NULL;
            }
            return h;
        }

        static HPyDef *Foo_defines[] = { &Foo_offset, &Foo_new, NULL };
        static HPyType_Spec Foo_spec = {
            .name = "mytest.Foo",
            .basicsize = sizeof(FooObject),
            .builtin_shape = SHAPE(FooObject),
            .flags = %s,
            .defines = Foo_defines,
        };
        @EXPORT_TYPE("Foo", Foo_spec)
        @INIT
    """

    @pytest.mark.parametrize("flag", ["", " | HPy_TPFLAGS_HAVE_VECTORCALL"])
    def test_objects_are_called(self, flag):
        Foo = self.make_module(
            self.SOURCE % ("HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE" + flag)
        ).Foo

        class Sub(Foo):
            pass

        class Own(Foo):
            def __call__(self, *args):
                return "own", super().__call__(*args)

        for kind in (Foo, Sub):
            for thing in (kind(), kind(1)):
                assert callable(thing) and "__call__" in dir(thing)
                assert (thing(), thing(1, 2), thing(1, x=2, y=3), thing(**{"x": 1})) == (
                    0, 200, 102, 1,
                )
                assert thing.__call__(1) == 100 and list(map(thing, "ab")) == [100, 100]
                assert thing(*range(50)) == 5000
        assert Own()(1) == ("own", 100)


class TestLegacyCallWord(HPyTest):
    @pytest.fixture(params=["hybrid"])
    def hpy_abi(self, request):
        yield request.param

    def test_a_member_of_the_c_api(self):
        Foo = self.make_module(
            """
            #include <Python.h>
            #include <structmember.h>
            typedef struct {
                PyObject_HEAD
                HPyCallFunction call_func;
            } FooObject;
            HPyType_LEGACY_HELPERS(FooObject)

            HPyDef_CALL_FUNCTION(Foo_call)
            static HPy Foo_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs,
                                     HPy kwnames)
            {
                return HPyLong_FromSsize_t(ctx, (HPy_ssize_t)nargs);
            }
            HPyDef_SLOT(Foo_new, HPy_tp_new)
            static HPy Foo_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs,
                                    HPy kw)
            {
                FooObject *data;
                HPy h = HPy_New(ctx, cls, &data);
                if (!HPy_IsNull(h))
                    data->call_func = Foo_call;
                return h;
            }
            static PyMemberDef members[] = {
                {"__vectorcalloffset__", T_PYSSIZET, offsetof(FooObject, call_func), READONLY},
                {NULL}
            };
            static PyType_Slot slots[] = { {Py_tp_members, members}, {0, NULL} };
            static HPyDef *Foo_defines[] = { &Foo_new, NULL };
            static HPyType_Spec Foo_spec = {
                .name = "mytest.Foo",
                .basicsize = sizeof(FooObject),
                .builtin_shape = SHAPE(FooObject),
                .legacy_slots = slots,
                .defines = Foo_defines,
            };
            @EXPORT_TYPE("Foo", Foo_spec)
            @INIT
            """
        ).Foo
        assert Foo()(1, 2) == 2 and callable(Foo())


class TestTraceFunctions(HPyTest):
    """The functions that trace mode calls around HPy's."""

    @pytest.fixture(params=["trace"])
    def hpy_abi(self, request):
        yield request.param

    @pytest.fixture(autouse=True)
    def no_functions(self):
        yield
        from hpy.trace import set_trace_functions

        set_trace_functions(None, None)

    def test_one_that_releases_what_is_loaded(self):
        from hpy.trace import set_trace_functions

        module = self.make_module(
            """
            typedef struct { HPyField field; } BoxObject;
            HPyType_HELPERS(BoxObject)
            HPyGlobal global;
            HPyDef_SLOT(Box_new, HPy_tp_new)
            static HPy Box_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs,
                                    HPy kw)
            {
                BoxObject *data;
                return HPy_New(ctx, cls, &data);
            }
            HPyDef_SLOT(Box_traverse, HPy_tp_traverse)
            static int Box_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
            {
                HPy_VISIT(&((BoxObject *)self)->field);
                return 0;
            }
            HPyDef_GETSET(Box_item, "item")
            static HPy Box_item_get(HPyContext *ctx, HPy self, void *closure)
            {
                return HPyField_Load(ctx, self, BoxObject_AsStruct(ctx, self)->field);
            }
            static int Box_item_set(HPyContext *ctx, HPy self, HPy value, void *closure)
            {
                HPyField_Store(ctx, self, &BoxObject_AsStruct(ctx, self)->field, value);
                return 0;
            }
            HPyDef_METH(get, "get", HPyFunc_NOARGS)
            static HPy get_impl(HPyContext *ctx, HPy self)
            {
                return HPyGlobal_Load(ctx, global);
            }
            HPyDef_METH(set, "set", HPyFunc_O)
            static HPy set_impl(HPyContext *ctx, HPy self, HPy value)
            {
                HPyGlobal_Store(ctx, &global, value);
                return HPy_Dup(ctx, ctx->h_None);
            }
            static HPyDef *Box_defines[] = { &Box_new, &Box_traverse, &Box_item, NULL };
            static HPyType_Spec Box_spec = {
                .name = "mytest.Box",
                .basicsize = sizeof(BoxObject),
                .builtin_shape = SHAPE(BoxObject),
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC,
                .defines = Box_defines,
            };
            @EXPORT_TYPE("Box", Box_spec)
            @EXPORT(get)
            @EXPORT(set)
            @EXPORT_GLOBAL(global)
            @INIT
            """
        )
        box, others = module.Box(), []

        def on_enter(name):
            if name.endswith("_Load"):
                box.item = None
                module.set(None)
                # Where the released object was.
                others.extend([index] for index in range(10))

        for number in range(200):
            item = ["the item", number]
            module.set(item)
            del item
            set_trace_functions(on_enter)
            assert module.get() == ["the item", number]
            set_trace_functions(None)
            box.item = ["the item", number]
            set_trace_functions(on_enter)
            assert box.item == ["the item", number]
            set_trace_functions(None)
        assert len(others) == 4000

    def test_they_run_while_the_thread_is_in_python(self):
        from hpy.trace import set_trace_functions

        module = self.make_module(
            """
            HPyDef_METH(leave, "leave", HPyFunc_NOARGS)
            static HPy leave_impl(HPyContext *ctx, HPy self)
            {
                HPyThreadState state = HPy_LeavePythonExecution(ctx);
                HPy_ReenterPythonExecution(ctx, state);
                return HPy_Dup(ctx, ctx->h_None);
            }
            @EXPORT(leave)
            @INIT
            """
        )
        log = []
        set_trace_functions(log.append, lambda name: log.append("after " + name))
        assert module.leave() is None
        set_trace_functions(None, None)
        names = ["ctx_LeavePythonExecution", "ctx_ReenterPythonExecution", "ctx_Dup"]
        assert log == [part for name in names for part in (name, "after " + name)]
