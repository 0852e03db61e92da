//! Types of the standard prelude by their names alone. prost-build writes them in full, in case that the API has an `Option` of its own.

const NAMES: [(&str, &str); 5] = [
    ("::core::option::Option<", "Option<"),
    ("::prost::alloc::string::String", "String"),
    ("::prost::alloc::vec::Vec<", "Vec<"),
    ("::prost::alloc::boxed::Box<", "Box<"),
    ("::prost::alloc::collections::BTreeMap<", "::std::collections::BTreeMap<"),
];

/// Shortens the types of fields, but for those whose names are taken: by types of the text itself, or by these.
pub(crate) fn shorten(text: &str, others: &[&str]) -> String {
    let types: Vec<&str> = text.lines().filter_map(type_name).collect();
    let is_taken = |name: &str| types.contains(&name) || others.contains(&name);
    let names: Vec<_> =
        NAMES.into_iter().filter(|(_, short)| !is_taken(short.trim_end_matches('<'))).collect();
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("//") {
            out.push_str(line);
            continue;
        }
        let short = |line: String, (long, short): &(&str, &str)| line.replace(long, short);
        out.push_str(&names.iter().fold(line.to_owned(), short));
    }
    out
}

fn type_name(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
    rest.split([' ', '{']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_the_api_has_is_kept_in_full() {
        let field = "    pub name: ::core::option::Option<::prost::alloc::string::String>,\n";
        assert_eq!(shorten(field, &[]), "    pub name: Option<String>,\n");
        let nested = format!(
            "pub mod shelf {{\n    pub enum Option {{\n    }}\n}}\n/// An ::core::option::Option<T>.\n{field}"
        );
        let short = nested.replace("::prost::alloc::string::String", "String");
        assert_eq!(shorten(&nested, &[]), short);
        assert!(shorten(field, &["String"]).contains("Option<::prost::alloc::string::String>"));
    }
}
