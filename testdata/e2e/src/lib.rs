//! The cookbook's examples, compiled against the golden crate of the demo API.
#![doc = include_str!("../../../docs/cookbook.md")]
