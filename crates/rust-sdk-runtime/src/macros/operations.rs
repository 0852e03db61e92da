//! The methods of `google.longrunning.Operations` that follow an operation.

/// The [`OperationMethods`](crate::method::OperationMethods) of an API whose REST paths begin with this version.
///
/// The REST paths of `google/longrunning/operations.proto` (`/v1/operations/…`) fit few services. Google's services serve their operations
/// below their own version, by the operation's whole name: `/v1beta1/projects/…/operations/…`.
///
/// With `routed`, calls have a routing header (AIP-4222) with the operation's name.
#[doc(hidden)]
#[macro_export]
macro_rules! google_operations {
    ($version:literal $(, $routed:ident)?) => {{
        use $crate::codegen::{Access, Method, OperationMethods, Part, Segment, Template};

        const PREFIX: Part = Part::Literal(::core::concat!("/", $version, "/"));
        const NAME: Part = Part::Variable("name", &[Segment::Rest]);
        const PATH: Template = Template::new(::core::concat!("/", $version, "/{name=**}"), &[PREFIX, NAME]);
        const CANCEL: Template = Template::new(
            ::core::concat!("/", $version, "/{name=**}:cancel"),
            &[PREFIX, NAME, Part::Literal(":cancel")],
        );
        // The client checks no access before these calls: who may start an operation may follow it.
        static METHODS: [Method; 3] = [
            Method::unary("/google.longrunning.Operations/GetOperation").requires(Access::public()).get(PATH)$(.$routed(&[&[1]]))?,
            Method::unary("/google.longrunning.Operations/CancelOperation")
                .requires(Access::public())
                .post(CANCEL)
                .body("*")
                $(.$routed(&[&[1]]))?,
            Method::unary("/google.longrunning.Operations/DeleteOperation")
                .requires(Access::public())
                .delete(PATH)
                $(.$routed(&[&[1]]))?,
        ];
        OperationMethods::google(&METHODS)
    }};
}
