//! Servers whose functions the gateway can call.

/// Implements that for a server of [`tonic_service!`](crate::tonic_service), from the same table.
#[cfg(feature = "direct")]
#[doc(hidden)]
#[macro_export]
macro_rules! __direct_service {
    (
        $(#[$attribute:meta])*
        $service:ident, $server:ident = $name:literal {
            $(
                $(#[$method:meta])*
                $function:ident($one:ident $request:ty) -> $answer:ident $response:ty: $path:literal;
            )*
        }
    ) => {
        impl<T: $service> $crate::codegen::DirectService for $server<T> {
            fn name(&self) -> &'static str {
                $name
            }

            fn call<'a>(
                &'a self,
                path: &str,
                call: $crate::codegen::DirectCall<'a>,
            ) -> ::core::result::Result<$crate::codegen::DirectAnswer<'a>, $crate::codegen::DirectCall<'a>> {
                match path {
                    $($path => $crate::__direct_call!($one $answer, self, call, T, $service, $function),)*
                    _ => ::core::result::Result::Err(call),
                }
            }
        }
    };
}

/// Without the feature, nobody can call them.
#[cfg(not(feature = "direct"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __direct_service {
    ($($service:tt)*) => {};
}

/// A call by the number of messages.
#[cfg(feature = "direct")]
#[doc(hidden)]
#[macro_export]
macro_rules! __direct_call {
    (one one, $($call:tt)*) => {
        $crate::__direct_call!(@unary, $($call)*)
    };
    (one many, $($call:tt)*) => {
        $crate::__direct_call!(@server_streaming, $($call)*)
    };
    (@$kind:ident, $self:ident, $call:ident, $ty:ident, $service:ident, $function:ident) => {
        ::core::result::Result::Ok($call.$kind(
            &*$self.inner,
            $crate::codegen::DirectLimits::new(
                $self.max_decoding_message_size,
                $self.max_encoding_message_size,
            ),
            |service, request| <$ty as $service>::$function(service, request),
        ))
    };
    ($one:ident $answer:ident, $self:ident, $call:ident, $ty:ident, $service:ident, $function:ident) => {
        ::core::result::Result::Err($call)
    };
}
