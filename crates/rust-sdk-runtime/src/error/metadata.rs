//! Headers and trailers of a response, printed without secrets.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers or trailers that the server sent.
///
/// `Debug` shows `<redacted>` for values that are marked as sensitive and for names that stand for secrets (`authorization`, `set-cookie`,
/// …).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Metadata(HeaderMap);

impl Metadata {
    /// The first value of this name; `None` if there is none or it is not visible ASCII. Names are case-insensitive.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }

    /// Every value of this name that is visible ASCII, in order.
    pub fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
    }

    /// The first value of a binary entry (its name ends in `-bin`), decoded from base64 with or without padding (gRPC over HTTP/2,
    /// "Custom-Metadata"). `None` if the entry is missing or is not base64.
    #[cfg(feature = "_client")]
    pub fn get_bytes(&self, name: &str) -> Option<Vec<u8>> {
        crate::message::base64::decoded(self.0.get(name)?.to_str().ok()?)
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All entries.
    pub const fn as_map(&self) -> &HeaderMap {
        &self.0
    }

    /// All entries, by value.
    pub fn into_map(self) -> HeaderMap {
        self.0
    }
}

impl From<HeaderMap> for Metadata {
    fn from(headers: HeaderMap) -> Self {
        Self(headers)
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in &self.0 {
            if is_secret(name, value) {
                map.entry(&name.as_str(), &format_args!("<redacted>"));
            } else {
                map.entry(&name.as_str(), value);
            }
        }
        map.finish()
    }
}

/// What grpc-gateway puts before the names of headers and of trailers of the server behind it.
#[cfg(feature = "_client")]
pub(crate) const GATEWAY_PREFIXES: [&str; 2] = ["grpc-metadata-", "grpc-trailer-"];

/// Whether a header is secret: never printed, and never sent in plain text.
pub(crate) fn is_secret(name: &HeaderName, value: &HeaderValue) -> bool {
    const SECRET: [&str; 20] = [
        "api-key",
        "apikey",
        "authorization",
        "cookie",
        "private-token",
        "proxy-authorization",
        "set-cookie",
        "x-access-token",
        "x-amz-security-token",
        "x-api-key",
        "x-api-token",
        "x-apikey",
        "x-auth-key",
        "x-auth-token",
        "x-csrf-token",
        "x-goog-api-key",
        "x-goog-iam-authorization-token",
        "x-secret",
        "x-token",
        "x-vault-token",
    ];
    value.is_sensitive() || SECRET.contains(&name.as_str())
}

/// Decodes a `Status-Message` (gRPC over HTTP/2). Invalid escapes stay as they are; invalid UTF-8 becomes U+FFFD.
#[cfg(any(feature = "grpc", feature = "rest"))]
pub(crate) fn percent_decode(text: &[u8]) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = match tail {
            [high, low, ..] if first == b'%' => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        decoded.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(decoded).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(any(feature = "grpc", feature = "rest"))]
fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(any(feature = "rest", feature = "server"))]
/// The first content encoding of a body other than `identity`, which means none.
pub(crate) fn content_encoding(headers: &HeaderMap) -> Option<&HeaderValue> {
    let is_identity = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    headers.get_all(http::header::CONTENT_ENCODING).iter().find(|value| !is_identity(value))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::Metadata;

    #[cfg(any(feature = "grpc", feature = "rest"))]
    #[test]
    fn a_message_is_decoded_however_broken() {
        for (text, plain) in [
            ("plain", "plain"),
            ("caf%C3%A9 100%25", "café 100%"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz%41", "%zzA"),
            ("%FF", "\u{fffd}"),
        ] {
            assert_eq!(super::percent_decode(text.as_bytes()), plain);
        }
    }

    #[test]
    fn debug_hides_secrets_and_shows_the_rest() {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", "r-1".parse().unwrap());
        headers.insert("set-cookie", "session=hunter2".parse().unwrap());
        headers.insert("x-vault-token", "hunter4".parse().unwrap());
        let mut token: http::HeaderValue = "hunter3".parse().unwrap();
        token.set_sensitive(true);
        headers.insert("x-mine", token);
        let printed = format!("{:?}", Metadata::from(headers));
        assert!(printed.contains("r-1") && printed.contains("<redacted>"), "{printed}");
        assert!(!printed.contains("hunter"), "{printed}");
    }
}
