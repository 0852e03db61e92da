//! One call: how much of its body the layer reads, and which account it names.

use std::sync::{Arc, OnceLock};

use http::request::Parts;

use super::ahead::{Ahead, Need};
use super::body::{Messages, Stop, Watch};
use super::call::{Account, Call};
use super::field::FieldPath;
use super::find::{self, Found};
use super::refusal::{Protocol, Refused};
use super::settings::Settings;
use super::table::Plan;
use super::trace::{self, CallSpan};
use crate::api::access;
use crate::error::code::Code;

/// The data of a call besides its head.
pub(super) struct Admission {
    plan: usize,
    protocol: Protocol,
    account: Account,
    in_body: Option<usize>,
    of_body: bool,
    /// Whether compressed messages of the request are gzip.
    is_gzip: bool,
    pub(super) ahead: Ahead,
}

impl Admission {
    pub(super) fn new(protocol: Protocol, found: Found) -> Self {
        let Found { plan, account, in_body, of_body, is_gzip } = found;
        Self { plan, protocol, account, in_body, of_body, is_gzip, ahead: Ahead::default() }
    }

    pub(super) fn plan<'s>(&self, settings: &'s Settings) -> &'s Plan {
        &settings.table.plans[self.plan]
    }

    pub(super) const fn protocol(&self) -> Protocol {
        self.protocol
    }

    pub(super) fn refused(&self, settings: &Settings, refusal: &access::Refusal<'_>) -> Refused {
        trace::refused(self.plan(settings).method, refusal);
        Refused::by_check(refusal, self.plan(settings).method, settings.explain)
    }

    /// The call, once its account is known.
    pub(super) fn call(&mut self, settings: &Settings, parts: Parts) -> Call {
        let (account, ahead) = (std::mem::take(&mut self.account), std::mem::take(&mut self.ahead));
        Call { method: self.plan(settings).method, parts, account, ahead }
    }

    /// The largest message or HTTP body.
    pub(super) fn limit(&self, settings: &Settings) -> usize {
        self.plan(settings).method.max_message_size().unwrap_or(settings.max_message_size)
    }

    /// How much of the body is read before the access check.
    pub(super) fn need(&self, settings: &Settings) -> Need {
        let plan = self.plan(settings);
        let is_scoped = plan.method.access().scope().is_some() && !plan.is_public();
        match self.protocol {
            Protocol::Grpc if is_scoped => Need::Message { packed: settings.accept_gzip && self.is_gzip },
            // A handler may answer before there is any request.
            Protocol::Grpc if plan.has_many_requests() => Need::Nothing,
            Protocol::Grpc if plan.span.logs() => Need::PlainMessage,
            Protocol::Grpc => Need::Prefix,
            Protocol::Rest if is_scoped && self.in_body.is_some() => Need::Everything,
            Protocol::Rest => Need::Nothing,
        }
    }

    /// Finds the account in the part that was read.
    pub(super) fn read_account(&mut self, settings: &Settings, parts: &Parts) -> Result<(), Refused> {
        match self.need(settings) {
            Need::Nothing | Need::Prefix | Need::PlainMessage => Ok(()),
            Need::Message { .. } => {
                let field = self.scope(settings)?;
                self.ahead.unpack(self.limit(settings))?;
                let Some(message) = self.ahead.message() else { return Ok(()) };
                let broken = |_| {
                    Refused::new(Code::InvalidArgument, "the request is not a valid message of its method")
                };
                let found = field.find(message).map_err(broken)?;
                if let Some(text) = found.map(|value| value.text()).transpose().map_err(broken)? {
                    let start = text.as_ptr().addr() - message.as_ptr().addr();
                    self.account = Account::Message(start..start + text.len());
                }
                Ok(())
            }
            Need::Everything => self.read_json(settings, parts),
        }
    }

    /// Requires that all accounts in the body are the one that the path and the query name.
    fn read_json(&mut self, settings: &Settings, parts: &Parts) -> Result<(), Refused> {
        let json = self.ahead.bytes().trim_ascii();
        let stated = self.account.text(parts, &[]);
        let mut found = None::<String>;
        let mut is_named = false;
        if !json.is_empty() {
            let mut conflict = false;
            let mut note = |text: &str| {
                // An empty field names no account.
                if text.is_empty() {
                    return true;
                }
                is_named = true;
                let fits = *stated.unwrap_or_else(|| found.get_or_insert_with(|| text.to_owned())) == *text;
                conflict |= !fits;
                fits
            };
            let result = self.find_in_json(settings, json, &mut note)?;
            if conflict {
                return Err(Refused::conflict());
            }
            // The cause is dropped, since it may quote the body.
            result.map_err(|_| {
                Refused::new(Code::InvalidArgument, "the body is not valid JSON of the method's request")
            })?;
        }
        if self.of_body && !is_named && stated.is_some() {
            return Err(Refused::new(Code::InvalidArgument, "the account must be in the body"));
        }
        if let Some(account) = found {
            self.account = Account::Owned(account);
        }
        Ok(())
    }

    /// Calls `note` with every account in a body.
    fn find_in_json(
        &self,
        settings: &Settings,
        json: &[u8],
        note: &mut dyn FnMut(&str) -> bool,
    ) -> Result<serde_json::Result<()>, Refused> {
        let (field, begin) = (self.scope(settings)?, self.in_body.unwrap_or_default());
        // Only a whole body can be a stream of messages, not a field of it.
        let is_stream = self.plan(settings).has_many_requests() && begin == 0;
        let mut reader = serde_json::Deserializer::from_slice(json);
        let mut result = field.find_in_json(&mut reader, begin, is_stream, note);
        while is_stream && result.is_ok() && reader.end().is_err() {
            result = field.find_in_json(&mut reader, begin, false, note);
        }
        Ok(result.and_then(|()| reader.end()))
    }

    /// Whether the call needs the read access of an update with a field mask. If the mask cannot be seen, the call counts as masked.
    pub(super) fn is_masked(&self, settings: &Settings, call: &Call) -> bool {
        let plan = self.plan(settings);
        if !settings.masks || plan.method.patch_source().is_none() {
            return false;
        }
        match (self.protocol, self.need(settings), plan.schema, call.ahead.message()) {
            (Protocol::Grpc, Need::Message { .. }, Some(schema), Some(message)) => schema.is_masked(message),
            _ => true,
        }
    }

    fn scope<'s>(&self, settings: &'s Settings) -> Result<&'s FieldPath, Refused> {
        let lost = || {
            Refused::new(
                Code::Internal,
                "the server does not know which field holds the account: compile in the API's schemas (feature `json`)",
            )
        };
        self.plan(settings).scope().ok_or_else(lost)
    }

    /// The span of the handler's work.
    pub(super) fn span(&self, settings: &Settings, call: &Call) -> CallSpan {
        let plan = self.plan(settings);
        let values = || match self.protocol {
            Protocol::Grpc => {
                let message = call.ahead.message().unwrap_or_default();
                let values = plan.schema.map(|schema| plan.method.log_values(schema, message));
                values.and_then(Result::ok).unwrap_or_default()
            }
            Protocol::Rest => {
                let fields = plan.method.log_fields().iter();
                let value = |path| find::field(settings.api, &call.parts, path);
                let value = |path| value(path).or_else(|| self.text_in_body(settings, call, path));
                fields.filter_map(|&(name, path)| Some((name, value(path)?))).collect()
            }
        };
        let system = if self.protocol == Protocol::Grpc { "grpc" } else { "http" };
        plan.span.open(system, values)
    }

    /// The text of a field in the body, if the body was read anyway.
    fn text_in_body(&self, settings: &Settings, call: &Call, path: &str) -> Option<String> {
        let field = FieldPath::new(self.plan(settings).schema?, path)?;
        let mut text = None;
        let mut reader = serde_json::Deserializer::from_slice(call.ahead.bytes());
        let mut note = |found: &str| {
            text.get_or_insert_with(|| found.to_owned());
            true
        };
        field.find_in_json(&mut reader, self.in_body?, true, &mut note).ok()?;
        text
    }

    /// The checks of the rest of the body, and where a stop is recorded. `size` is the upper bound of the body's size, if it is known.
    pub(super) fn watch(&self, settings: &Settings, call: &Call, size: Option<u64>) -> (Watch, Option<Stop>) {
        let limit = self.limit(settings);
        let stop = || Arc::new(OnceLock::new());
        match (self.protocol, self.need(settings)) {
            (Protocol::Grpc, need) if self.plan(settings).has_many_requests() => {
                let mut messages = Messages::new(limit);
                if let Need::Message { packed } = need {
                    let plans = Arc::clone(&settings.table.plans);
                    messages = messages.within(plans, self.plan, call.account(), packed);
                }
                let stop = stop();
                (Watch::Messages(messages, Arc::clone(&stop)), Some(stop))
            }
            // The first message is the only one.
            (Protocol::Grpc, _) | (Protocol::Rest, Need::Everything) => (Watch::Nothing, None),
            (Protocol::Rest, _) if size.is_some_and(|size| size <= limit as u64) => (Watch::Nothing, None),
            (Protocol::Rest, _) => {
                let stop = stop();
                (Watch::Size { left: limit, limit, stop: Arc::clone(&stop) }, Some(stop))
            }
        }
    }
}
