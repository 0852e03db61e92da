//! Compares two versions of a protobuf API by the effect on callers: who is let in and who is locked out, which routes
//! change, which requests reach another method, and what breaks in the generated crate.
//!
//! The comparison is pure: two [`Snapshot`]s → a [`Report`] → text. A rule is the set of callers that it lets in
//! ([`Access`]), so another way to write the same rule is not a change, and every change names an affected caller.

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
pub use access_json::AccessJsonError;
pub use compare::compare;
pub use report::{
    AccessChange, AccessComparison, CallChange, Migration, OptionChange, OwnCheck, Report, RouteChange,
    RouteVerdict, Verdict,
};
pub use sdk::{Sdk, SdkChange, SdkReport};
pub use snapshot::{AccessSource, Binding, Method, Snapshot, UnreadOption, UnreadValue};
pub use text::Text;
pub use threshold::{CLASSES, Class, ClassError, ClassGroup, FailOn};
