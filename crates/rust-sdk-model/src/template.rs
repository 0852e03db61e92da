//! The grammar of path templates (`google/api/http.proto`).
//!
//! ```text
//! Template = "/" Segments [ ":" Verb ] ;   Segments = Segment { "/" Segment } ;
//! Segment  = "*" | "**" | LITERAL | "{" FieldPath [ "=" Segments ] "}" ;   FieldPath = IDENT { "." IDENT } ;
//! ```
//!
//! LITERAL is a sequence of RFC 3986 `pchar`s, and a template may be `/` alone. A template has at most one `**`; what follows it has
//! a fixed number of segments, so a path has one meaning. (The specification allows nothing after `**`, but Google's own APIs use it.)

use std::fmt;

use crate::diagnostic::Code;

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The segments in order.
    pub segments: Vec<Segment>,
    /// The custom verb, without its colon.
    pub verb: Option<String>,
}

/// One segment, or the several segments of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Constant text, escaped as annotated.
    Literal(String),
    /// A wildcard outside of every variable.
    Wildcard(Wildcard),
    /// `{path=pattern}`.
    Variable {
        /// The dotted field path.
        path: String,
        /// The pattern of its value; `{x}` is `{x=*}`.
        pattern: Vec<PatternSegment>,
    },
}

/// One segment of a variable's pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternSegment {
    /// Constant text.
    Literal(String),
    /// A wildcard.
    Wildcard(Wildcard),
}

/// `*` or `**`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wildcard {
    /// `*`: one segment.
    One,
    /// `**`: any number of segments.
    Rest,
}

/// Why a template is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// The kind.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub hint: String,
}

fn error(code: Code, message: impl Into<String>, hint: impl Into<String>) -> TemplateError {
    TemplateError { code, message: message.into(), hint: hint.into() }
}

impl Template {
    /// Parses a template as annotated.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let Some(rest) = text.strip_prefix('/') else {
            let hint = if text.is_empty() {
                "write a path such as `/v1/items`".to_owned()
            } else {
                format!("write `/{text}`")
            };
            return Err(error(Code::HttpLeadingSlash, "the path does not start with `/`", hint));
        };
        check_characters(rest)?;
        let (path, verb) = split_verb(rest)?;
        if text == "/" {
            return Ok(Self { segments: Vec::new(), verb: None });
        }
        if path.is_empty() {
            let hint = "name at least one segment: `/v1/items`";
            return Err(error(Code::HttpEmptySegment, "the path has no segment", hint));
        }
        if path.ends_with('/') && !path.ends_with("//") && path != "/" {
            return Err(error(
                Code::HttpTrailingSlash,
                "the path ends with `/`",
                "remove the slash at the end",
            ));
        }
        let segments = split_segments(path)?.into_iter().map(parse_segment).collect::<Result<Vec<_>, _>>()?;
        check_rest(&segments)?;
        Ok(Self { segments, verb: verb.map(str::to_owned) })
    }

    /// The variables in order: field path and pattern.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &[PatternSegment])> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Variable { path, pattern } => Some((path.as_str(), pattern.as_slice())),
            Segment::Literal(_) | Segment::Wildcard(_) => None,
        })
    }

    /// What the specification does not allow in a template, although gateways serve it.
    pub fn deviations(&self) -> Vec<TemplateError> {
        let mut found = Vec::new();
        let mut wildcards = self.segments.iter().flat_map(|segment| match segment {
            Segment::Literal(_) => Vec::new(),
            Segment::Wildcard(wildcard) => vec![*wildcard],
            Segment::Variable { pattern, .. } => pattern
                .iter()
                .filter_map(|segment| match segment {
                    PatternSegment::Literal(_) => None,
                    PatternSegment::Wildcard(wildcard) => Some(*wildcard),
                })
                .collect(),
        });
        if wildcards.any(|wildcard| wildcard == Wildcard::Rest) && wildcards.next().is_some() {
            let message = "a wildcard or variable follows `**`";
            found.push(error(Code::HttpAfterRest, message, "only literals may come after `**`"));
        }
        if self.verb.is_some()
            && matches!(self.segments.last(), Some(Segment::Literal(text)) if text.contains(':'))
        {
            let hint = "keep one `:verb` at the end; a literal colon is `%3A`";
            found.push(error(Code::HttpTwoVerbs, "the path has more than one verb", hint));
        }
        found
    }

    /// The template without the names of variables: two templates match the same paths if they are equal in this form.
    pub fn shape(&self) -> String {
        let mut shape = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => push_shape(&mut shape, text),
                Segment::Wildcard(wildcard) => push_shape(&mut shape, wildcard.as_str()),
                Segment::Variable { pattern, .. } => {
                    for segment in pattern {
                        push_shape(&mut shape, segment.as_str());
                    }
                }
            }
        }
        if let Some(verb) = &self.verb {
            shape.push(':');
            shape.push_str(verb);
        }
        shape
    }
}

/// The template as written, with `{x}` for `{x=*}`.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.segments.is_empty() {
            f.write_str("/")?;
        }
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => write!(f, "/{text}")?,
                Segment::Wildcard(wildcard) => write!(f, "/{}", wildcard.as_str())?,
                Segment::Variable { path, pattern } => {
                    write!(f, "/{{{path}")?;
                    if pattern[..] != [PatternSegment::Wildcard(Wildcard::One)] {
                        for (index, segment) in pattern.iter().enumerate() {
                            write!(f, "{}{}", if index == 0 { '=' } else { '/' }, segment.as_str())?;
                        }
                    }
                    f.write_str("}")?;
                }
            }
        }
        self.verb.as_ref().map_or(Ok(()), |verb| write!(f, ":{verb}"))
    }
}

fn push_shape(shape: &mut String, segment: &str) {
    shape.push('/');
    shape.push_str(segment);
}

impl Wildcard {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "*",
            Self::Rest => "**",
        }
    }
}

impl PatternSegment {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Wildcard(wildcard) => wildcard.as_str(),
        }
    }
}

fn check_characters(text: &str) -> Result<(), TemplateError> {
    let bytes = text.as_bytes();
    for (at, character) in text.char_indices() {
        match character {
            '%' => {
                let escape = bytes.get(at + 1..at + 3);
                if !escape.is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) {
                    let message = "`%` is not followed by two hexadecimal digits";
                    return Err(error(Code::HttpBadEscape, message, "write a literal percent sign as `%25`"));
                }
            }
            _ if character.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/{}".contains(character) => {}
            _ => {
                let mut utf8 = [0; 4];
                let bytes = character.encode_utf8(&mut utf8).bytes();
                let escaped = bytes.fold(String::new(), |escaped, byte| escaped + &format!("%{byte:02X}"));
                let message = format!("the character {character:?} is not allowed in a path");
                let hint = match character {
                    '?' => "remove the query: fields that are not in the path go to the query automatically"
                        .to_owned(),
                    _ => format!("write it as `{escaped}`"),
                };
                return Err(error(Code::HttpBadCharacter, message, hint));
            }
        }
    }
    Ok(())
}

/// Splits at the colon after the last segment. Colons in braces do not count.
fn split_verb(text: &str) -> Result<(&str, Option<&str>), TemplateError> {
    let mut depth = 0_u32;
    let mut colons = Vec::new();
    let mut last_slash = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => colons.push(at),
            b'/' if depth == 0 => last_slash = Some(at),
            _ => {}
        }
    }
    let Some(&colon) = colons.last() else { return Ok((text, None)) };
    if last_slash.is_some_and(|slash| slash > colons[0]) {
        let message = "a verb (`:name`) comes before the last segment";
        return Err(error(
            Code::HttpVerbNotLast,
            message,
            "a custom verb ends the path (`/v1/{name}:cancel`); a literal colon is `%3A`",
        ));
    }
    // The others are part of the last segment, which must then be a literal.
    if colons.len() > 1 && text[last_slash.map_or(0, |slash| slash + 1)..].starts_with('{') {
        return Err(error(
            Code::HttpTwoVerbs,
            "the path has more than one verb",
            "keep one `:verb` at the end; a literal colon is `%3A`",
        ));
    }
    let verb = &text[colon + 1..];
    if verb.is_empty() {
        return Err(error(
            Code::HttpEmptyVerb,
            "the verb after `:` is empty",
            "name the verb or remove the colon",
        ));
    }
    if let Some(bad) = verb.chars().find(|c| matches!(c, '{' | '}' | '*')) {
        let message = format!("the verb `{verb}` contains `{bad}`");
        return Err(error(Code::HttpBadCharacter, message, "write a plain verb, such as `:cancel`"));
    }
    Ok((&text[..colon], Some(verb)))
}

/// Splits at slashes outside of braces.
fn split_segments(path: &str) -> Result<Vec<&str>, TemplateError> {
    let mut segments = Vec::new();
    let mut start = 0;
    let mut open: Option<usize> = None;
    for (at, byte) in path.bytes().enumerate() {
        match (byte, open) {
            (b'{', None) => open = Some(at),
            (b'{', Some(_)) => {
                let message = "a variable contains another variable";
                return Err(error(
                    Code::HttpNestedVariable,
                    message,
                    "a variable's pattern may contain only literals, `*` and `**`",
                ));
            }
            (b'}', Some(_)) => open = None,
            (b'}', None) => {
                let hint = "write the whole variable: `{name}`";
                return Err(error(Code::HttpUnterminatedVariable, "`}` has no matching `{`", hint));
            }
            (b'/', None) => {
                segments.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if let Some(at) = open {
        let message = format!("the variable `{}` is not closed", &path[at..]);
        return Err(error(Code::HttpUnterminatedVariable, message, "add the missing `}`"));
    }
    segments.push(&path[start..]);
    if segments.iter().any(|segment| segment.is_empty()) {
        return Err(error(
            Code::HttpEmptySegment,
            "the path has an empty segment (`//`)",
            "remove the extra slash",
        ));
    }
    Ok(segments)
}

fn parse_segment(text: &str) -> Result<Segment, TemplateError> {
    let Some(open) = text.find('{') else {
        return Ok(match parse_plain(text)? {
            PatternSegment::Literal(text) => Segment::Literal(text),
            PatternSegment::Wildcard(wildcard) => Segment::Wildcard(wildcard),
        });
    };
    let close = text.rfind('}').unwrap_or(text.len() - 1);
    let inner = &text[open + 1..close];
    if open > 0 || close + 1 < text.len() || inner.contains('}') {
        let message = format!("the segment `{text}` has text next to a variable");
        return Err(error(Code::HttpMixedSegment, message, "give the variable a segment of its own"));
    }
    let (path, pattern) =
        inner.split_once('=').map_or((inner, None), |(path, pattern)| (path, Some(pattern)));
    if path.is_empty() {
        let hint = "name a field of the request: `{name}`";
        return Err(error(Code::HttpEmptyVariable, "the variable names no field", hint));
    }
    for identifier in path.split('.') {
        let good = !identifier.is_empty()
            && !identifier.starts_with(|c: char| c.is_ascii_digit())
            && identifier.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !good {
            let message = format!("`{path}` is not a field path");
            return Err(error(
                Code::HttpBadIdentifier,
                message,
                "write field names joined by dots: `book.name`",
            ));
        }
    }
    let pattern = match pattern {
        None => vec![PatternSegment::Wildcard(Wildcard::One)],
        Some(pattern) => parse_pattern(path, pattern)?,
    };
    Ok(Segment::Variable { path: path.to_owned(), pattern })
}

fn parse_pattern(path: &str, pattern: &str) -> Result<Vec<PatternSegment>, TemplateError> {
    if pattern.is_empty() {
        let message = format!("the pattern of `{{{path}=}}` is empty");
        return Err(error(
            Code::HttpEmptyPattern,
            message,
            format!("write `{{{path}}}`, or a pattern after `=`"),
        ));
    }
    if pattern.starts_with('/') {
        let message = format!("the pattern of `{{{path}={pattern}}}` starts with `/`");
        return Err(error(
            Code::HttpAbsolutePattern,
            message,
            "a pattern is relative: remove its first slash",
        ));
    }
    if pattern.contains(':') {
        let message = format!("the pattern of `{{{path}={pattern}}}` contains a verb");
        return Err(error(
            Code::HttpVerbNotLast,
            message,
            "a custom verb ends the path (`/v1/{name}:cancel`); a literal colon is `%3A`",
        ));
    }
    pattern
        .split('/')
        .map(|segment| match segment {
            "" => Err(error(
                Code::HttpEmptySegment,
                format!("the pattern of `{{{path}={pattern}}}` has an empty segment"),
                "remove the extra slash",
            )),
            segment => parse_plain(segment),
        })
        .collect()
}

fn parse_plain(text: &str) -> Result<PatternSegment, TemplateError> {
    match text {
        "*" => Ok(PatternSegment::Wildcard(Wildcard::One)),
        "**" => Ok(PatternSegment::Wildcard(Wildcard::Rest)),
        _ if text.contains('*') => {
            let hint = "a wildcard is a whole segment, `*` or `**`; a literal asterisk is `%2A`";
            Err(error(Code::HttpBadWildcard, format!("`{text}` is neither a wildcard nor a literal"), hint))
        }
        _ => Ok(PatternSegment::Literal(text.to_owned())),
    }
}

/// A second `**` would let a path be split between the two in several ways.
fn check_rest(segments: &[Segment]) -> Result<(), TemplateError> {
    let mut seen = false;
    let mut check = |wildcard: Option<Wildcard>| {
        if seen && wildcard == Some(Wildcard::Rest) {
            let hint = "only literals, `*` and variables of one segment may come after `**`";
            return Err(error(Code::HttpAfterRest, "the path has a second `**`", hint));
        }
        seen |= wildcard == Some(Wildcard::Rest);
        Ok(())
    };
    for segment in segments {
        match segment {
            Segment::Literal(_) => check(None)?,
            Segment::Wildcard(wildcard) => check(Some(*wildcard))?,
            Segment::Variable { pattern, .. } => {
                for segment in pattern {
                    match segment {
                        PatternSegment::Literal(_) => check(None)?,
                        PatternSegment::Wildcard(wildcard) => check(Some(*wildcard))?,
                    }
                }
            }
        }
    }
    Ok(())
}

/// Decodes percent escapes. Bytes that are not UTF-8 stay as they are.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        if let (b'%', [high, low, tail @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high * 16 + low);
            rest = tail;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
