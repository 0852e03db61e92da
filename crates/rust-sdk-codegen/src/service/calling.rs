//! How clients make the calls of an entry: the routing header, request ids, timeout, retries and polling.

use std::time::Duration;

use rust_sdk_model::api::{Method, Polling, Retry, Routing};
use rust_sdk_model::naming;

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
    let timeout = method.timeout.map(|timeout| Expr::call("timeout_ms", [milliseconds(timeout)]));
    let retry = method.retry.as_ref().map(|retry| Expr::call("retry", [self::retry(retry)]));
    let polling = method.long_running.as_ref().and_then(|operation| operation.polling.as_ref());
    let polling = polling.map(|polling| Expr::call("polls", [self::polling(polling)]));
    [routing, ids, timeout, retry, polling].into_iter().flatten().collect()
}

fn milliseconds(duration: Duration) -> Expr {
    // A time of less than a millisecond is not none.
    Expr::text(duration.as_nanos().div_ceil(1_000_000).to_string())
}

fn retry(retry: &Retry) -> Expr {
    let attempts = Expr::text(retry.attempts.to_string());
    let multiplier = Expr::text(format!("{:?}", retry.multiplier));
    let delays = [milliseconds(retry.first_delay), milliseconds(retry.longest_delay), multiplier];
    let codes = retry.codes.iter().map(|code| Expr::text(format!("rt::Code::{}", naming::camel(code))));
    Expr::call("rt::Retry::attempts", [attempts])
        .then(vec![Expr::call("delays_ms", delays), Expr::call("after", [Expr::List(codes.collect())])])
}

fn polling(polling: &Polling) -> Expr {
    let delay =
        |name: &str, delay: Option<Duration>| delay.map(|delay| Expr::call(name, [milliseconds(delay)]));
    let multiplier =
        polling.multiplier.map(|factor| Expr::call("multiplier", [Expr::text(format!("{factor:?}"))]));
    let calls = [
        delay("first_delay_ms", polling.first_delay),
        multiplier,
        delay("longest_delay_ms", polling.longest_delay),
        delay("limit_ms", polling.limit),
    ];
    Expr::call("rt::Polling::new", []).then(calls.into_iter().flatten().collect())
}

/// The numbers on the way to a field.
fn field(numbers: &[u32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    format!("&[{}]", numbers.join(", "))
}
