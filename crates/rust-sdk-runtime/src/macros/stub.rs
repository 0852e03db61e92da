//! Stand-ins for services in tests: one trait for each service.

/// Declares the stub of a service. Write `function(one Request) -> one Response: CONSTANT;` for each method, with `many` for streams.
#[doc(hidden)]
#[macro_export]
macro_rules! stub {
    (
        $(#[$attribute:meta])*
        $name:ident for $service:ident {
            $($function:ident($one:ident $request:ty) -> $answer:ident $response:ty: $rpc:ident;)*
        }
    ) => {
        $(#[$attribute])*
        pub trait $name: Send + Sync + 'static {
            $(
                #[doc = concat!("Responds to [`", stringify!($rpc), "`](", stringify!($service), "::", stringify!($rpc), ").")]
                fn $function(
                    &self,
                    request: $crate::__stub!($one $request),
                ) -> impl ::core::future::Future<Output = $crate::__stub!(answer $answer $response)> + Send {
                    $crate::testing::unimplemented(request)
                }
            )*

            /// Returns an in-memory server that has only this service.
            fn into_fake(self) -> $crate::Fake
            where
                Self: Sized,
            {
                self.serve_on($crate::Fake::new())
            }

            /// Adds this service to the in-memory server.
            fn serve_on(self, fake: $crate::Fake) -> $crate::Fake
            where
                Self: Sized,
            {
                let stub = ::std::sync::Arc::new(self);
                $(let fake = fake.on_stub(&stub, &$service::$rpc, $crate::testing::$one, <Self as $name>::$function);)*
                fake
            }
        }
    };
}

/// The differences between one message and many.
#[doc(hidden)]
#[macro_export]
macro_rules! __stub {
    (one $request:ty) => { $request };
    (many $request:ty) => { ::std::vec::Vec<$request> };
    (answer one $response:ty) => { ::core::result::Result<$response, $crate::Error> };
    (answer many $response:ty) => { ::std::vec::Vec<::core::result::Result<$response, $crate::Error>> };
}
