//! Who may call what: the same answers from the check, from a client that is asked, and from one that checks before it
//! calls.

mod matrix;
mod preflight;
#[path = "../support/mod.rs"]
mod support;
