//! How clients make the calls of an entry: the routing header and request ids.

use rust_sdk_model::api::{Method, Routing};

use crate::tokens::layout::Expr;

/// The calls at the end of an entry.
pub(super) fn generate(method: &Method) -> Vec<Expr> {
    let routing = match &method.routing {
        Routing::None => None,
        Routing::Variables(fields) => {
            let fields = fields.iter().map(|numbers| Expr::text(field(numbers)));
            Some(Expr::call("routed", [Expr::List(fields.collect())]))
        }
        Routing::Parameters(parameters) => {
            let parameters = parameters.iter().map(|parameter| {
                Expr::text(format!("({:?}, {})", parameter.template, field(&parameter.field)))
            });
            Some(Expr::call("routed_by", [Expr::List(parameters.collect())]))
        }
    };
    let ids = (!method.uuid_fields.is_empty()).then(|| {
        let numbers = method.uuid_fields.iter().map(|field| Expr::text(field.number.to_string()));
        Expr::call("fills_uuids", [Expr::List(numbers.collect())])
    });
    routing.into_iter().chain(ids).collect()
}

/// The numbers on the way to a field.
fn field(numbers: &[u32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    format!("&[{}]", numbers.join(", "))
}
