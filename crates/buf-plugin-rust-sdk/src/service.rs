//! The procedures: `CheckService` and `PluginInfoService` of buf.

use std::collections::BTreeSet;

use prost::Message as _;
use rust_sdk_model::Position;
use rust_sdk_model::text::visible;

use crate::context::Context;
use crate::error::CallError;
use crate::finding::Finding;
use crate::messages::{
    Annotation, Category, CheckRequest, CheckResponse, FileLocation, GetPluginInfoResponse,
    ListCategoriesResponse, ListRequest, ListRulesResponse, PluginInfo, Rule,
};
use crate::rules::{self, CATEGORIES, RULES};
use crate::settings::Settings;

/// A procedure that buf can call.
pub(crate) struct Procedure {
    pub(crate) path: &'static str,
    pub(crate) argument: &'static str,
    pub(crate) request: &'static str,
    pub(crate) response: &'static str,
    pub(crate) call: fn(&[u8]) -> Result<Vec<u8>, CallError>,
}

/// All procedures.
pub(crate) const PROCEDURES: [Procedure; 4] = [
    Procedure {
        path: "/buf.plugin.check.v1.CheckService/Check",
        argument: "check",
        request: "buf.plugin.check.v1.CheckRequest",
        response: "buf.plugin.check.v1.CheckResponse",
        call: |request| Ok(check(decode(request)?)?.encode_to_vec()),
    },
    Procedure {
        path: "/buf.plugin.check.v1.CheckService/ListRules",
        argument: "list-rules",
        request: "buf.plugin.check.v1.ListRulesRequest",
        response: "buf.plugin.check.v1.ListRulesResponse",
        call: |request| Ok(list_rules(&decode(request)?)?.encode_to_vec()),
    },
    Procedure {
        path: "/buf.plugin.check.v1.CheckService/ListCategories",
        argument: "list-categories",
        request: "buf.plugin.check.v1.ListCategoriesRequest",
        response: "buf.plugin.check.v1.ListCategoriesResponse",
        call: |request| Ok(list_categories(&decode(request)?)?.encode_to_vec()),
    },
    Procedure {
        path: "/buf.plugin.info.v1.PluginInfoService/GetPluginInfo",
        argument: "info",
        request: "buf.plugin.info.v1.GetPluginInfoRequest",
        response: "buf.plugin.info.v1.GetPluginInfoResponse",
        call: |_| Ok(info().encode_to_vec()),
    },
];

const DOCUMENTATION: &str = "Reports what protoc-gen-rust-sdk would reject (names, HTTP rules, access), and breaking changes of \
     permissions, routes and the generated crate. It takes the options of protoc-gen-rust-sdk and those of the rules.";

fn decode<M: prost::Message + Default>(request: &[u8]) -> Result<M, CallError> {
    M::decode(request).map_err(|error| CallError::invalid(format!("the request cannot be read: {error}")))
}

fn info() -> GetPluginInfoResponse {
    GetPluginInfoResponse { plugin_info: Some(PluginInfo { documentation: DOCUMENTATION.to_owned() }) }
}

fn list_rules(request: &ListRequest) -> Result<ListRulesResponse, CallError> {
    let (page, next_page_token) = page(RULES, |rule| rule.id, request)?;
    let rules = page.iter().map(|rule| Rule {
        id: rule.id.to_owned(),
        category_ids: rule.categories.iter().map(|id| (*id).to_owned()).collect(),
        default: rule.default,
        purpose: rule.purpose.to_owned(),
        r#type: rule.kind.into(),
    });
    Ok(ListRulesResponse { rules: rules.collect(), next_page_token })
}

fn list_categories(request: &ListRequest) -> Result<ListCategoriesResponse, CallError> {
    let (page, next_page_token) = page(CATEGORIES, |(id, _)| id, request)?;
    let categories =
        page.iter().map(|(id, purpose)| Category { id: (*id).to_owned(), purpose: (*purpose).to_owned() });
    Ok(ListCategoriesResponse { categories: categories.collect(), next_page_token })
}

/// The requested page, and the token of the next page: its first id.
fn page<'a, T>(
    all: &'a [T],
    id: fn(&T) -> &'static str,
    request: &ListRequest,
) -> Result<(&'a [T], String), CallError> {
    let start = match request.page_token.as_str() {
        "" => 0,
        token => all
            .iter()
            .position(|item| id(item) == token)
            .ok_or_else(|| CallError::invalid(format!("unknown page token {token:?}")))?,
    };
    let size = match usize::try_from(request.page_size) {
        Ok(1..=1000) => request.page_size as usize,
        Ok(0) => all.len(),
        _ => return Err(CallError::invalid("a page has at most 1000 items")),
    };
    let end = start.saturating_add(size).min(all.len());
    Ok((&all[start..end], all.get(end).map(|item| id(item).to_owned()).unwrap_or_default()))
}

fn check(request: CheckRequest) -> Result<CheckResponse, CallError> {
    if request.file_descriptors.is_empty() {
        return Err(CallError::invalid("there is no file to check"));
    }
    let rules = requested_rules(&request.rule_ids)?;
    let settings = Settings::parse(&request.options)?;
    let ids = rules.iter().map(|rule| rule.id).collect();
    let context = Context::new(settings, request.file_descriptors, request.against_file_descriptors, ids);
    let mut findings = BTreeSet::new();
    for rule in rules {
        findings.extend((rule.check)(&context, rule.id)?);
    }
    Ok(CheckResponse { annotations: findings.into_iter().map(annotation).collect() })
}

fn requested_rules(ids: &[String]) -> Result<Vec<&'static rules::Rule>, CallError> {
    if ids.is_empty() {
        return Ok(RULES.iter().filter(|rule| rule.default).collect());
    }
    let find = |id: &String| {
        RULES
            .iter()
            .find(|rule| rule.id == id)
            .ok_or_else(|| CallError::invalid(format!("unknown rule {id:?}")))
    };
    ids.iter().map(find).collect()
}

fn annotation(finding: Finding) -> Annotation {
    let location = |position: Position| FileLocation { file_name: position.file, source_path: position.path };
    Annotation {
        rule_id: finding.rule.to_owned(),
        message: one_line(&finding.message),
        file_location: finding.at.map(location),
        against_file_location: finding.against.map(location),
    }
}

/// buf prints a finding as one line in a terminal, so control characters are escaped.
fn one_line(text: &str) -> String {
    visible(&text.replace('\n', " "))
}
