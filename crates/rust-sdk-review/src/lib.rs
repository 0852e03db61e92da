//! Compares two versions of a protobuf API by what they mean for callers: who is let in and who is locked out, which
//! routes come and go, which requests reach another method, what breaks in the generated crate.
//!
//! Pure: two [`Snapshot`]s → a [`Report`] → text. A rule is taken as the set of callers that it admits ([`Access`]), so
//! that two ways to write the same rule are no change, and whatever is a change has a caller to show for it.

pub mod access;
mod access_json;
mod changes;
mod compare;
mod migration;
mod paths;
mod print;
mod report;
mod route_table;
mod routes;
pub mod sdk;
mod snapshot;
mod takeover;
mod text;
mod threshold;
mod words;

pub use access::Access;
pub use access_json::JsonError;
pub use compare::compare;
pub use report::{
    AccessChange, AccessComparison, CallChange, Migration, OptionChange, OwnCheck, Report, RouteChange,
    RouteVerdict, Verdict,
};
pub use sdk::{Sdk, SdkChange, SdkReport};
pub use snapshot::{AccessSource, Binding, Method, Snapshot, UnreadOption, UnreadValue};
pub use text::Text;
pub use threshold::{CLASSES, Class, FailOn, UnknownClass};
