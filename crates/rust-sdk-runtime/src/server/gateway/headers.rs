//! Which headers are passed on, and how.

use std::time::Duration;

use http::header::CONNECTION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::Error;
use crate::error::code::Code;

/// Headers of one connection (RFC 9110 §7.6.1), and headers of the body, which the gateway rewrites.
const OWN: [&str; 16] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-server-timeout",
];

static GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");
static SERVER_TIMEOUT: HeaderName = HeaderName::from_static("x-server-timeout");

/// The prefix of grpc-gateway's metadata.
const PREFIX: &str = "grpc-metadata-";

fn is_passed(headers: &HeaderMap, name: &HeaderName) -> bool {
    let is_named = || {
        let mut connection = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
        connection.any(|names| names.split(',').any(|named| named.trim().eq_ignore_ascii_case(name.as_str())))
    };
    !OWN.contains(&name.as_str()) && !name.as_str().starts_with("grpc-") && !is_named()
}

/// The headers of the request to the service. `prefixed` are the names that may follow `grpc-metadata-`.
pub(super) fn of_request(headers: &HeaderMap, prefixed: &[&str]) -> Result<HeaderMap, Error> {
    let mut passed = HeaderMap::new();
    for (name, value) in headers {
        if is_passed(headers, name) {
            passed.append(name, value.clone());
            continue;
        }
        let Some(inner) = name.as_str().strip_prefix(PREFIX).filter(|inner| prefixed.contains(inner)) else {
            continue;
        };
        let Ok(inner) = HeaderName::try_from(inner) else { continue };
        if !is_passed(headers, &inner) {
            continue;
        }
        if headers.contains_key(&inner) {
            // Somebody may have checked the other one.
            let message = format!("the request has both {inner} and {name}");
            return Err(Error::from_status(Code::InvalidArgument, message));
        }
        passed.append(inner, value.clone());
    }
    if let Some(timeout) = timeout(headers)? {
        passed.insert(&GRPC_TIMEOUT, timeout);
    }
    Ok(passed)
}

/// The only header of this name, if any. Several are rejected, since every reader could choose another one.
pub(super) fn sole<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h HeaderValue>, Error> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(Error::from_status(Code::InvalidArgument, format!("the request has more than one {name}"))),
    }
}

fn timeout(headers: &HeaderMap) -> Result<Option<HeaderValue>, Error> {
    let wrong = |message| Error::from_status(Code::InvalidArgument, message);
    if let Some(value) = sole(headers, &GRPC_TIMEOUT)? {
        let message = "grpc-timeout must be at most eight digits and a unit, such as 500m";
        return read_timeout(value).map(|_| Some(value.clone())).ok_or_else(|| wrong(message));
    }
    let Some(value) = sole(headers, &SERVER_TIMEOUT)? else { return Ok(None) };
    let seconds = value.to_str().ok().and_then(|seconds| seconds.trim().parse().ok());
    let timeout = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let timeout = timeout.ok_or_else(|| wrong("x-server-timeout must be a number of seconds"))?;
    Ok(HeaderValue::try_from(grpc_timeout(timeout)).ok())
}

/// The time that a request to the service allows.
#[cfg(feature = "direct")]
pub(super) fn timeout_of(request: &HeaderMap) -> Option<Duration> {
    request.get(&GRPC_TIMEOUT).and_then(read_timeout)
}

/// At most eight digits and a unit (gRPC over HTTP/2, "Timeout").
fn read_timeout(value: &HeaderValue) -> Option<Duration> {
    let (unit, digits) = value.as_bytes().split_last()?;
    if digits.len() > 8 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some(match unit {
        b'H' => Duration::from_secs(value * 3600),
        b'M' => Duration::from_secs(value * 60),
        b'S' => Duration::from_secs(value),
        b'm' => Duration::from_millis(value),
        b'u' => Duration::from_micros(value),
        b'n' => Duration::from_nanos(value),
        _ => return None,
    })
}

/// A timeout as a header's value.
fn grpc_timeout(timeout: Duration) -> String {
    const MAX: u128 = 99_999_999;
    match timeout.as_millis() {
        millis @ ..=MAX => format!("{millis}m"),
        millis => format!("{}S", (millis / 1000).min(MAX)),
    }
}

/// The service's headers, as they are passed on.
pub(super) fn of_response(mut metadata: HeaderMap, prefix: Option<&str>) -> HeaderMap {
    if prefix.is_some() {
        let mut headers = HeaderMap::new();
        add_metadata(&mut headers, &metadata, prefix);
        return headers;
    }
    if metadata.is_empty() {
        return metadata;
    }
    let own: Vec<_> = metadata.keys().filter(|name| !is_passed(&metadata, name)).cloned().collect();
    for name in own {
        metadata.remove(name);
    }
    metadata
}

/// Adds the service's headers or trailers.
pub(super) fn add_metadata(headers: &mut HeaderMap, metadata: &HeaderMap, prefix: Option<&str>) {
    for (name, value) in metadata {
        if !is_passed(metadata, name) {
            continue;
        }
        let name = match prefix {
            Some(prefix) => HeaderName::try_from(format!("{prefix}{name}")),
            None => Ok(name.clone()),
        };
        if let Ok(name) = name {
            headers.append(name, value.clone());
        }
    }
}

/// The prefix of the service's headers, if they get one.
pub(super) fn header_prefix(prefix_metadata: bool) -> Option<&'static str> {
    prefix_metadata.then_some(PREFIX)
}

/// The prefix of the service's trailers, if they get one.
pub(super) fn trailer_prefix(prefix_metadata: bool) -> Option<&'static str> {
    prefix_metadata.then_some("grpc-trailer-")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{HeaderMap, grpc_timeout, of_request};

    fn headers(entries: &[(&'static str, &'static str)]) -> HeaderMap {
        entries.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn what_is_about_the_connection_stays_there() {
        let passed = of_request(
            &headers(&[
                ("authorization", "Bearer x"),
                ("connection", "close, X-Hop"),
                ("x-hop", "1"),
                ("x-end", "1"),
                ("content-type", "application/json"),
                ("content-length", "2"),
                ("grpc-status", "0"),
                ("grpc-metadata-x-end", "2"),
            ]),
            &[],
        );
        let mut names: Vec<_> = passed.unwrap().keys().map(|name| name.as_str().to_owned()).collect();
        names.sort_unstable();
        assert_eq!(names, ["authorization", "x-end"]);
    }

    #[test]
    fn listed_metadata_may_have_a_prefix() {
        let listed = ["x-tenant", "te", "grpc-timeout", "a b", "x-hop"];
        let sent = headers(&[
            ("grpc-metadata-x-tenant", "1"),
            ("grpc-metadata-x-other", "2"),
            ("grpc-metadata-te", "gzip"),
            ("grpc-metadata-grpc-timeout", "1S"),
            ("grpc-metadata-x-hop", "3"),
            ("connection", "x-hop"),
        ]);
        let passed = of_request(&sent, &listed).unwrap();
        assert_eq!(passed.get("x-tenant").unwrap(), "1");
        assert_eq!(passed.len(), 1, "{passed:?}");
        let both = headers(&[("grpc-metadata-x-tenant", "1"), ("x-tenant", "1")]);
        assert!(of_request(&both, &listed).is_err());
        assert_eq!(of_request(&both, &[]).unwrap().get("x-tenant").unwrap(), "1");
    }

    #[test]
    fn timeouts_in_either_form() {
        let timeout = |name: &'static str, value: &'static str| {
            let passed = of_request(&headers(&[(name, value)]), &[]).ok()?;
            Some(passed.get("grpc-timeout")?.to_str().unwrap().to_owned())
        };
        assert_eq!(timeout("grpc-timeout", "500m").as_deref(), Some("500m"));
        assert_eq!(timeout("x-server-timeout", "1.5").as_deref(), Some("1500m"));
        assert_eq!(timeout("x-server-timeout", "0").as_deref(), Some("0m"));
        for (name, value) in [
            ("grpc-timeout", "5"),
            ("grpc-timeout", "m"),
            ("grpc-timeout", "123456789S"),
            ("grpc-timeout", "-1S"),
            ("x-server-timeout", "-1"),
            ("x-server-timeout", "NaN"),
            ("x-server-timeout", "soon"),
        ] {
            assert_eq!(timeout(name, value), None, "{name}: {value}");
        }
        assert_eq!(grpc_timeout(Duration::from_secs(1_000_000)), "1000000S");
        assert_eq!(grpc_timeout(Duration::MAX), "99999999S");
    }
}
