//! REST requests from messages and from path builders, every method of the API with an expectation written by hand
//! after `google/api/http.proto`.

mod bindings;
mod bodies;
mod deviations;
mod lumen;
mod lumen_iam;
mod nested;
mod parameters;
mod responses;
mod templates;

use std::collections::BTreeSet;
use std::fmt::Debug;

use prost::Message;
use rust_sdk_runtime::http::PathResult;
use rust_sdk_runtime::schema::HasSchema;
use rust_sdk_runtime::transcode::{self, Incoming, RequestOptions, RestRequest};
use rust_sdk_runtime::{Api, Method, Rpc};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The methods of an API that have been looked at.
struct Cases {
    api: &'static Api,
    seen: BTreeSet<&'static str>,
}

impl Cases {
    fn new(api: &'static Api) -> Self {
        Self { api, seen: BTreeSet::new() }
    }

    /// A message, given as `ProtoJSON`, is sent as `VERB path?query body`; the path builder of the same binding gives
    /// the same path, and the path leads back to the method.
    #[track_caller]
    fn case<I, O>(&mut self, rpc: &Rpc<I, O>, message: Value, built: PathResult, expected: &str)
    where
        I: Message + HasSchema + DeserializeOwned + Default + PartialEq + Debug,
        O: HasSchema,
    {
        let sent = self.sent(rpc, message);
        assert_eq!(sent, expected);
        let (verb, rest) = sent.split_once(' ').unwrap();
        let path = rest.split(['?', ' ']).next().unwrap();
        assert_eq!(built.unwrap(), path, "the path builder of {}", rpc.path());
        let found = self.api.route(verb, path).unwrap_or_else(|| panic!("no route for {verb} {path}"));
        assert_eq!(found.method.path(), rpc.path());
    }

    #[track_caller]
    fn sent<I, O>(&mut self, rpc: &Rpc<I, O>, message: Value) -> String
    where
        I: Message + HasSchema + DeserializeOwned + Default + PartialEq + Debug,
        O: HasSchema,
    {
        self.seen.insert(rpc.path());
        let message: I = serde_json::from_value(message).unwrap();
        let sent = rpc.rest_request(&message).unwrap();
        received(self.api, rpc, &message, &sent);
        let (verb, target) = (sent.verb, sent.path_and_query);
        let Some(body) = sent.body else {
            assert_eq!(sent.content_type, None);
            return format!("{verb} {target}");
        };
        format!("{verb} {target} {}", String::from_utf8(body).unwrap())
    }

    /// Asserts that every bound method of the services below `prefix` has been looked at.
    #[track_caller]
    fn finish(self, prefix: &str) {
        let services = self.api.services().iter().filter(|service| service.name().starts_with(prefix));
        let bound = services
            .flat_map(|service| service.methods())
            .filter(|method| method.bindings().next().is_some())
            .map(Method::path)
            .collect::<BTreeSet<_>>();
        assert!(!bound.is_empty());
        let left_out: Vec<_> = bound.difference(&self.seen).collect();
        assert!(left_out.is_empty(), "{left_out:?}");
    }
}

/// The request leads to its method, and to the message that it was made from.
#[track_caller]
fn received<I, O>(api: &'static Api, rpc: &Rpc<I, O>, message: &I, sent: &RestRequest)
where
    I: Message + Default + PartialEq + Debug,
    O: HasSchema,
{
    let (path, query) = sent.path_and_query.split_once('?').unwrap_or((&sent.path_and_query, ""));
    let found = api.route(sent.verb, path).unwrap_or_else(|| panic!("no route for {} {path}", sent.verb));
    assert_eq!(found.method.path(), rpc.path());
    let incoming = Incoming { query, content_type: sent.content_type.as_deref(), body: sent.body.as_deref() };
    let schemas = found.schemas().unwrap();
    let wire = transcode::decode_request(&found, &schemas, &incoming, &RequestOptions::default()).unwrap();
    assert_eq!(&I::decode(wire.as_slice()).unwrap(), message, "{}", sent.path_and_query);
}

/// Why a message cannot be sent.
fn refusal<I, O>(rpc: &Rpc<I, O>, message: Value) -> String
where
    I: Message + HasSchema + DeserializeOwned,
    O: HasSchema,
{
    let message: I = serde_json::from_value(message).unwrap();
    rpc.rest_request(&message).unwrap_err().to_string()
}
