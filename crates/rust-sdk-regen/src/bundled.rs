//! Published files that many APIs import, so that they need no `--include`: Google's annotations and common types, validation rules,
//! and options for documents and code. They hold names and numbers, no text of the published files.

use std::borrow::Cow;

/// The file of this name.
pub(crate) fn find(name: &str) -> Option<Cow<'static, str>> {
    let text = |name: &str| FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    match GNOSTIC.iter().find(|(known, _)| *known == name) {
        Some((_, published)) => {
            let text = text(published)?.replace("package openapi.v3;", "package gnostic.openapi.v3;");
            Some(GNOSTIC.iter().fold(text, |text, (name, published)| text.replace(published, name)).into())
        }
        None => text(name).map(Cow::Borrowed),
    }
}

/// The options of `OpenAPI` have two homes. The files of the second one differ in their package and in the names of their imports.
const GNOSTIC: [(&str, &str); 2] = [
    ("gnostic/openapi/v3/annotations.proto", "openapiv3/annotations.proto"),
    ("gnostic/openapi/v3/openapiv3.proto", "openapiv3/OpenAPIv3.proto"),
];

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../protos/", $name)))),*]
    };
}

const FILES: &[(&str, &str)] = files! {
    "buf/validate/validate.proto"
    "gogoproto/gogo.proto"
    "google/api/annotations.proto"
    "google/api/client.proto"
    "google/api/expr/v1alpha1/checked.proto"
    "google/api/expr/v1alpha1/syntax.proto"
    "google/api/field_behavior.proto"
    "google/api/field_info.proto"
    "google/api/http.proto"
    "google/api/httpbody.proto"
    "google/api/launch_stage.proto"
    "google/api/resource.proto"
    "google/api/routing.proto"
    "google/api/visibility.proto"
    "google/longrunning/operations.proto"
    "google/rpc/code.proto"
    "google/rpc/error_details.proto"
    "google/rpc/status.proto"
    "google/type/calendar_period.proto"
    "google/type/color.proto"
    "google/type/date.proto"
    "google/type/datetime.proto"
    "google/type/dayofweek.proto"
    "google/type/decimal.proto"
    "google/type/expr.proto"
    "google/type/fraction.proto"
    "google/type/interval.proto"
    "google/type/latlng.proto"
    "google/type/localized_text.proto"
    "google/type/money.proto"
    "google/type/month.proto"
    "google/type/phone_number.proto"
    "google/type/postal_address.proto"
    "google/type/quaternion.proto"
    "google/type/timeofday.proto"
    "openapiv3/OpenAPIv3.proto"
    "openapiv3/annotations.proto"
    "protoc-gen-openapiv2/options/annotations.proto"
    "protoc-gen-openapiv2/options/openapiv2.proto"
    "validate/validate.proto"
};

#[cfg(test)]
mod tests {
    use protox::Compiler;
    use protox::file::{File, FileResolver, GoogleFileResolver};

    use super::*;

    struct Bundled;

    impl FileResolver for Bundled {
        fn open_file(&self, name: &str) -> Result<File, protox::Error> {
            match find(name) {
                Some(text) => File::from_source(name, &text),
                None => GoogleFileResolver::new().open_file(name),
            }
        }
    }

    #[test]
    fn every_file_compiles() {
        for (name, _) in FILES.iter().chain(&GNOSTIC) {
            let opened = Compiler::with_file_resolver(Bundled).open_file(name).map(|_| ());
            assert!(opened.is_ok(), "{name}: {opened:?}");
        }
    }
}
