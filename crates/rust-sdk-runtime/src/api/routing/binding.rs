//! The static form of one HTTP binding.

/// One segment of a variable's sub-template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Exactly this text.
    Literal(&'static str),
    /// `*`: one non-empty segment.
    Any,
    /// `**`: any number of segments.
    Rest,
}

/// A piece of a path template, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Constant text, slashes included, already escaped: `/v1/accounts/`.
    Literal(&'static str),
    /// A variable: its field path (proto names, dotted) and its sub-template. `{v}` is `[Any]`.
    Variable(&'static str, &'static [Segment]),
    /// A wildcard outside every variable (`/v1/*/things`): `Any` or `Rest`.
    Wildcard(Segment),
}

impl Part {
    /// A single-segment variable, `{field}`.
    #[doc(hidden)]
    pub const fn var(field: &'static str) -> Self {
        Self::Variable(field, ONE)
    }
}

/// A path template: its text as annotated, and its pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    text: &'static str,
    parts: &'static [Part],
    needs_rest: bool,
}

impl Template {
    /// A template from its text and its pieces.
    #[doc(hidden)]
    pub const fn new(text: &'static str, parts: &'static [Part]) -> Self {
        Self { text, parts, needs_rest: false }
    }

    /// The `**` must take a segment: without one, the path would be that of another route.
    #[doc(hidden)]
    #[must_use]
    pub const fn needs_rest(mut self) -> Self {
        self.needs_rest = true;
        self
    }
}

/// The sub-template of `{field}`.
#[doc(hidden)]
pub const ONE: &[Segment] = &[Segment::Any];

/// A [`Template`](crate::api::routing::Template) whose variables are all `{field}`. Write the variables between the texts, without braces.
/// (The compiler would need long to find the braces in a text.)
///
/// ```
/// use rust_sdk_runtime::http::{Binding, Part};
///
/// let binding = Binding::get(rust_sdk_runtime::template!("/v1/shelves/", shelf.id, "/books:list"));
/// assert_eq!(binding.template(), "/v1/shelves/{shelf.id}/books:list");
/// assert_eq!(
///     binding.parts(),
///     [Part::Literal("/v1/shelves/"), Part::var("shelf.id"), Part::Literal("/books:list")],
/// );
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! template {
    ($head:literal $(, $first:ident $(.$rest:ident)* $(, $text:literal)?)*) => {
        $crate::http::Template::new(
            ::core::concat!($head $(, "{", ::core::stringify!($first) $(, ".", ::core::stringify!($rest))*, "}" $(, $text)?)*),
            &[
                $crate::http::Part::Literal($head),
                $(
                    $crate::http::Part::Variable(
                        ::core::concat!(::core::stringify!($first) $(, ".", ::core::stringify!($rest))*),
                        $crate::http::ONE,
                    ),
                    $($crate::http::Part::Literal($text),)?
                )*
            ],
        )
    };
}

/// What the HTTP request body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// No body: the fields that are not in the path go to the query.
    None,
    /// `*`: all fields that are not in the path.
    All,
    /// This top-level field; the other fields go to the query.
    Field(&'static str),
}

const fn simple(parts: &[Part]) -> Option<(usize, usize)> {
    let (mut count, mut length, mut at) = (0, 0, 0);
    while at < parts.len() {
        match parts[at] {
            Part::Literal(text) => length += text.len(),
            Part::Variable(_, [Segment::Any]) => count += 1,
            Part::Variable(..) | Part::Wildcard(_) => return None,
        }
        at += 1;
    }
    Some((count, length))
}

/// One HTTP binding of a method.
#[derive(Debug, PartialEq, Eq)]
pub struct Binding {
    verb: &'static str,
    template: &'static str,
    parts: &'static [Part],
    /// The number of variables and the total length of the literals, if every variable is `{field}`.
    simple: Option<(usize, usize)>,
    needs_rest: bool,
    body: Body,
    response_body: Option<&'static str>,
}

impl Binding {
    /// A binding without a body. `verb` is upper case (`GET`, or a custom kind as annotated). `template` is the annotated text, and `parts`
    /// is its parsed form, in which a custom verb (`:cancel`) ends the last literal.
    #[doc(hidden)]
    pub const fn new(verb: &'static str, template: &'static str, parts: &'static [Part]) -> Self {
        Self::of(verb, Template::new(template, parts))
    }

    const fn of(verb: &'static str, Template { text, parts, needs_rest }: Template) -> Self {
        let simple = simple(parts);
        Self { verb, template: text, parts, simple, needs_rest, body: Body::None, response_body: None }
    }

    /// A `GET`.
    #[doc(hidden)]
    pub const fn get(template: Template) -> Self {
        Self::of("GET", template)
    }

    /// A `PUT`.
    #[doc(hidden)]
    pub const fn put(template: Template) -> Self {
        Self::of("PUT", template)
    }

    /// A `POST`.
    #[doc(hidden)]
    pub const fn post(template: Template) -> Self {
        Self::of("POST", template)
    }

    /// A `DELETE`.
    #[doc(hidden)]
    pub const fn delete(template: Template) -> Self {
        Self::of("DELETE", template)
    }

    /// A `PATCH`.
    #[doc(hidden)]
    pub const fn patch(template: Template) -> Self {
        Self::of("PATCH", template)
    }

    /// A binding of a custom kind.
    #[doc(hidden)]
    pub const fn custom(kind: &'static str, template: Template) -> Self {
        Self::of(kind, template)
    }

    /// Sets what the body holds, as annotated: `*`, or a field's name.
    #[doc(hidden)]
    #[must_use]
    pub const fn body(mut self, body: &'static str) -> Self {
        self.body = match body.as_bytes() {
            b"*" => Body::All,
            _ => Body::Field(body),
        };
        self
    }

    /// Names the response field that is the whole response body.
    #[doc(hidden)]
    #[must_use]
    pub const fn response_body(mut self, field: &'static str) -> Self {
        self.response_body = Some(field);
        self
    }

    /// The HTTP verb.
    pub const fn verb(&self) -> &'static str {
        self.verb
    }

    /// The template as annotated.
    pub const fn template(&self) -> &'static str {
        self.template
    }

    /// The template's pieces.
    pub const fn parts(&self) -> &'static [Part] {
        self.parts
    }

    /// The number of variables and the total length of the literals, if every variable is `{field}`.
    pub(super) const fn simple(&self) -> Option<(usize, usize)> {
        self.simple
    }

    /// Whether a `**` must take a segment.
    pub(super) const fn is_rest_needed(&self) -> bool {
        self.needs_rest
    }

    /// What the body holds.
    pub const fn request_body(&self) -> Body {
        self.body
    }

    /// The response field that is the whole response body; `None` if the whole message is.
    pub const fn response_body_field(&self) -> Option<&'static str> {
        self.response_body
    }
}
