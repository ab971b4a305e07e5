//! Templates of what a pipeline expands to. Here they cost the macro, and the user who waits for it,
//! far less than when each is handed over token by token.
//!
//! They stand in the author's crate, among names and lints of any kind: every path is absolute,
//! methods are called by paths, and what is bound has a name that nobody writes. Attributes that
//! allow lints are refused where a crate forbids them, so there are none: the compiler keeps most
//! lints out of what another crate's macro has written.

/// The handles and accessors of a pipeline.
#[doc(hidden)]
#[macro_export]
macro_rules! __members {
    (
        $(#[$level:meta])* $vis:vis $name:ident
        $($(#[$old:meta])* $handle:ident $kind:ident $text:tt)*
        ; $($(#[$of_field:meta])* $field:ident $ty:ty),*
    ) => {
        $(#[$level])*
        impl $name {
            $(
                /// The name of what this field declares, with its kind.
                $(#[$old])*
                $vis const $handle: $crate::Handle<$crate::$kind> = $crate::Handle::new($text);
            )*
            $(
                /// Returns what this field declares.
                $(#[$of_field])*
                #[must_use]
                $vis const fn $field(&self) -> &$ty { &self.$field }
            )*
        }
    };
}

/// The default of a pipeline: its callbacks by their places in the draft, its components by their
/// names.
#[doc(hidden)]
#[macro_export]
macro_rules! __declared {
    ($(#[$level:meta])* $name:ident $($field:ident $index:literal)* ; $($component:ident)*) => {
        $(#[$level])*
        impl $crate::__private::core::default::Default for $name {
            /// Returns the pipeline as it was declared.
            fn default() -> Self {
                $crate::__private::declared(
                    &<Self as $crate::Pipeline>::draft(),
                    |__cascade_draft| Self {
                        $($field: $crate::__private::part(__cascade_draft, $index),)*
                        $($component: $crate::__private::core::default::Default::default(),)*
                    },
                )
            }
        }
    };
}

/// The enum of a pipeline's environments.
#[doc(hidden)]
#[macro_export]
macro_rules! __environments {
    (
        $(#[$attribute:meta])* $vis:vis $name:ident $doc:literal
        $($variant:ident $about:literal $text:literal)*
    ) => {
        #[doc = $doc]
        $(#[$attribute])*
        #[$crate::__private::core::prelude::v1::derive($crate::__private::core::prelude::v1::Clone, $crate::__private::core::prelude::v1::Debug)]
        $vis enum $name { $(#[doc = $about] $variant,)* }

        impl $name {
            /// Every environment, in the order of promotion.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name.
            #[must_use]
            $vis const fn as_str(&self) -> &'static $crate::__private::core::primitive::str {
                match *self { $(Self::$variant => $text,)* }
            }
        }

        impl $crate::__private::core::fmt::Display for $name {
            fn fmt(
                &self,
                __cascade_formatter: &mut $crate::__private::core::fmt::Formatter<'_>,
            ) -> $crate::__private::core::fmt::Result {
                $crate::__private::core::fmt::Formatter::pad(__cascade_formatter, Self::as_str(self))
            }
        }

        impl $crate::__private::core::str::FromStr for $name {
            type Err = $crate::UnknownEnvironment;

            fn from_str(
                __cascade_text: &$crate::__private::core::primitive::str,
            ) -> $crate::__private::core::result::Result<Self, $crate::UnknownEnvironment> {
                $crate::__private::environment(Self::ALL, Self::as_str, __cascade_text)
            }
        }
    };
}

/// The names that an author wrote, as identifiers that lead an editor somewhere.
#[cfg(any(rust_analyzer, intellij_rust))]
#[doc(hidden)]
#[macro_export]
macro_rules! __references {
    (
        $name:ident $($attribute:ident)* ; $($environment:ident)*
        ; $($of_field:ident)* ; $($of_environment:ident)*
    ) => {
        const _: () = {
            struct __Environments { $($environment: (),)* }

            fn references(__cascade_callbacks: &$name, __cascade_environments: &__Environments) {
                {
                    use $crate::__private::attributes::*;
                    type Attributes = ($($attribute,)*);
                }
                let _ = (
                    $(&__cascade_callbacks.$of_field,)*
                    $(&__cascade_environments.$of_environment,)*
                );
            }
        };
    };
}

/// Nothing: the compiler has no use for it.
#[cfg(not(any(rust_analyzer, intellij_rust)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __references {
    ($($any:tt)*) => {};
}
