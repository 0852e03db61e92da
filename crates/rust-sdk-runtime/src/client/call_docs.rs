//! The documentation of a call's settings, which the calls of generated crates share.

/// The documentation of the settings that calls of this crate and of generated crates have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! __call_docs {
    (with) => {
        "Changes the request message. Has no effect on a call that sends a stream."
    };
    (header) => {
        "Adds a header, in place of the client's header of this name. An invalid name or value makes the call fail. The value of a name\n\
         that ends in `-bin` is base64."
    };
    (timeout) => {
        "Sets the longest time from when the call is awaited until its end. That includes connecting, credentials, retries and all\n\
         responses. The server receives it as the deadline. A unary call without a time limit has one of 60 seconds for each attempt."
    };
    (attempt_timeout) => {
        "Limits the time of each attempt, in place of the client's limit. An idempotent call is retried after it. For a response stream,\n\
         the limit is the time until its headers arrive."
    };
    (retry) => {
        "Sets how this call is retried, in place of the client's policy and of the one that the API states for the method."
    };
    (idempotent) => {
        "Overrides whether the call is idempotent. Idempotent calls are retried after transient failures."
    };
    (idempotency_key) => {
        "Sends the header `idempotency-key`, by which the server recognizes a repeated call. So the call is idempotent. The key must be\n\
         unique to the request, such as a UUID."
    };
    (within) => {
        "Sets the account (or other scope) of the call, in place of the client's. An account that the request itself names takes\n\
         precedence."
    };
    (with_response) => {
        "Awaits the message together with the headers, the trailers and the trace id of the response."
    };
}
