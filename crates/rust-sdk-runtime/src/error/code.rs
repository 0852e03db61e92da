//! The canonical status codes, the same for gRPC and for REST.

use std::fmt;
use std::str::FromStr;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal,)*) => {
        /// A canonical status code (`google.rpc.Code`), with its number on the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        pub enum Code {
            $($(#[$doc])* $variant = $number,)*
        }

        impl Code {
            /// The name as the specification states it, such as `NOT_FOUND`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The code with this number. A number that the specification does not know is [`Code::Unknown`].
            pub const fn from_number(number: i32) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    _ => Self::Unknown,
                }
            }
        }

        impl FromStr for Code {
            type Err = UnknownCode;

            fn from_str(name: &str) -> Result<Self, UnknownCode> {
                match name {
                    $($name => Ok(Self::$variant),)*
                    _ => Err(UnknownCode),
                }
            }
        }
    };
}

codes! {
    /// No error.
    Ok = 0 "OK",
    /// The caller cancelled the call.
    Cancelled = 1 "CANCELLED",
    /// An error of an unknown kind.
    Unknown = 2 "UNKNOWN",
    /// The request is invalid, whatever the state of the system.
    InvalidArgument = 3 "INVALID_ARGUMENT",
    /// The deadline passed before the call was done.
    DeadlineExceeded = 4 "DEADLINE_EXCEEDED",
    /// The requested resource does not exist.
    NotFound = 5 "NOT_FOUND",
    /// The resource to create exists already.
    AlreadyExists = 6 "ALREADY_EXISTS",
    /// The caller is known and not allowed to do this.
    PermissionDenied = 7 "PERMISSION_DENIED",
    /// A quota or another resource is used up.
    ResourceExhausted = 8 "RESOURCE_EXHAUSTED",
    /// The system is not in the state that the call needs.
    FailedPrecondition = 9 "FAILED_PRECONDITION",
    /// The call was aborted, often by a concurrent one.
    Aborted = 10 "ABORTED",
    /// The call went past the valid range.
    OutOfRange = 11 "OUT_OF_RANGE",
    /// The server does not have the method, or does not support it.
    Unimplemented = 12 "UNIMPLEMENTED",
    /// An invariant of the system is broken.
    Internal = 13 "INTERNAL",
    /// The service is unavailable for now.
    Unavailable = 14 "UNAVAILABLE",
    /// Data is lost or corrupted beyond repair.
    DataLoss = 15 "DATA_LOSS",
    /// The call has no valid credentials.
    Unauthenticated = 16 "UNAUTHENTICATED",
}

impl Code {
    /// The number on the wire.
    pub const fn number(self) -> i32 {
        self as i32
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The name is not one of the canonical status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a canonical status code")]
pub struct UnknownCode;

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_survives_its_number_and_its_name() {
        for number in 0..=16 {
            let code = Code::from_number(number);
            assert_eq!(code.number(), number);
            assert_eq!(code.as_str().parse(), Ok(code));
        }
        assert_eq!(Code::from_number(17), Code::Unknown);
        assert_eq!(Code::from_number(-1), Code::Unknown);
        assert!("not_found".parse::<Code>().is_err());
    }
}
