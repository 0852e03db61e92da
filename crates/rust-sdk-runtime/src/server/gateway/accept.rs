//! The framing of a stream that a client asks for.

use http::HeaderMap;
use http::header::ACCEPT;

use super::Framing;

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";
const EVENTS: &str = "text/event-stream";

/// The framing of the responses, and their content type: that of the media range in `Accept` with the highest weight, the first one of
/// several (RFC 9110 §12.5.1). Without a known one it is `other`.
pub(super) fn framing(headers: &HeaderMap, other: Framing) -> (Framing, &'static str) {
    let default = match other {
        Framing::Events => (other, EVENTS),
        Framing::Lines | Framing::Array => (other, JSON),
    };
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut best = (0, default);
    for range in values.flat_map(|value| value.split(',')) {
        if let Some((weight, framing)) = known(range, default)
            && weight > best.0
        {
            best = (weight, framing);
        }
    }
    best.1
}

/// The weight of a media range in thousandths, and its framing.
fn known(range: &str, default: (Framing, &'static str)) -> Option<(u32, (Framing, &'static str))> {
    let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next()?;
    let (mut weight, mut named) = (1000, None);
    for part in parts {
        let (name, value) = part.split_once('=')?;
        match name.trim_end() {
            "q" => weight = thousandths(value.trim_start())?,
            "framing" => {
                named = match value.trim().trim_matches('"') {
                    "array" => Some(Framing::Array),
                    "lines" => Some(Framing::Lines),
                    _ => return None,
                }
            }
            _ => {}
        }
    }
    let framing = match essence.as_str() {
        EVENTS => (Framing::Events, EVENTS),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
            (Framing::Lines, LINES)
        }
        JSON => match (named, default.0) {
            (Some(framing), _) => (framing, JSON),
            // Events are no JSON.
            (None, Framing::Events) => (Framing::Lines, JSON),
            (None, _) => default,
        },
        "*/*" | "application/*" => default,
        _ => return None,
    };
    Some((weight, framing))
}

/// A weight: 0 to 1 with at most three decimals.
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let is_valid =
        matches!(whole, "0" | "1") && decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
    let number: u32 = format!("{whole}{decimals:0<3}").parse().ok().filter(|_| is_valid)?;
    (number <= 1000).then_some(number)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::ACCEPT;

    use super::{Framing, framing};

    #[test]
    fn the_highest_weight_then_the_first_one() {
        for (accept, wanted, content_type) in [
            ("", Framing::Lines, "application/json"),
            ("text/event-stream", Framing::Events, "text/event-stream"),
            ("Text/Event-Stream; charset=utf-8", Framing::Events, "text/event-stream"),
            ("text/html, text/event-stream;q=0.5, */*;q=0.1", Framing::Events, "text/event-stream"),
            ("application/x-ndjson", Framing::Lines, "application/x-ndjson"),
            ("application/json, text/event-stream", Framing::Lines, "application/json"),
            ("text/event-stream, application/json", Framing::Events, "text/event-stream"),
            ("text/event-stream;q=0.9, application/json", Framing::Lines, "application/json"),
            ("application/json;framing=array", Framing::Array, "application/json"),
            ("application/json; framing=\"array\"; q=1.000", Framing::Array, "application/json"),
            ("text/event-stream;q=0", Framing::Lines, "application/json"),
            (
                "text/event-stream;q=2, text/event-stream;q=-1, text/event-stream;q",
                Framing::Lines,
                "application/json",
            ),
            (
                "application/json;framing=xml, ;;, =, text/event-stream;q=0.001",
                Framing::Events,
                "text/event-stream",
            ),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())]);
            assert_eq!(framing(&headers, Framing::Lines), (wanted, content_type), "{accept}");
        }
    }

    #[test]
    fn the_setting_holds_for_clients_that_ask_for_nothing() {
        let headers = |accept: &str| HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())]);
        assert_eq!(framing(&headers("*/*"), Framing::Events), (Framing::Events, "text/event-stream"));
        assert_eq!(
            framing(&headers("application/json"), Framing::Events),
            (Framing::Lines, "application/json")
        );
        assert_eq!(
            framing(&headers("application/json"), Framing::Array),
            (Framing::Array, "application/json")
        );
        let lines = framing(&headers("application/json;framing=lines"), Framing::Array);
        assert_eq!(lines, (Framing::Lines, "application/json"));
    }
}
