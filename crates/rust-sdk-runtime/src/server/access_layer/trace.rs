//! A span for each admitted call, with the feature `tracing`: its fields are those that the method logs. Rejected calls leave an event.
//! Nothing without the feature.

#[cfg(feature = "tracing")]
pub(super) use self::on::{CallSpan, Site, refused};

#[cfg(not(feature = "tracing"))]
pub(super) use self::off::{CallSpan, Site, refused};

#[cfg(feature = "tracing")]
mod on {
    use std::fmt;
    use std::sync::OnceLock;

    use tracing::level_filters::LevelFilter;
    use tracing::{Level, Metadata, Span, dispatcher};
    use tracing_core::callsite::{self, Callsite};
    use tracing_core::field::FieldSet;
    use tracing_core::identify_callsite;
    use tracing_core::metadata::Kind;
    use tracing_core::subscriber::Interest;

    use crate::api::access;
    use crate::api::method::Method;

    const LEVEL: Level = Level::INFO;
    /// The fields of every span, by OpenTelemetry's conventions for RPC.
    const FIELDS: [&str; 3] = ["rpc.system", "rpc.service", "rpc.method"];

    /// The callsite of spans. The macros of `tracing` need field names at compile time, but these are known only at run time. So this type
    /// does what those macros generate.
    struct SpanCallsite(OnceLock<Metadata<'static>>, &'static [&'static str]);

    impl SpanCallsite {
        fn described(&'static self) -> &'static Metadata<'static> {
            self.0.get_or_init(|| {
                let fields = FieldSet::new(self.1, identify_callsite!(self));
                let target = "rust_sdk_runtime::server";
                Metadata::new("call", target, LEVEL, None, None, Some(target), fields, Kind::SPAN)
            })
        }
    }

    impl Callsite for SpanCallsite {
        // Nothing to cache: `is_enabled` asks for each call.
        fn set_interest(&self, _: Interest) {}

        fn metadata(&self) -> &Metadata<'_> {
            // `Site::new` describes the callsite before it registers it.
            self.0.get().unwrap_or_else(|| unreachable!("a callsite is described when it is made"))
        }
    }

    /// The callsite of a method's spans.
    pub(crate) struct Site {
        method: &'static Method,
        metadata: &'static Metadata<'static>,
    }

    impl Site {
        /// Leaks one callsite for each method of a layer. A program has one layer, and the callsites of macros live as long as the program,
        /// too.
        pub(crate) fn new(method: &'static Method) -> Self {
            let mut fields = FIELDS.to_vec();
            fields.extend(method.log_fields().iter().map(|(name, _)| *name));
            let callsite: &'static SpanCallsite =
                Box::leak(Box::new(SpanCallsite(OnceLock::new(), Box::leak(fields.into_boxed_slice()))));
            let metadata = callsite.described();
            callsite::register(callsite);
            Self { method, metadata }
        }

        fn is_enabled(&self) -> bool {
            LEVEL <= LevelFilter::current()
                && dispatcher::get_default(|current| current.enabled(self.metadata))
        }

        /// Whether the span needs values of the request.
        pub(crate) fn logs(&self) -> bool {
            !self.method.log_fields().is_empty() && self.is_enabled()
        }

        /// The span of a call with these values.
        pub(crate) fn open(
            &self,
            system: &str,
            values: impl FnOnce() -> Vec<(&'static str, String)>,
        ) -> CallSpan {
            if !self.is_enabled() {
                return CallSpan::none();
            }
            let fields = self.metadata.fields();
            let none: [(&tracing::field::Field, Option<&dyn tracing::Value>); 0] = [];
            let span = Span::new(self.metadata, &fields.value_set(&none));
            let (service, name) = self.method.full_name().split_once('/').unwrap_or_default();
            for (field, value) in FIELDS.into_iter().zip([system, service, name]) {
                span.record(field, value);
            }
            for (field, value) in values() {
                span.record(field, value.as_str());
            }
            CallSpan(Some(span))
        }
    }

    impl fmt::Debug for Site {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Site").finish_non_exhaustive()
        }
    }

    /// The span of one call.
    pub(crate) struct CallSpan(Option<Span>);

    impl CallSpan {
        pub(crate) const fn none() -> Self {
            Self(None)
        }

        /// Runs a part of the call inside its span.
        pub(crate) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
            match &self.0 {
                Some(span) => span.in_scope(work),
                None => work(),
            }
        }
    }

    /// Records a refused call. Operators always learn the reason; callers only with `explain`.
    pub(crate) fn refused(method: &'static Method, refusal: &access::Refusal<'_>) {
        tracing::info!(
            rpc.method = method.full_name(),
            rpc.status = refusal.code().as_str(),
            reason = refusal.reason().as_str(),
            "{refusal}"
        );
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use crate::api::access;
    use crate::api::method::Method;

    #[derive(Debug)]
    pub(crate) struct Site;

    #[allow(clippy::unused_self, reason = "the same functions as with it")]
    impl Site {
        pub(crate) const fn new(_: &'static Method) -> Self {
            Self
        }

        pub(crate) const fn logs(&self) -> bool {
            false
        }

        pub(crate) fn open(&self, _: &str, _: impl FnOnce() -> Vec<(&'static str, String)>) -> CallSpan {
            CallSpan
        }
    }

    pub(crate) struct CallSpan;

    #[allow(clippy::unused_self, reason = "as above")]
    impl CallSpan {
        pub(crate) const fn none() -> Self {
            Self
        }

        pub(crate) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
            work()
        }
    }

    pub(crate) fn refused(_: &'static Method, _: &access::Refusal<'_>) {}
}
