//! `google.protobuf.FeatureSet`: the features of a field, and where they are stated.

/// The features that change what prost generates (`google/protobuf/descriptor.proto`).
#[derive(Clone, PartialEq, prost::Message)]
struct FeatureSet {
    #[prost(int32, optional, tag = "1")]
    field_presence: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    repeated_field_encoding: Option<i32>,
    #[prost(int32, optional, tag = "4")]
    utf8_validation: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    message_encoding: Option<i32>,
}

macro_rules! holders {
    ($($(#[$doc:meta])* $name:ident, $options:ident: options $number:literal, features $features:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, prost::Message)]
        struct $name {
            #[prost(message, optional, tag = $number)]
            options: Option<$options>,
        }

        #[derive(Clone, PartialEq, prost::Message)]
        struct $options {
            #[prost(message, optional, tag = $features)]
            features: Option<FeatureSet>,
        }

        impl $name {
            fn features(bytes: &[u8]) -> FeatureSet {
                <Self as prost::Message>::decode(bytes)
                    .ok()
                    .and_then(|holder| holder.options?.features)
                    .unwrap_or_default()
            }
        }
    )*};
}

holders! {
    FileHolder, FileOptions: options "8", features "50";
    MessageHolder, MessageOptions: options "7", features "12";
    FieldHolder, FieldOptions: options "8", features "21";
}

/// A feature's value, and the path of the option that states it.
#[derive(Clone, Debug)]
pub(super) struct Feature {
    pub(super) value: i32,
    pub(super) path: Vec<i32>,
}

/// `FeatureSet.FieldPresence`.
pub(super) const EXPLICIT: i32 = 1;
pub(super) const IMPLICIT: i32 = 2;
pub(super) const LEGACY_REQUIRED: i32 = 3;
/// `FeatureSet.RepeatedFieldEncoding`.
pub(super) const PACKED: i32 = 1;
pub(super) const EXPANDED: i32 = 2;
/// `FeatureSet.Utf8Validation`.
pub(super) const VERIFY: i32 = 2;
pub(super) const UNVERIFIED: i32 = 3;
/// `FeatureSet.MessageEncoding`.
pub(super) const LENGTH_PREFIXED: i32 = 1;
pub(super) const DELIMITED: i32 = 2;

/// The features at one position.
#[derive(Clone, Debug)]
pub(super) struct Features {
    pub(super) presence: Feature,
    pub(super) repeated: Feature,
    pub(super) utf8: Feature,
    pub(super) encoding: Feature,
}

impl Features {
    /// The features of a file: the defaults of editions 2023 and 2024, which are the same here, and the file's own.
    pub(super) fn of_file(bytes: &[u8]) -> Self {
        // A feature that nothing states comes from the edition.
        let default = |value| Feature { value, path: super::EDITION_PATH.to_vec() };
        let mut features = Self {
            presence: default(EXPLICIT),
            repeated: default(PACKED),
            utf8: default(VERIFY),
            encoding: default(LENGTH_PREFIXED),
        };
        features.state(&FileHolder::features(bytes), &[], [8, 50]);
        features
    }

    /// The features of a message with this path and these bytes.
    pub(super) fn of_message(&self, bytes: &[u8], path: &[i32]) -> Self {
        let mut features = self.clone();
        features.state(&MessageHolder::features(bytes), path, [7, 12]);
        features
    }

    /// The features of a field or an extension.
    pub(super) fn of_field(&self, bytes: &[u8], path: &[i32]) -> Self {
        let mut features = self.clone();
        features.state(&FieldHolder::features(bytes), path, [8, 21]);
        features
    }

    fn state(&mut self, set: &FeatureSet, element: &[i32], options: [i32; 2]) {
        for (feature, value, number) in [
            (&mut self.presence, set.field_presence, 1),
            (&mut self.repeated, set.repeated_field_encoding, 3),
            (&mut self.utf8, set.utf8_validation, 4),
            (&mut self.encoding, set.message_encoding, 5),
        ] {
            // Zero is `…_UNKNOWN`, which states nothing.
            if let Some(value) = value.filter(|value| *value != 0) {
                *feature = Feature { value, path: [element, &options, &[number]].concat() };
            }
        }
    }

    /// The first feature whose value this code does not know, and the feature's name.
    pub(super) fn unknown(&self) -> Option<(&Feature, &'static str)> {
        [
            (&self.presence, "features.field_presence", LEGACY_REQUIRED),
            (&self.repeated, "features.repeated_field_encoding", EXPANDED),
            (&self.utf8, "features.utf8_validation", UNVERIFIED),
            (&self.encoding, "features.message_encoding", DELIMITED),
        ]
        .into_iter()
        .find(|(feature, _, greatest)| !(1..=*greatest).contains(&feature.value))
        .map(|(feature, name, _)| (feature, name))
    }
}
