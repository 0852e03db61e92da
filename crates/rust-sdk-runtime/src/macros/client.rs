//! The client types of a generated crate. They are the crate's own types, so that it can add functions to them.

/// Names the fields by which a request lists page by page: implements [`Paginated`](crate::Paginated).
#[doc(hidden)]
#[macro_export]
macro_rules! paginated {
    ($request:ty => $response:ty { $token:ident, $next:ident, $items:ident: $item:ty }) => {
        $crate::paginated!($request => $response { text [] $token, [] $next, [] $items: $item });
    };
    ($request:ty => $response:ty {
        text $token:tt $token_field:ident, $next:tt $next_field:ident, $items:tt $items_field:ident: $item:ty
    }) => {
        $crate::paginated!(@impl $request => $response {
            ::std::string::String, $token $token_field, $items $items_field: $item, false,
            |_, response| $crate::paginated!(@read response $next $next_field)
        });
    };
    ($request:ty => $response:ty {
        bytes $token:tt $token_field:ident, $next:tt $next_field:ident, $items:tt $items_field:ident: $item:ty
    }) => {
        $crate::paginated!(@impl $request => $response {
            ::std::vec::Vec<u8>, $token $token_field, $items $items_field: $item, false,
            |_, response| $crate::paginated!(@read response $next $next_field)
        });
    };
    ($request:ty => $response:ty {
        offset $token:tt $token_field:ident, $items:tt $items_field:ident: $item:ty
    }) => {
        $crate::paginated!(@impl $request => $response {
            u64, $token $token_field, $items $items_field: $item, true,
            |request, response| $crate::client::next_offset(
                $crate::client::Paginated::<$response>::page_token(request),
                $crate::paginated!(@count response $items $items_field),
            )
        });
    };
    ($request:ty => $response:ty {
        page $first:literal $token:tt $token_field:ident, $items:tt $items_field:ident: $item:ty
    }) => {
        $crate::paginated!(@impl $request => $response {
            u64, $token $token_field, $items $items_field: $item, true,
            |request, response| $crate::client::next_number(
                $first,
                $crate::client::Paginated::<$response>::page_token(request),
                $crate::paginated!(@count response $items $items_field),
            )
        });
    };
    (@impl $request:ty => $response:ty {
        $token_type:ty,
        [$($token:ident)*] $token_field:ident,
        [$($items:ident)*] $items_field:ident: $item:ty,
        $numbered:literal,
        |$this:pat_param, $page:ident| $next:expr
    }) => {
        impl $crate::client::Paginated<$response> for $request {
            type Item = $item;
            type Token = $token_type;
            const NUMBERED: bool = $numbered;

            #[inline]
            fn page_token(&self) -> $token_type {
                $crate::paginated!(@read self [$($token)*] $token_field)
            }

            #[inline]
            fn set_page_token(&mut self, token: $token_type) {
                let message = self;
                $(let message = message.$token.get_or_insert_default();)*
                $crate::client::PageToken::set(&mut message.$token_field, token);
            }

            #[inline]
            fn next_page_token(&self, $page: &$response) -> $token_type {
                let $this = self;
                $next
            }

            #[inline]
            fn into_items(response: $response) -> ::std::vec::Vec<$item> {
                $crate::paginated!(@items response [$($items)*] $items_field)
            }
        }
    };
    (@read $message:ident [] $field:ident) => {
        $crate::client::PageToken::token(&$message.$field)
    };
    (@read $message:ident [$($around:ident)+] $field:ident) => {
        ::core::option::Option::Some($message)
            $(.and_then(|message| message.$around.as_ref()))+
            .map(|message| $crate::client::PageToken::token(&message.$field))
            .unwrap_or_default()
    };
    (@count $message:ident [$($around:ident)*] $field:ident) => {
        ::core::option::Option::Some($message)
            $(.and_then(|message| message.$around.as_ref()))*
            .map_or(0, |message| message.$field.len())
    };
    (@items $message:ident [] $field:ident) => {
        ::core::iter::IntoIterator::into_iter($message.$field).collect()
    };
    (@items $message:ident [$($around:ident)+] $field:ident) => {
        ::core::option::Option::Some($message)
            $(.and_then(|message| message.$around))+
            .map(|message| message.$field)
            .into_iter()
            .flatten()
            .collect()
    };
}

/// Declares the types `Client`, `Call` and `StreamCall` of a generated crate, which wrap those of this crate. The argument is a function
/// from builder to builder that makes the initial settings.
#[doc(hidden)]
#[macro_export]
macro_rules! client_types {
    () => {
        $crate::client_types!(|builder| builder);
    };
    ($settings:expr) => {
        /// A client of this API, over gRPC or REST. [`Client::builder`] has its settings.
        ///
        /// A clone is cheap and shares the connection.
        #[derive(Clone)]
        pub struct Client($crate::Client);

        impl Client {
            /// Starts the settings of a new client. Building a client does no I/O.
            #[inline]
            pub fn builder() -> $crate::ClientBuilder<Self> {
                let settings: fn($crate::ClientBuilder<Self>) -> $crate::ClientBuilder<Self> = $settings;
                let sdk =
                    ::core::concat!(::core::env!("CARGO_PKG_NAME"), "/", ::core::env!("CARGO_PKG_VERSION"));
                settings($crate::ClientBuilder::default().__sdk(sdk))
            }

            /// Calls a method with one request and one response, with a whole request message.
            #[inline]
            pub fn call<I, O, K>(&self, rpc: &$crate::Rpc<I, O, K>, request: I) -> Call<I, O, K>
            where
                I: $crate::codegen::prost::Message,
                O: $crate::codegen::prost::Message + ::core::default::Default,
            {
                Call { call: self.0.call(rpc, request), kind: ::core::marker::PhantomData }
            }

            /// Follows a long-running operation that a call of this method started, by the operation's name.
            #[inline]
            pub fn operation<I, O, R, M>(
                &self,
                rpc: &$crate::Rpc<I, O, $crate::codegen::LongRunning<R, M>>,
                name: impl ::core::convert::AsRef<str>,
            ) -> $crate::Poller<R, M> {
                self.0.operation(rpc, name)
            }

            /// Decides whether the caller, or a caller with these permissions, may call the method. The decision follows the API's access
            /// rules and makes no call to the server.
            #[inline]
            pub fn can<'a>(
                &self,
                method: &$crate::Method,
                caller: impl ::core::convert::Into<$crate::Caller<'a>>,
            ) -> $crate::access::Decision<'a> {
                self.0.can(method, caller)
            }

            /// Calls a method with one request and many responses, with a whole request message.
            #[inline]
            pub fn server_streaming<I, O>(&self, rpc: &$crate::Rpc<I, O>, request: I) -> StreamCall<I, O>
            where
                I: $crate::codegen::prost::Message,
                O: $crate::codegen::prost::Message + ::core::default::Default,
            {
                StreamCall { call: self.0.server_streaming(rpc, request), kind: ::core::marker::PhantomData }
            }

            /// Calls a method with many requests and one response. The call has no deadline by default.
            #[inline]
            pub fn client_streaming<I, O, K>(
                &self,
                rpc: &$crate::Rpc<I, O, K>,
                requests: impl $crate::Stream<Item = I> + Send + 'static,
            ) -> Call<(), O, K>
            where
                I: $crate::codegen::prost::Message,
                O: $crate::codegen::prost::Message + ::core::default::Default,
            {
                Call { call: self.0.client_streaming(rpc, requests), kind: ::core::marker::PhantomData }
            }

            /// Calls a method with many requests and many responses, in any order.
            ///
            /// The call resolves when the request is on its way, and does not wait for the server, so you may send the first request
            /// afterwards. What the server answers, a rejection too, comes with the first message.
            #[inline]
            pub fn bidirectional<I, O>(
                &self,
                rpc: &$crate::Rpc<I, O>,
                requests: impl $crate::Stream<Item = I> + Send + 'static,
            ) -> StreamCall<(), O>
            where
                I: $crate::codegen::prost::Message,
                O: $crate::codegen::prost::Message + ::core::default::Default,
            {
                StreamCall { call: self.0.bidirectional(rpc, requests), kind: ::core::marker::PhantomData }
            }
        }

        impl ::core::fmt::Debug for Client {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl ::core::convert::From<$crate::Client> for Client {
            #[inline]
            fn from(client: $crate::Client) -> Self {
                Self(client)
            }
        }

        /// A call with one response. Await it for the message.
        ///
        /// The fields of the request have setters here. `call.into_future()` gives a future to spawn or to join.
        ///
        /// `K` is what the call starts: `()` for nothing, or `LongRunning` for an operation, which [`poller`](Call::poller) follows.
        #[must_use = "a call does nothing until it is awaited"]
        pub struct Call<I, O, K = ()> {
            call: $crate::Call<I, O>,
            kind: ::core::marker::PhantomData<fn() -> K>,
        }

        /// A call with many responses. Await it for their stream.
        #[must_use = "a call does nothing until it is awaited"]
        pub struct StreamCall<I, O, K = ()> {
            call: $crate::client::StreamCall<I, O>,
            kind: ::core::marker::PhantomData<fn() -> K>,
        }

        $crate::__call_settings! { Call, StreamCall }

        impl<I, O, K> Call<I, O, K>
        where
            I: $crate::codegen::prost::Message,
            O: $crate::codegen::prost::Message + ::core::default::Default,
        {
            #[doc = $crate::__call_docs!(with_response)]
            #[inline]
            pub fn with_response(self) -> $crate::client::CallFuture<$crate::Response<O>> {
                self.call.with_response()
            }
        }

        impl<I, O, R, M> Call<I, O, $crate::codegen::LongRunning<R, M>>
        where
            I: $crate::codegen::prost::Message,
        {
            /// Follows the long-running operation that the call starts: `poller().until_done()` waits for its response.
            ///
            /// Without it, the call returns the operation's first state as the server sends it.
            #[inline]
            pub fn poller(self) -> $crate::Poller<R, M> {
                self.call.poller()
            }
        }

        impl<I, O, K> Call<I, O, K>
        where
            I: $crate::client::Paginated<O> + $crate::codegen::prost::Message,
            O: $crate::codegen::prost::Message + ::core::default::Default + 'static,
        {
            /// Returns the items of all pages as a stream, from the page that the request asks for.
            #[inline]
            pub fn items(self) -> $crate::client::Items<I, O> {
                self.call.items()
            }

            /// Returns all pages as a stream, from the page that the request asks for. Each is fetched when it is awaited.
            #[inline]
            pub fn pages(self) -> $crate::client::Pages<I, O> {
                self.call.pages()
            }
        }

        impl<I: ::core::clone::Clone, O, K> Call<I, O, K> {
            /// Repeats the call until `is_done` returns `true`, and returns that response.
            ///
            /// Use it with calls that read, such as a call that gets a resource while the resource is being created. Transient errors are
            /// retried. Other errors end the wait. The error has the last response.
            #[inline]
            pub fn wait_until(
                self,
                is_done: impl ::core::ops::FnMut(&O) -> bool + Send + 'static,
            ) -> $crate::client::Wait<I, O> {
                self.call.wait_until(is_done)
            }
        }

        impl<I, O, K> ::core::future::IntoFuture for Call<I, O, K>
        where
            I: $crate::codegen::prost::Message,
            O: $crate::codegen::prost::Message + ::core::default::Default,
        {
            type Output = ::core::result::Result<O, $crate::Error>;
            type IntoFuture = $crate::client::CallFuture<O>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                self.call.into_future()
            }
        }

        impl<I, O, K> ::core::future::IntoFuture for StreamCall<I, O, K>
        where
            I: $crate::codegen::prost::Message,
            O: $crate::codegen::prost::Message + ::core::default::Default,
        {
            type Output = ::core::result::Result<$crate::ResponseStream<O>, $crate::Error>;
            type IntoFuture = $crate::client::StreamFuture<O>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                self.call.into_future()
            }
        }
    };
}

/// The settings of both kinds of calls.
#[doc(hidden)]
#[macro_export]
macro_rules! __call_settings {
    ($($call:ident),*) => { $(
        impl<I, O, K> $call<I, O, K> {
            #[doc = $crate::__call_docs!(with)]
            #[inline]
            pub fn with(self, change: impl ::core::ops::FnOnce(I) -> I) -> Self
            where
                I: ::core::default::Default,
            {
                Self { call: self.call.with(change), ..self }
            }

            #[doc(hidden)]
            #[inline]
            pub fn __set<V>(self, value: V, set: fn(I, V) -> I) -> Self
            where
                I: ::core::default::Default,
            {
                Self { call: self.call.with(|request| set(request, value)), ..self }
            }

            #[doc = $crate::__call_docs!(header)]
            #[inline]
            pub fn header(
                self,
                name: impl ::core::convert::AsRef<str>,
                value: impl ::core::convert::TryInto<$crate::codegen::http::HeaderValue>,
            ) -> Self {
                Self { call: self.call.header(name, value), ..self }
            }

            #[doc = $crate::__call_docs!(timeout)]
            #[inline]
            pub fn timeout(self, timeout: ::core::time::Duration) -> Self {
                Self { call: self.call.timeout(timeout), ..self }
            }

            #[doc = $crate::__call_docs!(attempt_timeout)]
            #[inline]
            pub fn attempt_timeout(self, timeout: ::core::time::Duration) -> Self {
                Self { call: self.call.attempt_timeout(timeout), ..self }
            }

            #[doc = $crate::__call_docs!(retry)]
            #[inline]
            pub fn retry(self, policy: $crate::RetryPolicy) -> Self {
                Self { call: self.call.retry(policy), ..self }
            }

            #[doc = $crate::__call_docs!(idempotent)]
            #[inline]
            pub fn idempotent(self, idempotent: bool) -> Self {
                Self { call: self.call.idempotent(idempotent), ..self }
            }

            #[doc = $crate::__call_docs!(idempotency_key)]
            #[inline]
            pub fn idempotency_key(self, key: impl ::core::convert::AsRef<str>) -> Self {
                Self { call: self.call.idempotency_key(key), ..self }
            }

            #[doc = $crate::__call_docs!(within)]
            #[inline]
            pub fn within(self, account: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self { call: self.call.within(account), ..self }
            }
        }

        impl<I, O, K> ::core::fmt::Debug for $call<I, O, K> {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.call, f)
            }
        }
    )* };
}

/// Declares the setters of requests on their calls. Write `Call, Request: { setter(setter of the message: type) … }` for each request.
#[doc(hidden)]
#[macro_export]
macro_rules! call_setters {
    ($($($call:ident)::+, $request:ty: $setters:tt)*) => {
        $($crate::__call_setters! { $($call)::+, $request: $setters })*
    };
}

/// The setters of one request of [`call_setters!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __call_setters {
    ($($call:ident)::+, $request:ty: { $($(#$attribute:tt)* $setter:ident($with:ident: $ty:ty))* }) => {
        #[allow(deprecated, reason = "they are set by its setters")]
        impl<O, K> $($call)::+<$request, O, K> {
            $(
                $(#$attribute)*
                #[inline]
                pub fn $setter(self, value: $ty) -> Self {
                    self.__set(value, <$request>::$with)
                }
            )*
        }
    };
}
