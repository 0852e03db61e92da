//! The macros that messages are declared with, generated ones and those of this crate.

mod fields;
mod messages;
