//! The fields by which a list is paged: `token:page.key:page.next_key`.

use super::error::OptionError;
use crate::naming;

/// How the next page is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// By the token of the page before (AIP-158).
    Token,
    /// By the number of items before it.
    Offset,
    /// By its number.
    Number {
        /// The number of the first page: 0 or 1.
        first: u64,
    },
}

/// How methods list page by page whose messages have these fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaginationRule {
    /// How the next page is requested.
    pub kind: PageKind,
    /// The request's token, offset or number, and perhaps its page size: dotted paths.
    pub request: Vec<String>,
    /// For tokens, the response's next token; then perhaps the list: dotted paths.
    pub response: Vec<String>,
    /// The value of the plugin option.
    pub text: String,
}

impl PaginationRule {
    pub(super) fn parse(key: &str, value: &str) -> Result<Self, OptionError> {
        let hint = "write `token:REQUEST_TOKEN[;SIZE]:NEXT_TOKEN[;LIST]`, `offset:OFFSET[;LIMIT]:[LIST]`, or `page1:NUMBER[;SIZE]:[LIST]` \
                    (`page0` if the first page has the number 0)";
        let wrong = |why: &str| {
            Err(OptionError::new(format!("option `{key}` has the invalid value `{value}`: {why}"), hint))
        };
        let parts: Vec<&str> = value.split(':').collect();
        let [kind, request, response] = parts[..] else { return wrong("it has not three parts") };
        let kind = match kind {
            "token" => PageKind::Token,
            "offset" => PageKind::Offset,
            "page0" => PageKind::Number { first: 0 },
            "page1" => PageKind::Number { first: 1 },
            _ => return wrong("its kind is unknown"),
        };
        let paths = |text: &str| -> Vec<String> {
            text.split(';').filter(|path| !path.is_empty()).map(str::to_owned).collect()
        };
        let (request, response) = (paths(request), paths(response));
        if request.iter().chain(&response).any(|path| !path.split('.').all(naming::is_identifier)) {
            return wrong("a path is not a dotted name");
        }
        let is_token = kind == PageKind::Token;
        let fits = (1..=2).contains(&request.len())
            && (usize::from(is_token)..=1 + usize::from(is_token)).contains(&response.len());
        if fits {
            Ok(Self { kind, request, response, text: value.to_owned() })
        } else {
            wrong("it has too few or too many paths")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_strict() {
        let rule =
            PaginationRule::parse("pagination", "token:page.key;page.limit:page.next_key;rows").unwrap();
        assert_eq!((rule.request.len(), rule.response[1].as_str()), (2, "rows"));
        for good in ["offset:query.offset:", "page1:page;limit:devices", "page0:page:", "token:a:b"] {
            assert!(PaginationRule::parse("pagination", good).is_ok(), "{good}");
        }
        for wrong in [
            "",
            "token:a",
            "token::b",
            "token:a:",
            "token:a:b;c;d",
            "pages:a:b",
            "offset:a;b;c:",
            "offset:a:b;c",
            "token:a.:b",
            "token:a:b:c",
        ] {
            assert!(PaginationRule::parse("pagination", wrong).is_err(), "{wrong}");
        }
    }
}
