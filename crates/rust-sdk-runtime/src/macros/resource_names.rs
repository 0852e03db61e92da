//! The macro for the types of resource names. In a generated crate, each type is a table.

/// Declares types of resource names. Write `Type = "resource type", ["pattern", …] { function(what it does) … }` for each.
///
/// Write a constructor as `new(0: project, topic)`: the index of its pattern, and its parameters in the pattern's order. The constructor of
/// a pattern without variables is `deleted(1)`. Write a getter as `project(value "project")`, or with `optional` if not every pattern has
/// the variable.
///
/// ```
/// rust_sdk_runtime::resource_names! {
///     /// The name of a topic.
///     TopicName = "pubsub.googleapis.com/Topic", ["projects/{project}/topics/{topic}", "_deleted-topic_"] {
///         new(0: project, topic)
///         deleted_topic(1)
///         project(optional "project")
///         topic(optional "topic")
///     }
/// }
///
/// let topic = TopicName::new("p", "t")?;
/// assert_eq!(topic.to_string(), "projects/p/topics/t");
/// assert_eq!(topic.topic(), Some("t"));
/// assert_eq!("projects/p/topics/t".parse(), Ok(topic));
/// assert!(TopicName::new("p", "t/subscriptions/s").is_err());
/// # Ok::<_, rust_sdk_runtime::resource::ResourceNameError>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! resource_names {
    ($($(#$attribute:tt)* $name:ident = $type:literal, $patterns:tt $functions:tt)*) => {
        $($crate::__resource_type! { [$(#$attribute)*] $name = $type, $patterns $functions })*
    };
}

/// One type of [`resource_names!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __resource_type {
    ([$($attribute:tt)*] $name:ident = $type:literal, [$($pattern:literal),*] { $($function:ident $what:tt)* }) => {
        $($attribute)*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(::std::string::String);

        #[allow(clippy::too_many_arguments, reason = "a name has as many values as its pattern")]
        impl $name {
            /// The resource type.
            pub const TYPE: &'static str = $type;
            /// The patterns of names.
            pub const PATTERNS: &'static [&'static str] = &[$($pattern),*];

            const RESOURCE: $crate::codegen::ResourceType =
                $crate::codegen::ResourceType { name: Self::TYPE, patterns: Self::PATTERNS };

            $($crate::__resource_name! { $function $what })*

            /// The pattern of this name.
            pub fn pattern(&self) -> &'static str {
                Self::RESOURCE.pattern(&self.0)
            }

            /// The name as text.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::resource::ResourceNameError;

            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                Self::RESOURCE.read(text).map(Self)
            }
        }

        impl ::core::convert::TryFrom<&str> for $name {
            type Error = $crate::resource::ResourceNameError;

            #[inline]
            fn try_from(text: &str) -> ::core::result::Result<Self, Self::Error> {
                Self::RESOURCE.read(text).map(Self)
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::From<$name> for ::std::string::String {
            #[inline]
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl ::core::convert::From<&$name> for ::std::string::String {
            #[inline]
            fn from(name: &$name) -> Self {
                name.0.clone()
            }
        }
    };
}

/// One function of [`resource_names!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __resource_name {
    ($function:ident ($index:literal: $($variable:ident),+)) => {
        /// The name with these values.
        ///
        /// # Errors
        /// A value is empty, or would make it the name of another resource: one with a `/`, for example.
        pub fn $function(
            $($variable: impl ::core::convert::AsRef<str>),+
        ) -> ::core::result::Result<Self, $crate::resource::ResourceNameError> {
            Self::RESOURCE.build($index, &[$($variable.as_ref()),+]).map(Self)
        }
    };
    ($function:ident (value $variable:literal)) => {
        #[doc = ::core::concat!("The part `{", $variable, "}` of the name.")]
        pub fn $function(&self) -> &str {
            Self::RESOURCE.value(&self.0, $variable).unwrap_or_default()
        }
    };
    ($function:ident (optional $variable:literal)) => {
        #[doc = ::core::concat!("The part `{", $variable, "}` of the name, if its pattern has it.")]
        pub fn $function(&self) -> ::core::option::Option<&str> {
            Self::RESOURCE.value(&self.0, $variable)
        }
    };
    ($function:ident ($index:literal)) => {
        #[doc = ::core::concat!("The only name of its pattern.")]
        #[must_use]
        pub fn $function() -> Self {
            Self(Self::PATTERNS[$index].to_owned())
        }
    };
}
