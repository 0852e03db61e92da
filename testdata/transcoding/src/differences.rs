//! The known differences between Envoy's transcoder and our gateway, as the guide lists them (`docs/src/gateway.md`).

/// How two outcomes differ first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The statuses: Envoy's, ours.
    Status(u16, u16),
    /// What the server got.
    Request,
    /// The form of a refusal. Envoy's are plain text, ours must be JSON; that is the one difference that every refusal has.
    Refusal,
    /// The bodies.
    Body,
    /// A header.
    Header(&'static str),
}

/// A row of the guide's table: its name, the cases (none: all) and the differences.
struct Known {
    name: &'static str,
    cases: &'static [&'static str],
    differences: &'static [Difference],
}

use Difference::{Request, Status};

const KNOWN: &[Known] = &[
    Known {
        name: "HEAD",
        cases: &["HEAD"],
        differences: &[Status(404, 200), Status(404, 400), Status(404, 405)],
    },
    Known {
        name: "other verbs",
        cases: &["OPTIONS", "an unknown verb", "another method's verb"],
        differences: &[Status(404, 405), Status(400, 405), Status(400, 200)],
    },
    Known {
        name: "a body where none belongs",
        cases: &["a body that the method does not have", "another method's verb"],
        differences: &[Status(200, 400)],
    },
    Known {
        name: "slashes",
        cases: &["a slash at the end", "an empty segment", "a double slash"],
        differences: &[Status(200, 404), Status(400, 404)],
    },
    Known {
        name: "wrong escapes",
        cases: &[
            "a bad escape in a segment",
            "bytes that are no UTF-8 in a segment",
            "a bad escape in a text",
            "an escape that breaks off",
            "bytes that are no UTF-8 in a text",
        ],
        differences: &[Status(200, 404), Status(200, 400)],
    },
    Known {
        name: "the path wins",
        cases: &[
            "a parameter that the path has, too",
            "a nested field",
            "+ in a segment",
            "%20 in a segment",
            "%2F in a segment",
            "another method's verb",
        ],
        differences: &[Request, Status(200, 400), Status(400, 200)],
    },
    Known {
        name: "a single field twice",
        cases: &["a single field twice"],
        differences: &[Status(200, 400)],
    },
    Known {
        name: "unknown names",
        cases: &["an unknown field in the body", "an unknown parameter without a value"],
        differences: &[Status(200, 400)],
    },
    Known {
        name: "one spelling",
        cases: &["a bool by number", "a bool in capitals", "an integer with a sign"],
        differences: &[Status(200, 400)],
    },
    Known {
        name: "ProtoJSON's spellings",
        cases: &["an integer with an exponent", "an enum by an unknown number"],
        differences: &[Status(400, 200)],
    },
    Known { name: "messages in queries", cases: &["a message as JSON"], differences: &[Status(200, 400)] },
    Known { name: "content encodings", cases: &["a content encoding"], differences: &[Status(200, 415)] },
    // Envoy may read the first part of the body before the rest exceeds its buffer: it depends on the timing whether that part's content
    // or its size is the answer.
    Known {
        name: "large bodies",
        cases: &["a body that is too large"],
        differences: &[Status(200, 413), Status(400, 413)],
    },
    Known { name: "no body", cases: &["no body", "no body and no content type"], differences: &[Request] },
];

/// The name of a known difference.
pub fn known(case: &str, difference: &Difference) -> Option<&'static str> {
    let fits = |known: &&Known| {
        (known.cases.is_empty() || known.cases.contains(&case)) && known.differences.contains(difference)
    };
    KNOWN.iter().find(fits).map(|known| known.name)
}
