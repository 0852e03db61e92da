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

/// Server traits without stubs: every method must be implemented.
///
/// ```
/// rust_sdk_runtime::tonic_service! {
///     required;
///     /// Repeats.
///     Echo, EchoServer = "a.v1.Echo" {
///         /// Says it.
///         say(one ()) -> one (): "/a.v1.Echo/Say";
///     }
/// }
///
/// struct Quiet;
///
/// #[tonic::async_trait]
/// impl Echo for Quiet {
///     async fn say(&self, _: tonic::Request<()>) -> Result<tonic::Response<()>, tonic::Status> {
///         Err(tonic::Status::aborted("quiet"))
///     }
/// }
///
/// let server = EchoServer::new(Quiet);
/// ```
///
/// ```compile_fail,E0046
/// rust_sdk_runtime::tonic_service! {
///     required;
///     Echo, EchoServer = "a.v1.Echo" {
///         say(one ()) -> one (): "/a.v1.Echo/Say";
///     }
/// }
///
/// struct Quiet;
///
/// impl Echo for Quiet {}
/// ```
///
/// With stubs, the same compiles:
///
/// ```
/// rust_sdk_runtime::tonic_service! {
///     Echo, EchoServer = "a.v1.Echo" {
///         say(one ()) -> one (): "/a.v1.Echo/Say";
///     }
/// }
///
/// struct Quiet;
///
/// impl Echo for Quiet {}
/// let server = EchoServer::new(Quiet);
/// ```
#[cfg(doctest)]
mod server_stubs {}

/// A call has no setter of a field that only the server sets. The message has one, for servers and tests.
///
/// ```
/// # async fn example(client: signal::Client) -> Result<(), signal::Error> {
/// client.keeper_service().hire_keeper("coasts/c/keepers/k", "coasts/c/ports/p").title("Miller").await?;
/// # Ok(())
/// # }
/// let keeper = signal::v1::Keeper::default().with_watches(3);
/// ```
///
/// ```compile_fail,E0599
/// # async fn example(client: signal::Client) -> Result<(), signal::Error> {
/// client.keeper_service().hire_keeper("coasts/c/keepers/k", "coasts/c/ports/p").watches(3).await?;
/// # Ok(())
/// # }
/// ```
#[cfg(doctest)]
mod output_only {}
