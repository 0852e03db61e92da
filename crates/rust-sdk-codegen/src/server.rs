//! Server traits by tonic's own generator.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Method, Package, Service};
use tonic_build::CodeGenBuilder;

use crate::tokens::{Place, gate, ident};

/// The server module of a service.
pub(crate) fn generate(api: &Api, package: &Package, service: &Service, place: &Place) -> TokenStream {
    // tonic puts the trait into a module of its own, whose name does not matter here.
    let place = place.child("server").child("tonic");
    let described = Described {
        service,
        package: &package.name,
        docs: spaced(&service.docs),
        methods: service
            .methods
            .iter()
            .map(|method| DescribedMethod { method, docs: spaced(&method.docs), place: place.clone() })
            .collect(),
    };
    let server =
        CodeGenBuilder::new().emit_package(true).generate_default_stubs(true).generate_server(&described, "");
    let gate = gate(&api.options, "server");
    let (name, trait_, server_type) =
        (module_name(&server), ident(&service.marker), ident(&format!("{}Server", service.marker)));
    let title = format!(" The server trait of `{}`, and the tonic service around it.", service.full_name);
    quote! {
        #[doc = #title]
        #gate
        #[allow(clippy::pedantic, reason = "as tonic's own generator writes it")]
        pub mod server {
            pub use self::#name::{#trait_, #server_type};
            #server
        }
    }
}

/// What tonic called the module that it wrote.
fn module_name(server: &TokenStream) -> Option<TokenTree> {
    let mut tokens = server.clone().into_iter().skip_while(|token| token.to_string() != "mod");
    tokens.nth(1)
}

/// tonic adds a space only to lines that have none, which would bring indented ones out of line.
fn spaced(docs: &[String]) -> Vec<String> {
    docs.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") }).collect()
}

struct Described<'a> {
    service: &'a Service,
    package: &'a str,
    docs: Vec<String>,
    methods: Vec<DescribedMethod<'a>>,
}

struct DescribedMethod<'a> {
    method: &'a Method,
    docs: Vec<String>,
    place: Place,
}

impl<'a> tonic_build::Service for Described<'a> {
    type Comment = String;
    type Method = DescribedMethod<'a>;

    #[allow(
        clippy::misnamed_getters,
        reason = "tonic's `name` is the Rust name, its `identifier` the proto name"
    )]
    fn name(&self) -> &str {
        &self.service.marker
    }

    fn package(&self) -> &str {
        self.package
    }

    fn identifier(&self) -> &str {
        &self.service.name
    }

    fn methods(&self) -> &[Self::Method] {
        &self.methods
    }

    fn comment(&self) -> &[String] {
        &self.docs
    }
}

impl tonic_build::Method for DescribedMethod<'_> {
    type Comment = String;

    #[allow(clippy::misnamed_getters, reason = "as above")]
    fn name(&self) -> &str {
        &self.method.function
    }

    fn identifier(&self) -> &str {
        &self.method.name
    }

    fn codec_path(&self) -> &'static str {
        "::tonic_prost::ProstCodec"
    }

    fn client_streaming(&self) -> bool {
        self.method.client_streaming
    }

    fn server_streaming(&self) -> bool {
        self.method.server_streaming
    }

    fn comment(&self) -> &[String] {
        &self.docs
    }

    fn request_response_name(&self, _: &str, _: bool) -> (TokenStream, TokenStream) {
        (self.place.ty(&self.method.input), self.place.ty(&self.method.output))
    }
}
