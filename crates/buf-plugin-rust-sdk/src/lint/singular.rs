//! Singulars of the English plurals in method names.

/// Irregular plurals, by the end of the word.
const IRREGULAR: [(&str, &str); 10] = [
    ("People", "Person"),
    ("Children", "Child"),
    ("Men", "Man"),
    ("men", "man"),
    ("Indices", "Index"),
    ("indices", "index"),
    ("Vertices", "Vertex"),
    ("Matrices", "Matrix"),
    ("Criteria", "Criterion"),
    ("Movies", "Movie"),
];

/// Ends of words that are singular though they end in `s`.
const SINGULAR: [&str; 5] = ["ss", "us", "is", "Series", "News"];

/// The possible singulars of a name, likeliest first; the name itself if it is no plural.
pub(crate) fn singulars(name: &str) -> Vec<String> {
    if let Some((plural, singular)) = IRREGULAR.iter().find(|(plural, _)| name.ends_with(plural)) {
        return vec![format!("{}{singular}", &name[..name.len() - plural.len()])];
    }
    let Some(stem) = name.strip_suffix('s').filter(|_| !SINGULAR.iter().any(|end| name.ends_with(end)))
    else {
        return vec![name.to_owned()];
    };
    let mut found = Vec::new();
    if let Some(stem) = stem.strip_suffix("ie") {
        found.push(format!("{stem}y"));
    } else if let Some(stem) = stem.strip_suffix("ve") {
        // Shelves and knives, beside archives.
        found.extend([format!("{stem}f"), format!("{stem}fe")]);
    } else if let Some(stem) = stem.strip_suffix('e')
        && ["x", "ch", "sh", "ss", "zz", "s", "o"].iter().any(|end| stem.ends_with(end))
    {
        found
            .extend([stem.to_owned(), format!("{stem}is")].into_iter().filter(|word| !word.ends_with("ois")));
    }
    // The ending does not distinguish databases from boxes, or caches from branches: the caller compares with the messages.
    found.push(stem.to_owned());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_singular_is_among_them() {
        for (plural, singular) in [
            ("Clusters", "Cluster"),
            ("BackupSchedules", "BackupSchedule"),
            ("Policies", "Policy"),
            ("Shelves", "Shelf"),
            ("Archives", "Archive"),
            ("Boxes", "Box"),
            ("Databases", "Database"),
            ("Addresses", "Address"),
            ("Analyses", "Analysis"),
            ("Branches", "Branch"),
            ("Caches", "Cache"),
            ("Indices", "Index"),
            ("People", "Person"),
            ("Heroes", "Hero"),
            ("Cluster", "Cluster"),
            ("ClusterStatus", "ClusterStatus"),
            ("Access", "Access"),
            ("Analysis", "Analysis"),
        ] {
            assert!(
                singulars(plural).iter().any(|word| word == singular),
                "{plural}: {:?}",
                singulars(plural)
            );
        }
        // A plural is not its own singular: the message of a list is no entity.
        assert!(!singulars("Clusters").contains(&"Clusters".to_owned()));
        assert_eq!(singulars("s"), [""]);
        assert_eq!(singulars(""), [""]);
    }
}
