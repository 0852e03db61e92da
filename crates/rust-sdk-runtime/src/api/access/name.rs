//! The names that an API gives to permissions and to kinds of callers.

use std::borrow::{Borrow, Cow};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

macro_rules! open_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// From its name as the API states it.
            pub const fn new(name: &'static str) -> Self {
                Self(Cow::Borrowed(name))
            }

            /// The name as the API states it.
            pub const fn as_str(&self) -> &str {
                match &self.0 {
                    Cow::Borrowed(name) => name,
                    Cow::Owned(name) => name.as_str(),
                }
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        /// Order and hash are those of the name, so that a set can be searched by a name.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(Cow::Owned(name))
            }
        }

        impl From<&'static str> for $name {
            fn from(name: &'static str) -> Self {
                Self(Cow::Borrowed(name))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(name: &str) -> Result<Self, Infallible> {
                Ok(Self(Cow::Owned(name.to_owned())))
            }
        }
    };
}

open_name! {
    /// A permission, such as `read:clusters`. Names are open: a name that this SDK does not know is kept as it is.
    Permission
}

open_name! {
    /// A kind of caller, such as `ACTOR_TYPE_USER`. Names are open.
    Actor
}

impl Permission {
    /// The part before the first `:`, or the whole name if there is none.
    pub fn verb(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(verb, _)| verb)
    }

    /// The part after the first `:`, if there is one.
    pub fn resource(&self) -> Option<&str> {
        self.0.split_once(':').map(|(_, resource)| resource)
    }
}
