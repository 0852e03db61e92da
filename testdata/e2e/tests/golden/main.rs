//! The generated crates of `testdata/golden`, used as their users would use them.

mod rest;
mod routes;
