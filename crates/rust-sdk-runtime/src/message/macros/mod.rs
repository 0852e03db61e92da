//! The macros that messages are declared with, generated ones and those of this crate, and the words of their tables.

pub mod foreign;
mod messages;
mod words;

pub use self::words::{map, oneof, optional, packed, repeated, required, singular};
