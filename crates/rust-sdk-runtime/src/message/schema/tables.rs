//! The macros for the tables of this crate's own, for types of prost-types.

/// The tables of messages of prost-types: [`messages!`](crate::messages) without the parts that these types have already.
macro_rules! tables {
    ($vis:vis const $list:ident; $($message:ty = $full_name:literal $entries:tt)*) => {
        /// All messages of this module.
        $vis const $list: &[$crate::schema::SchemaOf] = &[$(<$message as $crate::schema::HasSchema>::schema),*];

        $($crate::__table! { $message = $full_name [] $entries })*
    };
}

/// The tables of enums of prost-types.
macro_rules! enum_tables {
    ($($enum:ty = $full_name:literal { $($number:literal $name:literal,)* })*) => { $(
        impl $crate::schema::HasEnumSchema for $enum {
            const SCHEMA: &'static $crate::schema::EnumSchema =
                &$crate::schema::EnumSchema::new($full_name, &[$(($number, $name)),*], $crate::codegen::fields::show::<$enum>);
        }
    )* };
}

pub(super) use {enum_tables, tables};
