//! HPy's enumerations and flags, with C's names and numbers.
//!
//! Each is a one-field struct with constants rather than a Rust enum, because a number from C may
//! be unknown to this version.

use core::ffi::{c_int, c_ulong};

macro_rules! c_enum {
    ($(#[$doc:meta])* $name:ident: $repr:ty { $($constant:ident = $value:expr;)* }) => {
        $(#[$doc])*
        #[repr(transparent)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(
            /// The number in C.
            pub $repr,
        );
        $(
            #[doc = concat!("The number ", stringify!($value), ".")]
            pub const $constant: $name = $name($value);
        )*
        impl $name {
            /// Every constant with its name, in the order of the numbers.
            pub const ALL: &'static [(&'static str, $name)] =
                &[$((stringify!($constant), $constant)),*];
        }
    };
}

c_enum! {
    /// What an [`HPyDef`](crate::HPyDef) defines.
    HPyDef_Kind: c_int {
        HPyDef_Kind_Slot = 1;
        HPyDef_Kind_Meth = 2;
        HPyDef_Kind_Member = 3;
        HPyDef_Kind_GetSet = 4;
    }
}

c_enum! {
    /// The shape of a function: which arguments it takes and what it returns.
    ///
    /// The first four are the calling conventions of methods.
    HPyFunc_Signature: c_int {
            HPyFunc_VARARGS = 1;
            HPyFunc_KEYWORDS = 2;
            HPyFunc_NOARGS = 3;
            HPyFunc_O = 4;
            HPyFunc_DESTROYFUNC = 5;
            HPyFunc_GETBUFFERPROC = 6;
            HPyFunc_RELEASEBUFFERPROC = 7;
            HPyFunc_UNARYFUNC = 8;
            HPyFunc_BINARYFUNC = 9;
            HPyFunc_TERNARYFUNC = 10;
            HPyFunc_INQUIRY = 11;
            HPyFunc_LENFUNC = 12;
            HPyFunc_SSIZEARGFUNC = 13;
            HPyFunc_SSIZESSIZEARGFUNC = 14;
            HPyFunc_SSIZEOBJARGPROC = 15;
            HPyFunc_SSIZESSIZEOBJARGPROC = 16;
            HPyFunc_OBJOBJARGPROC = 17;
            HPyFunc_FREEFUNC = 18;
            HPyFunc_GETATTRFUNC = 19;
            HPyFunc_GETATTROFUNC = 20;
            HPyFunc_SETATTRFUNC = 21;
            HPyFunc_SETATTROFUNC = 22;
            HPyFunc_REPRFUNC = 23;
            HPyFunc_HASHFUNC = 24;
            HPyFunc_RICHCMPFUNC = 25;
            HPyFunc_GETITERFUNC = 26;
            HPyFunc_ITERNEXTFUNC = 27;
            HPyFunc_DESCRGETFUNC = 28;
            HPyFunc_DESCRSETFUNC = 29;
            HPyFunc_INITPROC = 30;
            HPyFunc_NEWFUNC = 31;
            HPyFunc_GETTER = 32;
            HPyFunc_SETTER = 33;
            HPyFunc_OBJOBJPROC = 34;
            HPyFunc_TRAVERSEPROC = 35;
            HPyFunc_DESTRUCTOR = 36;
            HPyFunc_CAPSULE_DESTRUCTOR = 37;
            HPyFunc_VECTORCALLFUNC = 38;
            HPyFunc_MOD_CREATE = 39;
    }
}

c_enum! {
    /// The slots of types and modules.
    HPySlot_Slot: c_int {
        HPy_bf_getbuffer = 1;
        HPy_bf_releasebuffer = 2;
        HPy_mp_ass_subscript = 3;
        HPy_mp_length = 4;
        HPy_mp_subscript = 5;
        HPy_nb_absolute = 6;
        HPy_nb_add = 7;
        HPy_nb_and = 8;
        HPy_nb_bool = 9;
        HPy_nb_divmod = 10;
        HPy_nb_float = 11;
        HPy_nb_floor_divide = 12;
        HPy_nb_index = 13;
        HPy_nb_inplace_add = 14;
        HPy_nb_inplace_and = 15;
        HPy_nb_inplace_floor_divide = 16;
        HPy_nb_inplace_lshift = 17;
        HPy_nb_inplace_multiply = 18;
        HPy_nb_inplace_or = 19;
        HPy_nb_inplace_power = 20;
        HPy_nb_inplace_remainder = 21;
        HPy_nb_inplace_rshift = 22;
        HPy_nb_inplace_subtract = 23;
        HPy_nb_inplace_true_divide = 24;
        HPy_nb_inplace_xor = 25;
        HPy_nb_int = 26;
        HPy_nb_invert = 27;
        HPy_nb_lshift = 28;
        HPy_nb_multiply = 29;
        HPy_nb_negative = 30;
        HPy_nb_or = 31;
        HPy_nb_positive = 32;
        HPy_nb_power = 33;
        HPy_nb_remainder = 34;
        HPy_nb_rshift = 35;
        HPy_nb_subtract = 36;
        HPy_nb_true_divide = 37;
        HPy_nb_xor = 38;
        HPy_sq_ass_item = 39;
        HPy_sq_concat = 40;
        HPy_sq_contains = 41;
        HPy_sq_inplace_concat = 42;
        HPy_sq_inplace_repeat = 43;
        HPy_sq_item = 44;
        HPy_sq_length = 45;
        HPy_sq_repeat = 46;
        HPy_tp_call = 50;
        HPy_tp_descr_get = 54;
        HPy_tp_hash = 59;
        HPy_tp_init = 60;
        HPy_tp_new = 65;
        HPy_tp_repr = 66;
        HPy_tp_richcompare = 67;
        HPy_tp_str = 70;
        HPy_tp_traverse = 71;
        HPy_nb_matrix_multiply = 75;
        HPy_nb_inplace_matrix_multiply = 76;
        HPy_tp_finalize = 80;
        HPy_tp_destroy = 1000;
        HPy_mod_create = 2000;
        HPy_mod_exec = 2001;
    }
}

c_enum! {
    /// The C type of a member.
    HPyMember_FieldType: c_int {
        HPyMember_SHORT = 0;
        HPyMember_INT = 1;
        HPyMember_LONG = 2;
        HPyMember_FLOAT = 3;
        HPyMember_DOUBLE = 4;
        HPyMember_STRING = 5;
        HPyMember_OBJECT = 6;
        HPyMember_CHAR = 7;
        HPyMember_BYTE = 8;
        HPyMember_UBYTE = 9;
        HPyMember_USHORT = 10;
        HPyMember_UINT = 11;
        HPyMember_ULONG = 12;
        HPyMember_STRING_INPLACE = 13;
        HPyMember_BOOL = 14;
        HPyMember_OBJECT_EX = 16;
        HPyMember_LONGLONG = 17;
        HPyMember_ULONGLONG = 18;
        HPyMember_HPYSSIZET = 19;
        HPyMember_NONE = 20;
    }
}

c_enum! {
    /// What precedes the data in a type's instances.
    ///
    /// For types that extend int, float, str, tuple, list or dict, Python copies and pickles the
    /// built-in value only. The data of the copy is zeroed unless the type has a `__reduce_ex__` or
    /// `__copy__`. For `object`'s shape, copying and pickling raise a TypeError.
    HPyType_BuiltinShape: c_int {
        HPyType_BuiltinShape_Legacy = -1;
        HPyType_BuiltinShape_Object = 0;
        HPyType_BuiltinShape_Type = 1;
        HPyType_BuiltinShape_Long = 2;
        HPyType_BuiltinShape_Float = 3;
        HPyType_BuiltinShape_Unicode = 4;
        HPyType_BuiltinShape_Tuple = 5;
        HPyType_BuiltinShape_List = 6;
        HPyType_BuiltinShape_Dict = 7;
    }
}

c_enum! {
    /// The meaning of an [`HPyType_SpecParam`](crate::HPyType_SpecParam). 0 ends the list.
    HPyType_SpecParam_Kind: c_int {
        HPyType_SpecParam_Base = 1;
        HPyType_SpecParam_BasesTuple = 2;
        HPyType_SpecParam_Metaclass = 3;
    }
}

c_enum! {
    /// How source text is compiled. See `HPy_Compile_s`.
    HPy_SourceKind: c_int {
        HPy_SourceKind_Expr = 0;
        HPy_SourceKind_File = 1;
        HPy_SourceKind_Single = 2;
    }
}

c_enum! {
    /// Which value of a capsule is meant.
    _HPyCapsule_key: c_int {
        HPyCapsule_key_Pointer = 0;
        HPyCapsule_key_Name = 1;
        HPyCapsule_key_Context = 2;
        HPyCapsule_key_Destructor = 3;
    }
}

c_enum! {
    /// The operator of a rich comparison.
    HPy_RichCmpOp: c_int {
        HPy_LT = 0;
        HPy_LE = 1;
        HPy_EQ = 2;
        HPy_NE = 3;
        HPy_GT = 4;
        HPy_GE = 5;
    }
}

/// The flags that every type has (bits 9 and 18).
pub const HPy_TPFLAGS_DEFAULT: c_ulong = (1 << 9) | (1 << 18);
/// The type may be subclassed.
pub const HPy_TPFLAGS_BASETYPE: c_ulong = 1 << 10;
/// Instances are called by the function in the word that a member `__vectorcalloffset__` names. The
/// member alone has the same effect.
pub const HPy_TPFLAGS_HAVE_VECTORCALL: c_ulong = 1 << 11;
/// The type's instances can be part of reference cycles; needs `HPy_tp_traverse`.
pub const HPy_TPFLAGS_HAVE_GC: c_ulong = 1 << 14;

/// The major version of HPy's ABI that this crate uses.
pub const HPY_ABI_VERSION: u32 = 0;
/// The minor version of HPy's ABI that this crate uses.
pub const HPY_ABI_VERSION_MINOR: u32 = 0;
