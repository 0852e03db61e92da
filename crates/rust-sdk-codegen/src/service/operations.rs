//! Long-running operations: the types and the tables of the methods that start one.

use rust_sdk_model::Api;
use rust_sdk_model::api::{Follow, FollowMethod, LongRunning, Method, Service};

use super::method_options;
use crate::tokens::Code;
use crate::tokens::Place;
use crate::tokens::layout::{self, Expr, Spot};

/// The types of a method's constant and of its call: request, response and, if it starts an operation, the operation's types.
pub(crate) fn types(method: &Method, request: String, place: &Place, spot: Spot) -> Vec<String> {
    let response = place.text(&method.output.rust);
    let operation = method.long_running.as_ref().map(|operation| {
        let metadata = operation.metadata.as_ref().map_or_else(|| "()".to_owned(), |ty| place.text(&ty.rust));
        layout::generic("rt::LongRunning", &[place.text(&operation.response.rust), metadata], spot)
    });
    [request, response].into_iter().chain(operation).collect()
}

/// The tables of a service: each way to follow operations once, with the name of its constant.
pub(super) struct Tables<'a>(Vec<&'a Follow>);

impl<'a> Tables<'a> {
    pub(super) fn new(service: &'a Service) -> Self {
        let mut all: Vec<&Follow> = Vec::new();
        for operation in service.methods.iter().filter_map(|method| method.long_running.as_ref()) {
            if !all.contains(&&operation.follow) {
                all.push(&operation.follow);
            }
        }
        Self(all)
    }

    /// The call at the end of a method's entry.
    pub(super) fn entry(&self, method: &Method) -> Option<Expr> {
        let LongRunning { response, metadata, follow, .. } = method.long_running.as_ref()?;
        let index = self.0.iter().position(|known| *known == follow)?;
        let metadata = metadata.as_ref().map_or("", |ty| ty.name.as_str());
        let table = Expr::text(format!("&{}", name(index)));
        Some(Expr::call("starts", [Expr::literal(&response.name), Expr::literal(metadata), table]))
    }

    /// Appends the tables.
    pub(super) fn generate(&self, api: &Api, service: &Service, place: &Place, code: &mut Code) {
        for (index, follow) in self.0.iter().enumerate() {
            code.blank();
            let start = format!("static {}: rt::OperationMethods", name(index));
            code.line(format_args!("{}", layout::assign(&start, &table(api, service, follow, place), 0)));
        }
    }
}

fn name(index: usize) -> String {
    if index == 0 { "OPERATIONS".to_owned() } else { format!("OPERATIONS_{}", index + 1) }
}

fn table(api: &Api, service: &Service, follow: &Follow, place: &Place) -> Expr {
    let methods = match follow {
        Follow::Google { version, routed } => {
            let routed = routed.then(|| Expr::text("routed"));
            return Expr::call("rt::google_operations!", [Expr::literal(version)].into_iter().chain(routed));
        }
        Follow::Methods(methods) => methods,
    };
    let method = |follow: &FollowMethod| {
        let find = method_options::constant(api, service, &follow.method, place).unwrap_or_default();
        let find = Expr::text(format!("|| {find}.erased()"));
        Expr::call("rt::OperationMethod::new", [find, Expr::text(follow.field.to_string())])
    };
    let fields = methods.fields;
    let fields = [
        ("name", fields.name),
        ("done", fields.done),
        ("error", fields.error),
        ("response", fields.response),
        ("metadata", fields.metadata),
    ];
    let fields = fields.map(|(name, number)| (name.to_owned(), Expr::text(number.to_string())));
    let fields = Expr::Struct("rt::OperationFields".to_owned(), fields.into(), None);
    let others = [("cancel_by", &methods.cancel), ("delete_by", &methods.delete)];
    let others =
        others.iter().filter_map(|(call, follow)| Some(Expr::call(*call, [method(follow.as_ref()?)])));
    Expr::call("rt::OperationMethods::new", [fields, method(&methods.get)]).then(others.collect())
}
