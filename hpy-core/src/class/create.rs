//! From what the macros tell of a type to the type object, and into the module.

use super::call_place::CallFunctions;
use super::declaration::AddVariants;
use super::field_setters::with_setter;
use super::from_traits::{is_unhashable, only_orders, set_match_args};
use super::kind::ClassKind;
use super::layout::{destroy_functions, size_of_payload};
use super::native_slots::NativeSlot;
use super::no_subclass::{no_subclass, refuses_subclasses};
use super::shared::{check_module, not_made, publish};
use super::spec_definitions::*;
use super::traverse;
use super::type_cell::TypePlace;
use super::type_spec::{forever, from_spec, spec};
use super::{Base, InitMethod, PyClass, TypeMethods, new_def};
use crate::backend::quirks::Quirk;
use crate::entry;
use crate::entry::definition::MethodDef;
use crate::entry::guard::KeywordsMethod;
use crate::exceptions::{NotImplementedError, TypeError};
use crate::module::legacy::LegacySlots;
use crate::types::{Module, Type, TypeObject};
use crate::{Context, Error, Handle, Result, backend};
use core::marker::PhantomData;
use core::ptr::null_mut;
use hpy_sys::*;

/// Makes a type for the module, which is being imported, and adds it if `is_listed`. A module that
/// is imported again gets the same type.
pub(super) fn add_class<'ctx, T: PyClass>(
    ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
    is_listed: bool,
) -> Result<()> {
    check_module::<T>(&module.rarely())?;
    let class = plan::<T>().get_or_make(ctx, Some(module), T::place())?;
    publish::<T>(module, &class, is_listed)?;
    match is_listed {
        true => module.rarely().setattr(T::DESCRIPTION.name, &class),
        false => Ok(()),
    }
}

/// The type, which is made at its first use if no module lists it.
#[cold]
#[inline(never)]
pub(super) fn class_of<'ctx, T: PyClass>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    if let Some(class) = T::place().get(ctx)? {
        return Ok(class);
    }
    if T::sharing().is_some() {
        return Err(not_made(&T::DESCRIPTION));
    }
    if T::KIND == ClassKind::Variant {
        return T::of_enum(ctx);
    }
    plan::<T>().get_or_make(ctx, None, T::place())
}

/// Makes a type of the library's own, which no module lists, unless there is one already. Its
/// description names the module.
#[cold]
pub(crate) fn make_at_first_use<T: PyClass>(ctx: Context<'_>) -> Result<()> {
    let (ctx, plan) = (ctx.rarely(), plan::<T>());
    let made = T::place().get_or_make(ctx, &mut || plan.make(ctx, "hpy".to_owned()));
    made.map(drop)
}

/// What makes the class of a variant.
pub(super) fn make_variant<'ctx, T: PyClass>(
    ctx: Context<'ctx>,
    module: Option<&Handle<'ctx, Module>>,
) -> Result<Handle<'ctx, Type>> {
    plan::<T>().get_or_make(ctx, module, T::place())
}

/// Lets no class of Python derive from an enum, whose variants are all made.
pub(super) fn refuse_subclasses<T: PyClass>(class: &Handle<'_, Type>) -> Result<()> {
    plan::<T>().set_class_methods(class, &[no_subclass()])
}

/// What an enum's class has before `Enum` among its bases: a class that has methods and no data.
/// Those that are derived are in `slots`.
pub(super) fn make_methods<'ctx>(
    ctx: Context<'ctx>,
    description: &'static super::Description,
    slots: &'static [MethodDef],
    methods: &'static TypeMethods,
    module_name: String,
) -> Result<Handle<'ctx, Type>> {
    let plan = Plan {
        description,
        fields: slots,
        methods,
        more_class_methods: &[],
        pickles: false,
        add_variants: None,
        is_base: true,
        size: 0,
        shape: HPyType_BuiltinShape_Object,
        is_deep: false,
        legacy: None,
        native: &[],
        base: <crate::types::Object as Base>::class,
        destroy: None,
        owns_more: false,
        traverse: |_| None,
        no_new: None,
        call: None,
        filled: None,
    };
    plan.make(ctx, module_name)
}

fn plan<T: PyClass>() -> Plan<'static> {
    Plan {
        description: const { &T::DESCRIPTION },
        fields: T::FIELDS,
        methods: const { &T::METHODS },
        more_class_methods: T::CLASS_METHODS,
        pickles: T::PICKLES,
        add_variants: (T::KIND == ClassKind::Enum).then_some(T::add_variants),
        is_base: T::DESCRIPTION.subclass || T::KIND == ClassKind::Enum,
        size: size_of_payload::<T>(),
        shape: <T as Base>::SHAPE,
        is_deep: <T::Base as Base>::SIZE > 0,
        legacy: T::LEGACY,
        native: T::NATIVE,
        base: <T::Base as Base>::class,
        destroy: <T as Base>::DROPS.then(destroy_functions::<T>),
        owns_more: <T as Base>::OWNS_MORE,
        traverse: traverse::functions::<T>,
        no_new: Some(no_new::<T>),
        call: <T as Base>::CALL,
        filled: (<T as Base>::FILLED_BY_INIT && !<T as Base>::HAS_INIT)
            .then(entry::slots::init::<Filled<T>>),
    }
}

/// What a type is made of, the same for all.
struct Plan<'a> {
    description: &'a super::Description,
    fields: &'a [MethodDef],
    methods: &'a TypeMethods,
    /// Class methods beside those of `methods`.
    more_class_methods: &'a [MethodDef],
    /// Whether it has `pickle`.
    pickles: bool,
    /// What makes the classes of an enum's variants.
    add_variants: Option<AddVariants>,
    /// Whether other classes derive from it.
    is_base: bool,
    size: usize,
    shape: HPyType_BuiltinShape,
    /// Whether its base is a type in Rust.
    is_deep: bool,
    /// Slots in C.
    legacy: Option<LegacySlots>,
    /// Slots of CPython's alone.
    native: &'a [NativeSlot],
    /// The class that it derives from, if that is not `object`.
    base: for<'ctx> fn(Context<'ctx>, &str) -> Result<Option<Handle<'ctx, Type>>>,
    /// What drops the data: of objects, and of memory that has to be measured first.
    destroy: Option<[HPyFunc_destroyfunc; 3]>,
    /// Whether that does more than to let go of what fields hold.
    owns_more: bool,
    /// What shows the fields, by whether the interpreter asks the bases too.
    traverse: fn(bool) -> Option<[unsafe extern "C" fn(); 2]>,
    /// `__new__` of types without a constructor. An enum makes its members by that of `object`.
    no_new: Option<fn() -> MethodDef>,
    /// `__call__`, its own or that of a base: runtimes give objects the function of their own type.
    call: Option<*mut CallFunctions>,
    /// `__init__` of types whose base's would fill the object anew.
    filled: Option<entry::Functions>,
}

impl Plan<'_> {
    #[cold]
    #[inline(never)]
    fn get_or_make<'ctx>(
        &self,
        ctx: Context<'ctx>,
        module: Option<&Handle<'ctx, Module>>,
        place: &'static TypePlace,
    ) -> Result<Handle<'ctx, Type>> {
        let ctx = ctx.rarely();
        let type_ = place.get_or_make(ctx, &mut || {
            let module_name = match (self.description.module, module) {
                (Some(name), _) => name.to_owned(),
                (None, Some(module)) => crate::module::submodule::full_name(&module.rarely())?,
                (None, None) => self.description.crate_name().to_owned(),
            };
            self.make(ctx, module_name)
        })?;
        if let Some(add_variants) = self.add_variants {
            add_variants(&type_, module)?;
        }
        // Some of them may be instances.
        for set in self.methods.set_attributes {
            set(&type_)?;
        }
        Ok(type_)
    }

    fn make<'ctx>(&self, ctx: Context<'ctx>, module_name: String) -> Result<Handle<'ctx, Type>> {
        if !self.methods.are_of_their_kinds(is_built_in(self.shape)) {
            return Err(refused(
                self.description.name,
                "its methods are not those that `#[hpy_methods]` lists",
            ));
        }
        if let Some(why) = self.why_refused(ctx)? {
            return Err(refused(self.description.name, why));
        }
        let slots = self.slots_of_class(ctx)?;
        let metaclass = match self.description.metaclass {
            Some(find) => Some(find(ctx, self.description.name)?),
            None if !slots.is_empty() => Some(Type::type_object(ctx)?),
            None => None,
        };
        let base = (self.base)(ctx, self.description.name)?;
        if let Some(base) = &base
            && !base.as_object().type_().is(&Type::type_object(ctx)?)
        {
            let why = "its base has a metaclass, and types in Rust do not derive from such";
            return Err(refused(self.description.name, why));
        }
        let foreign = !ctx.raw.is_direct();
        let mut defines: Vec<*mut HPyDef> = Vec::new();
        let setters = self.methods.setters;
        let fields = self.fields.iter();
        defines.extend(fields.map(|field| match setters {
            [] => field.for_type(!foreign),
            setters => with_setter(*field, setters, !foreign),
        }));
        let definitions = self.methods.definitions.iter();
        defines.extend(definitions.map(|definition| definition.for_type(!foreign)));
        // SAFETY: the macros made the definitions, and they are statics.
        #[cfg(feature = "universal")]
        let properties = unsafe { super::properties::take(ctx, &mut defines) };
        let new = self.methods.new.or_else(|| self.no_new.map(|none| none()));
        let built_in = is_built_in(self.shape);
        if let (false, Some(new)) = (built_in, new) {
            defines.push(new.for_type(!foreign));
        }
        let mut assigned = self.methods.assigned.to_vec();
        if !self.native.is_empty() && !foreign && is_cpython(ctx)? {
            for slot in self.native {
                if ctx.python_version() >= slot.since {
                    defines.push(forever(slot.definition()));
                    assigned.retain(|name| Some(*name) != slot.instead_of);
                }
            }
        }
        if let Some(call) = self.call {
            // SAFETY: a static, which is only read.
            let call = unsafe { &*CallFunctions::of(call, ctx) };
            if !ctx.has(Quirk::CALL_IS_NO_SLOT) {
                defines.push(forever(call_slot(call)));
            } else {
                defines.push(forever(call_method(call)));
                assigned.push(c"__call__");
            }
        }
        if let Some(functions) = self.filled {
            defines.push(forever(slot(HPy_tp_init, functions)));
        }
        if let Some([by_bundled_runtime, by_host, measured]) = self.destroy {
            let measures =
                ctx.has(Quirk::DATA_IS_MEASURED) && self.shape == HPyType_BuiltinShape_Object;
            let destroy = match ctx.raw.is_direct() {
                _ if measures => measured,
                true => by_bundled_runtime,
                false => by_host,
            };
            // Fields are their object's there, and end with it. An object that has nothing to be
            // called at its end takes PyPy's collector less.
            if !measures || self.owns_more {
                defines.push(forever(destroy_slot(destroy)));
            }
        }
        let traverse = (self.traverse)(!ctx.has(Quirk::DERIVED_TRAVERSES_ALONE));
        if let Some(traverse) = traverse {
            defines.push(forever(traverse_slot(traverse)));
        }
        if foreign {
            let reflected = self.methods.reflected.iter();
            defines.extend(reflected.map(|method| method.as_raw()));
        }
        if !foreign {
            let class_methods = self.class_methods();
            defines.extend(class_methods.map(|method| forever(of_class(method))));
        }
        let mut flags = HPy_TPFLAGS_DEFAULT;
        if self.is_base || metaclass.is_some() {
            flags |= HPy_TPFLAGS_BASETYPE;
        }
        if traverse.is_some() {
            flags |= HPy_TPFLAGS_HAVE_GC;
        }
        let legacy_slots = match self.legacy {
            Some(slots) => {
                slots.check(self.description.name, &defines)?;
                slots.as_ptr()
            }
            None => null_mut(),
        };
        let name = [&module_name, ".", self.description.name];
        let spec = spec(
            &crate::error::joined(&name),
            &self.doc(ctx),
            self.size,
            flags,
            self.shape,
            legacy_slots,
            defines,
        );
        let type_ = from_spec(ctx, spec, base.as_ref())?;
        if let (false, false, Some(new)) = (foreign, built_in, self.methods.new) {
            // SAFETY: `#[new]` is that slot where no built-in type makes the objects, with a
            // function for CPython's arguments; the own runtime's handle to the type is its
            // address.
            unsafe {
                if let Some(construct) = new.construct() {
                    let construct = core::mem::transmute::<
                        unsafe extern "C" fn(),
                        hpy_sys::capi::vectorcallfunc,
                    >(construct);
                    let type_ = type_.as_raw()._i as *mut hpy_sys::capi::PyObject;
                    hpy_sys::capi::set_type_vectorcall(type_, construct);
                }
            }
        }
        #[cfg(feature = "universal")]
        if !foreign && self.call.is_some() && ctx.is_on_pypy() {
            let type_ = type_.as_raw()._i as *mut hpy_sys::capi::PyObject;
            // SAFETY: the own runtime's handle to the type is its address, and the definitions have
            // that slot.
            unsafe { cpython::set_call_method(type_) }
        }
        if let (true, Some(new)) = (built_in, new) {
            let holder = functions(ctx, self.description.name, vec![new.as_raw()])?;
            let function = holder.getattr(new.name())?;
            let function = ctx
                .builtins()
                .get_item("staticmethod")?
                .call1((function,))?;
            type_.setattr(c"__new__", function)?;
        }
        #[cfg(feature = "universal")]
        if let (false, Some(new)) = (built_in, new)
            && ctx.has(Quirk::NEW_NEEDS_NO_CLASS)
        {
            // In place of the slot's a bound method: what is passed to it is all in its arguments.
            let method = forever(new_method(new));
            let function =
                functions(ctx, self.description.name, vec![method])?.getattr(c"__new__")?;
            type_.setattr(c"__new__", function)?;
        }
        let hashes = self.legacy.is_some_and(|slots| slots.hashes());
        if foreign {
            self.add_class_methods(&type_)?;
            if self.pickles {
                super::pickle::name_restore(&type_)?;
            }
            if is_unhashable(self.description, self.methods.special) && !hashes {
                type_.setattr(c"__hash__", ())?;
            }
        }
        if only_orders(self.description, self.methods.special) && !hashes {
            let hash = type_.getattr(c"__base__")?.getattr(c"__hash__")?;
            type_.setattr(c"__hash__", hash)?;
        }
        #[cfg(feature = "universal")]
        super::properties::add(&type_, &properties)?;
        set_match_args(self.description, &type_)?;
        for name in assigned {
            // Only then CPython fills its slot.
            let function = type_
                .getattr(c"__dict__")?
                .get_item(name.to_str().unwrap_or_default())?;
            type_.setattr(name, function)?;
        }
        let Some(metaclass) = metaclass else {
            self.register(&type_)?;
            return Ok(type_);
        };
        let names = [self.description.name, &module_name];
        let class = super::metaclass::call(&metaclass, &type_, names, &slots)?;
        if !self.description.subclass {
            let refusal = no_subclass();
            self.set_class_methods(&class, &[refusal])?;
        }
        self.register(&class)?;
        Ok(class)
    }

    fn register(&self, class: &Handle<'_, Type>) -> Result<()> {
        match self.description.register {
            Some(register) => register(class),
            None => Ok(()),
        }
    }

    /// The docstring, with the signature of the constructor before it as CPython keeps it.
    fn doc(&self, ctx: Context<'_>) -> String {
        let (name, doc) = (self.description.name, self.description.doc);
        match self.methods.new_signature {
            Some(signature) if !ctx.has(Quirk::SIGNATURE_STAYS_IN_DOC) => {
                crate::error::joined(&[name, signature, "\n--\n\n", doc])
            }
            _ => doc.to_owned(),
        }
    }

    /// Class methods where HPy is all there is: it has none. They become methods of an object of
    /// another type, which the class has as its class methods.
    fn add_class_methods<'ctx>(&self, type_: &Handle<'ctx, Type>) -> Result<()> {
        let ctx = type_.ctx();
        let refuses = refuses_subclasses(ctx, self.is_base, self.destroy.is_some());
        let refusal = refuses.then(no_subclass);
        let methods: Vec<MethodDef> = self.class_methods().chain(refusal).collect();
        self.set_class_methods(type_, &methods)
    }

    fn class_methods(&self) -> impl Iterator<Item = MethodDef> {
        let more = self.more_class_methods.iter();
        self.methods.class_methods.iter().chain(more).copied()
    }

    fn set_class_methods<'ctx>(
        &self,
        type_: &Handle<'ctx, Type>,
        methods: &[MethodDef],
    ) -> Result<()> {
        if methods.is_empty() {
            return Ok(());
        }
        let type_ = &type_.rarely();
        let ctx = type_.ctx();
        let defines = methods.iter().map(|method| method.as_raw()).collect();
        let holder = functions(ctx, self.description.name, defines)?;
        let classmethod = ctx.builtins().get_item("classmethod")?;
        for method in methods {
            let function = classmethod.call1((holder.getattr(method.name())?,))?;
            type_.setattr(method.name(), function)?;
        }
        Ok(())
    }

    /// Why there can be no such type, if so.
    #[cold]
    fn why_refused(&self, ctx: Context<'_>) -> Result<Option<&'static str>> {
        let shape = match self.description.metaclass {
            Some(_) => HPyType_BuiltinShape_Type,
            None => self.shape,
        };
        if !is_built_in(shape) {
            return Ok(None);
        }
        let is_cpython = is_cpython(ctx)?;
        let has = backend::BaseOptions {
            is_deep: self.is_deep,
            is_called: self.call.is_some(),
        };
        Ok(backend::refuses_base(ctx, is_cpython, shape, has))
    }

    /// What a class in Python has to add to instances: they have neither of these where they are
    /// made of a spec, but where all objects have both.
    #[cold]
    fn slots_of_class(&self, ctx: Context<'_>) -> Result<Vec<&'static str>> {
        let wanted = [
            (self.description.dict, "__dict__"),
            (self.description.weakref, "__weakref__"),
        ];
        let wanted = wanted.into_iter().filter(|(is_wanted, _)| *is_wanted);
        let slots: Vec<&str> = wanted.map(|(_, name)| name).collect();
        if slots.is_empty() {
            return Ok(slots);
        }
        match backend::has_all_slots(ctx, is_cpython(ctx)?) {
            Some(true) => Ok(Vec::new()),
            Some(false) => Ok(slots),
            None => Err(refused(
                self.description.name,
                "PyPI's hpy has no data for instances of a class that Python makes, which `dict` \
                 and `weakref` need",
            )),
        }
    }
}

/// An object that has these methods and nothing else: as its attributes they are functions.
#[cold]
#[inline(never)]
pub(crate) fn functions<'ctx>(
    ctx: Context<'ctx>,
    name: &str,
    defines: Vec<*mut HPyDef>,
) -> Result<Handle<'ctx>> {
    let name = crate::error::joined(&["hpy.", name]);
    let (size, flags) = (size_of::<usize>(), HPy_TPFLAGS_DEFAULT);
    let object = HPyType_BuiltinShape_Object;
    let spec = spec(&name, "", size, flags, object, null_mut(), defines);
    let holder = from_spec(ctx, spec, None)?;
    let mut unused = null_mut();
    // SAFETY: the handle is to a type whose data may be zeroes; a new handle or null with an
    // exception.
    unsafe { ctx.made_handle(HPy_New(ctx.as_ptr(), holder.as_raw(), &mut unused)) }
}

#[cold]
fn is_cpython(ctx: Context<'_>) -> Result<bool> {
    let implementation = ctx.import("sys")?.getattr(c"implementation")?;
    Ok(implementation.getattr(c"name")?.extract::<String>()? == "cpython")
}

/// Whether it is that of a built-in type which is not `object`.
fn is_built_in(shape: HPyType_BuiltinShape) -> bool {
    shape != HPyType_BuiltinShape_Object && shape != HPyType_BuiltinShape_Legacy
}

#[cold]
fn refused(name: &str, why: &str) -> Error {
    let parts = ["there can be no type ", name, ": ", why];
    NotImplementedError::new(crate::error::joined(&parts))
}

/// `__new__` of types that Python code can't make instances of.
struct NoNew;

impl KeywordsMethod for NoNew {
    #[cold]
    fn call<'ctx>(
        _: Context<'ctx>,
        class: &Handle<'ctx>,
        _: crate::entry::arguments::KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        let name: String = class.getattr(c"__name__")?.extract()?;
        let parts = ["cannot create '", &name, "' instances"];
        Err(TypeError::new(crate::error::joined(&parts)))
    }
}

/// `__init__` of types whose base's would fill the object anew, from what `#[new]` was called with.
/// Generic, so that it is compiled with the extension's types.
struct Filled<T>(PhantomData<T>);

impl<T> InitMethod for Filled<T> {
    #[inline(always)]
    fn call<'ctx>(
        _: Context<'ctx>,
        _: &Handle<'ctx>,
        _: crate::entry::arguments::KeywordArgs<'_, 'ctx>,
    ) -> Result<isize> {
        Ok(0)
    }
}

fn no_new<T: PyClass>() -> MethodDef {
    let definition: &'static _ = Box::leak(Box::new(const { new_def::<T, NoNew>() }));
    definition.def(c"new")
}
