//! The services that Google's APIs mix in.

/// The services, and the files that define them.
const MIXINS: [(&str, &str); 3] = [
    ("google.cloud.location.Locations", "google/cloud/location/locations.proto"),
    ("google.iam.v1.IAMPolicy", "google/iam/v1/iam_policy.proto"),
    ("google.longrunning.Operations", "google/longrunning/operations.proto"),
];

/// The file of a service that APIs mix in.
pub(crate) fn file(service: &str) -> Option<&'static str> {
    MIXINS.iter().find(|(name, _)| *name == service).map(|(_, file)| *file)
}
