//! Breaking changes of the generated crate that buf's own rules do not find.

use prost_reflect::FileDescriptor;
use rust_sdk_model::{Descriptors, Position};
use rust_sdk_review::SdkChange;
use rust_sdk_review::sdk::{Aspect, Element};

use super::Found;
use crate::context::Context;
use crate::finding::Finding;

/// Reports fields that become required.
pub(crate) fn required(context: &Context, rule: &'static str) -> Found {
    of(context, rule, Aspect::Required)
}

/// Reports changed parameters, and removed functions whose element still exists.
pub(crate) fn signatures(context: &Context, rule: &'static str) -> Found {
    of(context, rule, Aspect::Signature)
}

/// Reports Rust names that change though the names in the files do not.
pub(crate) fn names(context: &Context, rule: &'static str) -> Found {
    of(context, rule, Aspect::Name)
}

fn of(context: &Context, rule: &'static str, aspect: Aspect) -> Found {
    let comparison = context.comparison()?;
    let mut findings = Vec::new();
    for change in comparison.report.sdk.iter().flat_map(|sdk| &sdk.changes) {
        let against = change.old.as_ref().and_then(|name| position(&comparison.old, change.element, name));
        let at = position_now(&comparison.new, change, against.as_ref());
        // Imported files are checked in their own module.
        if at.as_ref().is_some_and(|at| !context.is_checked(&at.file)) {
            continue;
        }
        for reason in change.reasons.iter().filter(|reason| reason.aspect == aspect) {
            let element = change.element.as_str();
            let message =
                format!("The {element} {:?} in the generated crate: {}", change.name(), reason.text);
            findings.push(Finding { at: at.clone(), rule, message, against: against.clone() });
        }
    }
    Ok(findings)
}

/// The position of an element, or of the file that it was removed from.
fn position_now(new: &Descriptors, change: &SdkChange, was: Option<&Position>) -> Option<Position> {
    let here = change.new.as_ref().and_then(|name| position(new, change.element, name));
    here.or_else(|| {
        let file = new.pool().get_file_by_name(&was?.file)?;
        Some(new.position(&file, &[]))
    })
}

fn position(files: &Descriptors, element: Element, name: &str) -> Option<Position> {
    let pool = files.pool();
    let at = |file: FileDescriptor, path: &[i32]| Some(files.position(&file, path));
    let member = || name.rsplit_once('.');
    match element {
        Element::Crate | Element::Package | Element::Resource => None,
        Element::Method => super::position(files, name),
        Element::Service => {
            let service = pool.get_service_by_name(name)?;
            at(service.parent_file(), service.path())
        }
        Element::Message => {
            let message = pool.get_message_by_name(name)?;
            at(message.parent_file(), message.path())
        }
        Element::Enum => {
            let item = pool.get_enum_by_name(name)?;
            at(item.parent_file(), item.path())
        }
        Element::Field => {
            let (message, field) = member()?;
            let field = pool.get_message_by_name(message)?.get_field_by_name(field)?;
            at(field.parent_message().parent_file(), field.path())
        }
        Element::EnumValue => {
            let (item, value) = member()?;
            let value = pool.get_enum_by_name(item)?.get_value_by_name(value)?;
            at(value.parent_enum().parent_file(), value.path())
        }
    }
}
