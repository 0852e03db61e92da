//! What several tests share: `#[path = "../support/mod.rs"] mod support;`.
#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod access;
pub(crate) mod wire;
