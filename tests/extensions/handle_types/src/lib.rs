//! Handles of the rarer types: see `test_handle_types.py`.

use hpy::prelude::*;
use hpy::types::*;
use std::path::PathBuf;

/// Which of the markers an object has.
#[hpy_method]
fn kinds(object: &Handle<'_>) -> Vec<&'static str> {
    macro_rules! all {
        ($($marker:ident)*) => {
            [$((stringify!($marker), object.is_instance_of::<$marker>())),*]
        };
    }
    let all = all! {
        WeakRef WeakProxy Function BuiltinFunction BoundMethod Code Frame Traceback MappingProxy
        DictKeys DictValues DictItems GenericAlias Super EllipsisType NotImplementedType Path
        PathLike
    };
    let found = all.into_iter().filter(|(_, is)| *is);
    found.map(|(name, _)| name).collect()
}

// What a parameter of the type says to objects that are none.

#[hpy_method]
fn takes_weakref<'ctx>(reference: &Handle<'ctx, WeakRef>) -> Result<Option<Handle<'ctx>>> {
    reference.upgrade()
}

#[hpy_method]
fn takes_traceback(traceback: &Handle<'_, Traceback>) -> Result<String> {
    traceback.format()
}

#[hpy_method]
fn takes_path_like<'ctx>(path: &Handle<'ctx, PathLike>) -> Result<(Handle<'ctx>, PathBuf)> {
    Ok((path.fspath()?, path.to_path_buf()?))
}

// Weak references

#[hpy_method]
fn weakref<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<Handle<'ctx, WeakRef>> {
    ctx.weakref(object)
}

#[hpy_method]
fn weakref_with<'ctx>(
    object: &Handle<'ctx>,
    callback: &Handle<'ctx, Callable>,
) -> Result<Handle<'ctx, WeakRef>> {
    object.ctx().weakref_with(object, callback)
}

#[hpy_method]
fn weak_proxy<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<Handle<'ctx, WeakProxy>> {
    ctx.weak_proxy(object)
}

#[hpy_method]
fn weak_proxy_with<'ctx>(
    object: &Handle<'ctx>,
    callback: &Handle<'ctx, Callable>,
) -> Result<Handle<'ctx, WeakProxy>> {
    object.ctx().weak_proxy_with(object, callback)
}

#[hpy_method]
fn upgrade_as_set<'ctx>(reference: &Handle<'ctx, WeakRef>) -> Result<Option<Handle<'ctx, Set>>> {
    reference.upgrade_as()
}

#[hpy_method]
fn callback<'ctx>(reference: &Handle<'ctx, WeakRef>) -> Result<Option<Handle<'ctx>>> {
    reference.callback()
}

/// An attribute of the object behind a proxy.
#[hpy_method]
fn through_proxy<'ctx>(proxy: &Handle<'ctx, WeakProxy>, name: &str) -> Result<Handle<'ctx>> {
    proxy.getattr(name)
}

// Functions, frames, tracebacks

#[hpy_method]
fn function_parts<'ctx>(function: &Handle<'ctx, Function>) -> Result<impl IntoHandle<'ctx>> {
    Ok(dict! {
        "__name__" => function.name()?,
        "__qualname__" => function.qualname()?,
        "__module__" => function.module()?,
        "__doc__" => function.doc()?,
        "__code__" => function.code()?,
        "__globals__" => function.globals()?,
        "__defaults__" => function.defaults()?,
        "__kwdefaults__" => function.kwdefaults()?,
        "__closure__" => function.closure()?,
        "__annotations__" => function.annotations()?,
    })
}

#[hpy_method]
fn code_parts<'ctx>(code: &Handle<'ctx, Code>) -> Result<impl IntoHandle<'ctx>> {
    Ok(dict! {
        "co_name" => code.name()?,
        "co_filename" => code.filename()?,
        "co_firstlineno" => code.first_lineno()?,
        "co_argcount" => code.arg_count()?,
        "co_varnames" => code.varnames()?,
    })
}

#[hpy_method]
fn builtin_names(function: &Handle<'_, BuiltinFunction>) -> Result<(String, String)> {
    function.doc()?;
    Ok((function.name()?, function.qualname()?))
}

#[hpy_method]
fn bound_parts<'ctx>(method: &Handle<'ctx, BoundMethod>) -> Result<(Handle<'ctx>, Handle<'ctx>)> {
    Ok((method.function()?, method.receiver()?))
}

#[hpy_method]
fn current_frame<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx, Frame>>> {
    ctx.current_frame()
}

#[hpy_method]
fn frame_parts<'ctx>(frame: &Handle<'ctx, Frame>) -> Result<impl IntoHandle<'ctx>> {
    Ok(dict! {
        "f_code" => frame.code()?,
        "f_lineno" => frame.lineno()?,
        "f_back" => frame.back()?,
        "f_globals" => frame.globals()?,
        "f_locals" => frame.locals()?,
        "f_builtins" => frame.builtins()?,
    })
}

/// The names of the functions that an exception has passed, and the lines, from the outside.
#[hpy_method]
fn places<'ctx>(traceback: &Handle<'ctx, Traceback>) -> Result<Vec<(String, Option<usize>)>> {
    let mut places = Vec::new();
    let mut next = Some(traceback.dup());
    while let Some(traceback) = next {
        let name = traceback.frame()?.code()?.name()?;
        places.push((name, traceback.lineno()?));
        next = traceback.next()?;
    }
    Ok(places)
}

/// The traceback of what the function raises, as text.
#[hpy_method]
fn traceback_of(ctx: Context<'_>, function: &Handle<'_>) -> Result<Option<String>> {
    match function.call0() {
        Ok(_) => Ok(None),
        Err(error) => match error.traceback(ctx) {
            Some(traceback) => traceback.format().map(Some),
            None => Ok(Some(String::new())),
        },
    }
}

// Views

#[hpy_method]
fn dict_views<'ctx>(
    dict: &Handle<'ctx, Dict>,
) -> Result<(
    Handle<'ctx, DictKeys>,
    Handle<'ctx, DictValues>,
    Handle<'ctx, DictItems>,
)> {
    Ok((dict.keys_view()?, dict.values_view()?, dict.items_view()?))
}

#[hpy_method]
fn view_parts<'ctx>(
    view: &Handle<'ctx, DictKeys>,
    key: &Handle<'ctx>,
) -> Result<(usize, bool, Vec<Handle<'ctx>>)> {
    let keys = view.iter()?.collect::<Result<_>>()?;
    Ok((view.len()?, view.contains(key)?, keys))
}

#[hpy_method]
fn view_mapping<'ctx>(view: &Handle<'ctx, DictKeys>) -> Result<Handle<'ctx, MappingProxy>> {
    view.mapping()
}

#[hpy_method]
fn mapping_proxy<'ctx>(
    ctx: Context<'ctx>,
    mapping: &Handle<'ctx>,
) -> Result<Handle<'ctx, MappingProxy>> {
    ctx.mapping_proxy(mapping)
}

#[hpy_method]
fn proxy_parts<'ctx>(
    proxy: &Handle<'ctx, MappingProxy>,
    key: &Handle<'ctx>,
) -> Result<impl IntoHandle<'ctx>> {
    let keys = proxy.iter()?.collect::<Result<Vec<_>>>()?;
    Ok(dict! {
        "len" => proxy.len()?,
        "get" => proxy.get(key)?,
        "contains" => proxy.contains(key)?,
        "keys" => proxy.keys()?,
        "values" => proxy.values()?,
        "items" => proxy.items()?,
        "copy" => proxy.copy()?,
        "iter" => keys,
    })
}

// Generic aliases, super

#[hpy_method]
fn generic_alias<'ctx>(
    origin: &Handle<'ctx>,
    args: &Handle<'ctx>,
) -> Result<Handle<'ctx, GenericAlias>> {
    origin.ctx().generic_alias(origin, args)
}

#[hpy_method]
fn alias_parts<'ctx>(
    alias: &Handle<'ctx, GenericAlias>,
) -> Result<(Handle<'ctx>, Handle<'ctx, Tuple>, Handle<'ctx, Tuple>)> {
    Ok((alias.origin()?, alias.args()?, alias.parameters()?))
}

/// A generic class in Rust.
#[hpy_type]
struct Shelf {
    #[hpy(get)]
    held: Field,
}

#[hpy_methods]
impl Shelf {
    #[new]
    fn new(held: &Handle<'_>) -> Result<Self> {
        Ok(Shelf {
            held: Field::new(held)?,
        })
    }

    #[classmethod]
    fn __class_getitem__<'ctx>(
        class: &Handle<'ctx, Type>,
        arguments: &Handle<'ctx>,
    ) -> Result<Handle<'ctx, GenericAlias>> {
        class.ctx().generic_alias(class, arguments)
    }
}

#[hpy_method]
fn super_call<'ctx>(
    class_: &Handle<'ctx, Type>,
    object: &Handle<'ctx>,
    name: &str,
) -> Result<Handle<'ctx>> {
    object.ctx().super_of(class_, object)?.call_method0(name)
}

// Paths

#[hpy_method]
fn path<'ctx>(ctx: Context<'ctx>, path: PathBuf) -> Result<Handle<'ctx, Path>> {
    ctx.path(path)
}

#[hpy_method]
fn path_parts<'ctx>(path: &Handle<'ctx, Path>) -> Result<impl IntoHandle<'ctx>> {
    let (name, parent) = (path.name()?, path.parent()?);
    Ok(tuple![path.to_path_buf()?, name, parent])
}

hpy_module! {
    name: handle_types,
    methods: [
        kinds, takes_weakref, takes_traceback, takes_path_like, weakref, weakref_with, weak_proxy,
        weak_proxy_with, upgrade_as_set, callback, through_proxy, function_parts,
        code_parts, builtin_names, bound_parts, current_frame, frame_parts, places, traceback_of,
        dict_views, view_parts, view_mapping, mapping_proxy, proxy_parts, generic_alias,
        alias_parts, super_call, path, path_parts,
    ],
    types: [Shelf],
}
