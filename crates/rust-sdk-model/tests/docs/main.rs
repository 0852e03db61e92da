//! Comments as documentation: what they become, that rustdoc and clippy find nothing wrong with it, and that it runs nothing.

mod cases;
mod corpus;
mod links;
mod property;
mod random;
mod time;
mod tools;
