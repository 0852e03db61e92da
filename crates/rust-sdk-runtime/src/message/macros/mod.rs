//! The macros that declare messages, generated ones and those of this crate, and the words of their tables.

mod messages;
mod views;
mod words;

pub use self::words::{map, oneof, optional, packed, repeated, required, singular};
