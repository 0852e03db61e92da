//! The texts of `google.protobuf.FieldMask`: its paths, joined by commas. JSON has them in lowerCamel case. In queries and paths the client
//! writes proto names, since grpc-gateway reads only these there, and Envoy reads both.

/// Appends one path in lowerCamel case. `None` if reading it back would give another path: upper case letters, an
/// underscore that no lower case letter follows, commas, or nothing at all.
pub(crate) fn push_camel(path: &str, out: &mut String) -> Option<()> {
    let mut chars = path.chars();
    while let Some(char) = chars.next() {
        match char {
            '_' => out.push(chars.next().filter(char::is_ascii_lowercase)?.to_ascii_uppercase()),
            ',' | 'A'..='Z' => return None,
            _ => out.push(char),
        }
    }
    (!path.is_empty()).then_some(())
}

/// The paths of a mask's text, in snake case. `None` if a path is empty or has an underscore.
pub(crate) fn parse(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(',').map(to_snake).collect()
}

/// Appends one path in proto names. `None` if reading it back by [`parse_any`] would give another path: upper case letters, commas, or
/// nothing at all.
pub(crate) fn push_proto(path: &str, out: &mut String) -> Option<()> {
    out.push_str(path);
    (!path.is_empty() && !path.contains(|char: char| char == ',' || char.is_ascii_uppercase())).then_some(())
}

/// The paths of a mask's text in a query: those with an underscore are in proto names, the others in lowerCamel case. `None` if a path is
/// empty.
#[cfg(feature = "rest")]
pub(crate) fn parse_any(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(',')
        .map(|path| if path.contains('_') { Some(path.to_owned()) } else { to_snake(path) })
        .collect()
}

fn to_snake(camel: &str) -> Option<String> {
    let mut path = String::with_capacity(camel.len() + 4);
    for char in camel.chars() {
        match char {
            '_' => return None,
            'A'..='Z' => path.extend(['_', char.to_ascii_lowercase()]),
            _ => path.push(char),
        }
    }
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn camel(path: &str) -> Option<String> {
        let mut out = String::new();
        push_camel(path, &mut out).map(|()| out)
    }

    #[test]
    fn only_what_comes_back_is_written() {
        assert_eq!(camel("cluster.node_count").as_deref(), Some("cluster.nodeCount"));
        assert_eq!(camel("*").as_deref(), Some("*"));
        for bad in ["", "fooBar", "foo_3_bar", "foo__bar", "foo_", "a,b"] {
            assert_eq!(camel(bad), None, "{bad}");
        }
    }

    #[test]
    fn masks_are_read_strictly() {
        assert_eq!(parse(""), Some(vec![]));
        assert_eq!(parse("fooBar,baz.quxId"), Some(vec!["foo_bar".to_owned(), "baz.qux_id".to_owned()]));
        for bad in ["foo_bar", ",", "a,", ",a", "a,,b"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[cfg(feature = "rest")]
    #[test]
    fn queries_have_either_names() {
        let proto = |path: &str| {
            let mut out = String::new();
            push_proto(path, &mut out).map(|()| out)
        };
        for path in ["cluster.node_count", "*", "foo_3_bar", "foo__bar", "foo_"] {
            assert_eq!(proto(path).as_deref(), Some(path));
            assert_eq!(parse_any(path), Some(vec![path.to_owned()]));
        }
        for bad in ["", "fooBar", "Foo_bar", "a,b"] {
            assert_eq!(proto(bad), None, "{bad}");
        }
        assert_eq!(parse_any(""), Some(vec![]));
        let both = "displayName,display_name,node.nodeCount";
        assert_eq!(parse_any(both).unwrap(), ["display_name", "display_name", "node.node_count"]);
        for bad in [",", "a,", ",a", "a,,b"] {
            assert_eq!(parse_any(bad), None, "{bad}");
        }
    }

    proptest! {
        #[cfg(feature = "rest")]
        #[test]
        fn what_a_query_holds_is_read_back(path in "[a-zA-Z0-9_.,é]{0,12}") {
            let mut text = String::new();
            if push_proto(&path, &mut text).is_some() {
                prop_assert_eq!(parse_any(&text), Some(vec![path]));
            }
        }

        #[test]
        fn what_is_written_is_read_back(path in "[a-zA-Z0-9_.,é]{0,12}") {
            if let Some(text) = camel(&path) {
                prop_assert_eq!(parse(&text), Some(vec![path]));
            }
        }
    }
}
