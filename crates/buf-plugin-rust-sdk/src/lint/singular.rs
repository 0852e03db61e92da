//! English plurals, as far as the names of methods have them.

/// Words whose plurals follow no rule, by their ends.
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

/// Ends of words that are no plurals.
const SINGULAR: [&str; 5] = ["ss", "us", "is", "Series", "News"];

/// What a name may be the plural of, likeliest first; the name itself where it is none.
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
    // Databases and caches end as boxes and branches do; which of the two it is, the messages tell.
    found.push(stem.to_owned());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_them_is_the_singular() {
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
