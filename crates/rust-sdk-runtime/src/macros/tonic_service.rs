//! Servers: one trait for each service, and the tonic service around it.

/// Declares both. Write `function(one Request) -> one Response: "/package.Service/Method";` for each method, with `many` for streams.
///
/// The trait has the form of `async_trait`: implement it with `#[tonic::async_trait]`. A method that is not overridden fails with
/// `UNIMPLEMENTED`. After `required;` at the start, each method must be overridden. After `direct;` before that, the gateway can call the
/// functions of the trait, if the runtime has the feature `direct`; the messages need JSON for that.
#[doc(hidden)]
#[macro_export]
macro_rules! tonic_service {
    (direct; required; $($service:tt)*) => {
        $crate::__tonic_server! { ; $($service)* }
        $crate::__direct_service! { $($service)* }
    };
    (direct; $($service:tt)*) => {
        $crate::tonic_service! { $($service)* }
        $crate::__direct_service! { $($service)* }
    };
    (required; $($service:tt)*) => { $crate::__tonic_server! { ; $($service)* } };
    ($($service:tt)*) => {
        $crate::__tonic_server! {
            {
                ::std::boxed::Box::pin(async {
                    ::core::result::Result::Err(::tonic::Status::unimplemented("the method is not implemented"))
                })
            }
            $($service)*
        }
    };
}

/// The same, with the end of each method's declaration in front.
#[doc(hidden)]
#[macro_export]
macro_rules! __tonic_server {
    (
        $stub:tt
        $(#[$attribute:meta])*
        $service:ident, $server:ident = $name:literal {
            $(
                $(#[$method:meta])*
                $function:ident($one:ident $request:ty) -> $answer:ident $response:ty: $path:literal;
            )*
        }
    ) => {
        $(#[$attribute])*
        pub trait $service: ::core::marker::Send + ::core::marker::Sync + 'static {
            $(
                $(#[$method])*
                #[allow(unused_variables)]
                fn $function<'life0, 'async_trait>(
                    &'life0 self,
                    request: ::tonic::Request<$crate::__tonic_service!(request $one $request)>,
                ) -> ::core::pin::Pin<
                    ::std::boxed::Box<
                        dyn ::core::future::Future<
                                Output = ::core::result::Result<
                                    ::tonic::Response<$crate::__tonic_service!(response $answer $response)>,
                                    ::tonic::Status,
                                >,
                            > + ::core::marker::Send
                            + 'async_trait,
                    >,
                >
                where
                    'life0: 'async_trait,
                    Self: 'async_trait,
                $stub
            )*
        }

        #[doc = ::core::concat!("Serves a [`", ::core::stringify!($service), "`] over gRPC: a service for tonic's router.")]
        #[derive(Debug)]
        pub struct $server<T> {
            inner: ::std::sync::Arc<T>,
            accept_compression_encodings: ::tonic::codegen::EnabledCompressionEncodings,
            send_compression_encodings: ::tonic::codegen::EnabledCompressionEncodings,
            max_decoding_message_size: ::core::option::Option<usize>,
            max_encoding_message_size: ::core::option::Option<usize>,
        }

        impl<T> $server<T> {
            /// Makes a service of this implementation.
            pub fn new(inner: T) -> Self {
                Self::from_arc(::std::sync::Arc::new(inner))
            }

            /// Makes a service of a shared implementation.
            pub fn from_arc(inner: ::std::sync::Arc<T>) -> Self {
                Self {
                    inner,
                    accept_compression_encodings: ::core::default::Default::default(),
                    send_compression_encodings: ::core::default::Default::default(),
                    max_decoding_message_size: ::core::option::Option::None,
                    max_encoding_message_size: ::core::option::Option::None,
                }
            }

            /// Makes a service of this implementation, behind an interceptor.
            pub fn with_interceptor<F>(
                inner: T,
                interceptor: F,
            ) -> ::tonic::service::interceptor::InterceptedService<Self, F>
            where
                F: ::tonic::service::Interceptor,
            {
                ::tonic::service::interceptor::InterceptedService::new(Self::new(inner), interceptor)
            }

            /// Accepts requests with this compression. By default, none is accepted.
            #[must_use]
            pub fn accept_compressed(mut self, encoding: ::tonic::codec::CompressionEncoding) -> Self {
                self.accept_compression_encodings.enable(encoding);
                self
            }

            /// Compresses responses in this way if the client accepts it.
            #[must_use]
            pub fn send_compressed(mut self, encoding: ::tonic::codec::CompressionEncoding) -> Self {
                self.send_compression_encodings.enable(encoding);
                self
            }

            /// Sets the largest request message, in bytes; 4 MiB by default.
            #[must_use]
            pub fn max_decoding_message_size(mut self, limit: usize) -> Self {
                self.max_decoding_message_size = ::core::option::Option::Some(limit);
                self
            }

            /// Sets the largest response message, in bytes; unlimited by default.
            #[must_use]
            pub fn max_encoding_message_size(mut self, limit: usize) -> Self {
                self.max_encoding_message_size = ::core::option::Option::Some(limit);
                self
            }

            fn grpc<I, O>(&self) -> ::tonic::server::Grpc<::tonic_prost::ProstCodec<O, I>>
            where
                I: $crate::codegen::prost::Message + ::core::default::Default + 'static,
                O: $crate::codegen::prost::Message + 'static,
            {
                ::tonic::server::Grpc::new(::tonic_prost::ProstCodec::default())
                    .apply_compression_config(self.accept_compression_encodings, self.send_compression_encodings)
                    .apply_max_message_size_config(self.max_decoding_message_size, self.max_encoding_message_size)
            }
        }

        impl<T, B> ::tonic::codegen::Service<::tonic::codegen::http::Request<B>> for $server<T>
        where
            T: $service,
            B: ::tonic::codegen::Body + ::core::marker::Send + 'static,
            B::Error: ::core::convert::Into<::tonic::codegen::StdError> + ::core::marker::Send + 'static,
        {
            type Response = ::tonic::codegen::http::Response<::tonic::body::Body>;
            type Error = ::core::convert::Infallible;
            type Future = ::tonic::codegen::BoxFuture<Self::Response, Self::Error>;

            fn poll_ready(
                &mut self,
                _: &mut ::core::task::Context<'_>,
            ) -> ::core::task::Poll<::core::result::Result<(), Self::Error>> {
                ::core::task::Poll::Ready(::core::result::Result::Ok(()))
            }

            fn call(&mut self, request: ::tonic::codegen::http::Request<B>) -> Self::Future {
                match request.uri().path() {
                    $(
                        $path => {
                            let inner = ::std::sync::Arc::clone(&self.inner);
                            let handler = $crate::server::service_fn(move |request| {
                                let inner = ::std::sync::Arc::clone(&inner);
                                async move { <T as $service>::$function(&inner, request).await }
                            });
                            let mut grpc = self.grpc::<$request, $response>();
                            ::std::boxed::Box::pin(async move {
                                ::core::result::Result::Ok(
                                    $crate::__tonic_service!(call $one $answer, grpc, handler, request).await,
                                )
                            })
                        }
                    )*
                    _ => ::std::boxed::Box::pin(async {
                        ::core::result::Result::Ok(
                            ::tonic::Status::unimplemented("the service has no such method").into_http(),
                        )
                    }),
                }
            }
        }

        impl<T> ::core::clone::Clone for $server<T> {
            fn clone(&self) -> Self {
                Self {
                    inner: ::std::sync::Arc::clone(&self.inner),
                    accept_compression_encodings: self.accept_compression_encodings,
                    send_compression_encodings: self.send_compression_encodings,
                    max_decoding_message_size: self.max_decoding_message_size,
                    max_encoding_message_size: self.max_encoding_message_size,
                }
            }
        }

        impl<T> ::tonic::server::NamedService for $server<T> {
            const NAME: &'static str = $name;
        }
    };
}

/// The differences between one message and many.
#[doc(hidden)]
#[macro_export]
macro_rules! __tonic_service {
    (request one $request:ty) => { $request };
    (request many $request:ty) => { ::tonic::Streaming<$request> };
    (response one $response:ty) => { $response };
    (response many $response:ty) => { ::tonic::codegen::BoxStream<$response> };
    (call one one, $grpc:ident, $handler:ident, $request:ident) => { $grpc.unary($handler, $request) };
    (call one many, $grpc:ident, $handler:ident, $request:ident) => { $grpc.server_streaming($handler, $request) };
    (call many one, $grpc:ident, $handler:ident, $request:ident) => { $grpc.client_streaming($handler, $request) };
    (call many many, $grpc:ident, $handler:ident, $request:ident) => { $grpc.streaming($handler, $request) };
}
