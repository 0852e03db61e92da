//! The patterns of names: `projects/{project}/topics/{topic}`, `{campaign}~{criterion}`, `{object=**}`, `*`.

/// The pattern that allows every name.
pub(super) const ANY: &str = "*";
/// What separates variables within a segment (AIP-122 allows no other characters there).
const SEPARATORS: [char; 4] = ['~', '-', '_', '.'];
/// The end of a variable for several segments.
const REST: &str = "=**";

/// The variables of a pattern in order; else what is wrong with the pattern.
pub(super) fn variables(pattern: &str) -> Result<Vec<&str>, String> {
    let mut variables: Vec<&str> = Vec::new();
    if pattern == ANY {
        return Ok(variables);
    }
    let mut has_rest = false;
    for segment in pattern.split('/') {
        let before = variables.len();
        let is_rest = segment_variables(segment, &mut variables)?;
        if is_rest && (has_rest || variables.len() - before > 1) {
            return Err(
                "only one variable can take several segments, and it needs them for itself".to_owned()
            );
        }
        has_rest |= is_rest;
    }
    let twice = (1..variables.len()).find(|at| variables[..*at].contains(&variables[*at]));
    match twice {
        Some(at) => Err(format!("the variable `{}` occurs twice", variables[at])),
        None => Ok(variables),
    }
}

/// Appends the variables of a segment. Returns whether one of them takes several segments.
fn segment_variables<'p>(segment: &'p str, variables: &mut Vec<&'p str>) -> Result<bool, String> {
    if segment.is_empty() {
        return Err("a segment is empty".to_owned());
    }
    if !segment.contains(['{', '}', '*']) {
        return Ok(false);
    }
    let wrong = || format!("the segment `{segment}` is neither a text nor variables with separators");
    let mut is_rest = false;
    let mut rest = segment;
    loop {
        let (variable, behind) =
            rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).ok_or_else(wrong)?;
        let name = variable.strip_suffix(REST).unwrap_or(variable);
        if !crate::naming::is_identifier(name) {
            return Err(format!("`{name}` is not the name of a variable"));
        }
        is_rest |= name != variable;
        variables.push(name);
        if behind.is_empty() {
            return Ok(is_rest);
        }
        rest = behind.strip_prefix(SEPARATORS).ok_or_else(wrong)?;
    }
}

/// The pattern of the parent: without the last segment, and without the collection before it. `None` for a resource at the top.
pub(super) fn parent(pattern: &str) -> Option<&str> {
    let (before, last) = pattern.rsplit_once('/')?;
    if !last.contains('{') {
        return Some(before);
    }
    match before.rsplit_once('/') {
        Some((parent, collection)) if !collection.contains('{') => Some(parent),
        Some(_) => Some(before),
        None => before.contains('{').then_some(before),
    }
}

/// A name with this pattern: `projects/my-project/topics/my-topic`. `None` for `*`.
pub(super) fn sample(pattern: &str) -> Option<String> {
    if pattern == ANY {
        return None;
    }
    let mut sample = String::new();
    let mut rest = pattern;
    while let Some((literal, (variable, behind))) =
        rest.split_once('{').and_then(|(literal, rest)| Some((literal, rest.split_once('}')?)))
    {
        let is_first = !literal.ends_with(SEPARATORS);
        sample.push_str(literal);
        // A separator within a value would end it.
        let separator = if behind.starts_with('-') || literal.ends_with('-') { '_' } else { '-' };
        if is_first {
            sample.push_str("my");
            sample.push(separator);
        }
        let name = variable.strip_suffix(REST).unwrap_or(variable);
        sample.extend(name.chars().map(|c| if c == '_' { separator } else { c.to_ascii_lowercase() }));
        rest = behind;
    }
    sample.push_str(rest);
    Some(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found() {
        for (pattern, expected) in [
            ("projects/{project}/topics/{topic}", vec!["project", "topic"]),
            ("customers/{customer_id}/a/{b}~{c}.{d}", vec!["customer_id", "b", "c", "d"]),
            ("buckets/{bucket}/objects/{object=**}", vec!["bucket", "object"]),
            ("projects/{project}/settings", vec!["project"]),
            ("_deleted-topic_", vec![]),
            ("*", vec![]),
        ] {
            assert_eq!(variables(pattern), Ok(expected), "{pattern}");
        }
    }

    #[test]
    fn other_patterns_are_rejected() {
        for (pattern, problem) in [
            ("", "a segment is empty"),
            ("/projects/{project}", "a segment is empty"),
            ("projects/{project}/", "a segment is empty"),
            ("projects/*", "neither a text nor variables"),
            ("projects/x{project}", "neither a text nor variables"),
            ("projects/{a}{b}", "neither a text nor variables"),
            ("projects/{a}~x", "neither a text nor variables"),
            ("projects/{a", "neither a text nor variables"),
            ("projects/{a=*}", "`a=*` is not the name"),
            ("projects/{}", "`` is not the name"),
            ("a/{a}/b/{a}", "`a` occurs twice"),
            ("a/{a=**}/b/{b=**}", "only one variable"),
            ("a/{a}~{b=**}", "only one variable"),
        ] {
            let found = variables(pattern).unwrap_err();
            assert!(found.contains(problem), "{pattern}: {found}");
        }
    }

    #[test]
    fn parents_and_samples() {
        for (pattern, parent_of, sample_of) in [
            (
                "projects/{project}/topics/{topic}",
                Some("projects/{project}"),
                "projects/my-project/topics/my-topic",
            ),
            ("projects/{project}", None, "projects/my-project"),
            ("projects/{project}/settings", Some("projects/{project}"), "projects/my-project/settings"),
            ("users/{user}/{key_id}", Some("users/{user}"), "users/my-user/my-key-id"),
            ("a/{a}/b/{b}~{c_d}", Some("a/{a}"), "a/my-a/b/my-b~c-d"),
            ("a/{a}/b/{b}-{c_d}", Some("a/{a}"), "a/my-a/b/my_b-c_d"),
            ("b/{b}/o/{o=**}", Some("b/{b}"), "b/my-b/o/my-o"),
            ("settings", None, "settings"),
        ] {
            assert_eq!(parent(pattern), parent_of, "{pattern}");
            assert_eq!(sample(pattern).as_deref(), Some(sample_of), "{pattern}");
        }
        assert_eq!(sample(ANY), None);
    }
}
