//! Comments as documentation: rustdoc and clippy accept the result, and nothing in it runs.

mod cases;
mod corpus;
mod links;
mod property;
mod random;
mod time;
mod tools;
