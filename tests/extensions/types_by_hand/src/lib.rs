//! Types written by hand on the raw API: what they can have, how their instances live and die, and
//! what Python code at its worst does to them. The tests are several files beside `Cargo.toml`.

// HPy's names.
#![allow(non_upper_case_globals)]

mod call_words;
mod failing;
mod forged;
mod lifetimes;
mod operators;
mod plain;
mod protocols;
mod shapes;
mod spec;

use hpy::prelude::*;
use spec::add;

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    for description in [
        plain::everything(),
        plain::bare(),
        plain::sealed(),
        operators::operators(),
        operators::failing(),
        protocols::sequence(),
        protocols::mapping(),
        protocols::compared(),
        protocols::unhashable(),
        protocols::callable(),
        protocols::holding(),
        protocols::callable_without_new(),
        protocols::memory(),
        lifetimes::counted(),
        lifetimes::finalized(),
        lifetimes::only_finalized(),
        lifetimes::node(),
        lifetimes::untracked(),
        lifetimes::resurrecting(),
    ] {
        add(module, &description)?;
    }
    Ok(())
}

/// A type with `HPy_tp_descr_get`, which HPy 0.9.0 does not have.
#[hpy_method]
fn make_descriptor(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
    protocols::descriptor().make(ctx)
}

/// The number of the shape that the runtime knows a type by.
#[hpy_method]
fn shape_of<'ctx>(type_: &Handle<'ctx, Type>) -> i32 {
    // SAFETY: the handle is an open type.
    unsafe { hpy::sys::_HPyType_GetBuiltinShape(type_.ctx().as_ptr(), type_.as_raw()).0 }
}

/// An instance, by the function that types without a `HPy_tp_new` of their own have.
#[hpy_method]
fn generic_new<'ctx>(type_: &Handle<'ctx, Type>) -> Result<Handle<'ctx>> {
    let (ctx, none) = (type_.ctx(), core::ptr::null());
    // SAFETY: the handle is an open type, and there are no arguments. The result is a new handle,
    // or null with an exception.
    unsafe {
        let null = hpy::sys::HPy_NULL;
        ctx.handle_from_raw(hpy::sys::HPyType_GenericNew(
            ctx.as_ptr(),
            type_.as_raw(),
            none,
            0,
            null,
        ))
    }
}

hpy_module! {
    name: types_by_hand,
    methods: [
        make_descriptor, shape_of, generic_new, forged::add_forged, protocols::call_by_other,
        protocols::derive_called, call_words::make_call_word, call_words::derive_call_word,
        call_words::make_call_word_and_slot, shapes::make_shape, shapes::derive,
        shapes::make_invalid, shapes::make_twice, lifetimes::counts, lifetimes::make_more,
        lifetimes::destroyed_more, lifetimes::make_watched, lifetimes::make_with_dict,
        lifetimes::chain, lifetimes::keep,
    ],
    globals: [lifetimes::KEPT],
    exec: fill,
}
