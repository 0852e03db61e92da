//! The examples of the guide and of the README, compiled and run against the golden crates. Every page with Rust stands here.

#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../../README.md")]
    mod readme {}
    #[doc = include_str!("../../../docs/src/access.md")]
    mod access {}
    #[doc = include_str!("../../../docs/src/client.md")]
    mod client {}
    #[doc = include_str!("../../../docs/src/enforcing.md")]
    mod enforcing {}
    #[doc = include_str!("../../../docs/src/google.md")]
    mod google {}
    #[doc = include_str!("../../../docs/src/json.md")]
    mod json {}
    #[doc = include_str!("../../../docs/src/mapping.md")]
    mod mapping {}
    #[doc = include_str!("../../../docs/src/method-options.md")]
    mod method_options {}
    #[doc = include_str!("../../../docs/src/networks.md")]
    mod networks {}
    #[doc = include_str!("../../../docs/src/operations.md")]
    mod operations {}
    #[doc = include_str!("../../../docs/src/rest.md")]
    mod rest {}
    #[doc = include_str!("../../../docs/src/testing.md")]
    mod testing {}
}
