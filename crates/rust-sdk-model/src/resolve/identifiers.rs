//! Checks that declared names are valid protobuf identifiers. Compilers guarantee valid names, but a request may come from elsewhere.

use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

use crate::diagnostic::{Code, Diagnostics};
use crate::naming;

/// Reports the declarations of a file whose names are invalid.
pub(crate) fn check(file: &FileDescriptorProto, problems: &mut Diagnostics) {
    let mut names = Vec::new();
    names.extend(file.package().split('.').filter(|_| file.package.is_some() && !file.package().is_empty()));
    file.message_type.iter().for_each(|message| in_message(message, &mut names));
    file.enum_type.iter().for_each(|item| in_enum(item, &mut names));
    names.extend(file.extension.iter().map(|extension| extension.name()));
    for service in &file.service {
        names.push(service.name());
        names.extend(service.method.iter().map(|method| method.name()));
    }
    names.retain(|name| !naming::is_identifier(name));
    names.sort_unstable();
    names.dedup();
    for name in names {
        problems.push_global(
            Code::Descriptor,
            format!("`{}` declares {name:?}, which is not a valid name", file.name()),
            "a name has letters, digits and `_`, and does not start with a digit",
        );
    }
}

fn in_message<'a>(message: &'a DescriptorProto, names: &mut Vec<&'a str>) {
    names.push(message.name());
    names.extend(message.field.iter().chain(&message.extension).map(|field| field.name()));
    names.extend(message.oneof_decl.iter().map(|oneof| oneof.name()));
    message.enum_type.iter().for_each(|item| in_enum(item, names));
    message.nested_type.iter().for_each(|nested| in_message(nested, names));
}

fn in_enum<'a>(item: &'a EnumDescriptorProto, names: &mut Vec<&'a str>) {
    names.push(item.name());
    names.extend(item.value.iter().map(|value| value.name()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bad_name_is_reported_once() {
        let message = DescriptorProto {
            name: Some("Good_1".to_owned()),
            nested_type: vec![DescriptorProto::default(), DescriptorProto::default()],
            oneof_decl: vec![prost_types::OneofDescriptorProto {
                name: Some("a b".to_owned()),
                options: None,
            }],
            ..Default::default()
        };
        let file = FileDescriptorProto {
            name: Some("x.proto".to_owned()),
            package: Some("a.1b".to_owned()),
            message_type: vec![message],
            ..Default::default()
        };
        let mut problems = Diagnostics::default();
        check(&file, &mut problems);
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        let expected = [r#""""#, r#""1b""#, r#""a b""#]
            .map(|name| format!("`x.proto` declares {name}, which is not a valid name"));
        assert_eq!(messages, expected);
    }

    #[test]
    fn a_file_needs_no_package() {
        for package in [None, Some(String::new())] {
            let mut problems = Diagnostics::default();
            check(&FileDescriptorProto { package, ..Default::default() }, &mut problems);
            assert!(problems.is_empty(), "{problems}");
        }
    }
}
