//! A crate written by hand that has the demo API as a module tree: `layout=modules`.

pub mod sdk;
