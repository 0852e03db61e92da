//! The request field that holds the account.

/// The [`Scope`](crate::Scope) of a request from the path to its field. Write `?` after an `Option`: a parent message, or the field itself.
///
/// ```
/// struct Cluster { account_id: String }
/// struct CreateClusterRequest { cluster: Option<Cluster> }
/// struct ListClustersRequest { account_id: Option<String> }
///
/// const CREATE: rust_sdk_runtime::method::Scope<CreateClusterRequest> = rust_sdk_runtime::scope!(cluster?.account_id);
/// const LIST: rust_sdk_runtime::method::Scope<ListClustersRequest> = rust_sdk_runtime::scope!(account_id?);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! scope {
    // The most common forms come first. They use no other macro and no `?`, which compile more slowly.
    ($field:ident) => {
        $crate::codegen::Scope::new(
            |request| ::core::option::Option::Some(&request.$field),
            |request| ::core::option::Option::Some(&mut request.$field),
        )
    };
    ($message:ident ? . $field:ident) => {
        $crate::codegen::Scope::new(
            |request| match &request.$message {
                ::core::option::Option::Some(message) => ::core::option::Option::Some(&message.$field),
                ::core::option::Option::None => ::core::option::Option::None,
            },
            |request| match &mut request.$message {
                ::core::option::Option::Some(message) => ::core::option::Option::Some(&mut message.$field),
                ::core::option::Option::None => ::core::option::Option::None,
            },
        )
    };
    (@get $value:expr; $field:ident) => { Some($value.$field.as_str()) };
    (@get $value:expr; $field:ident ?) => { $value.$field.as_deref() };
    (@get $value:expr; $field:ident . $($rest:tt)+) => { $crate::scope!(@get $value.$field; $($rest)+) };
    (@get $value:expr; $field:ident ? . $($rest:tt)+) => {
        $crate::scope!(@get $value.$field.as_ref()?; $($rest)+)
    };
    (@mut $value:expr; $field:ident) => { Some(&mut $value.$field) };
    (@mut $value:expr; $field:ident ?) => { Some($value.$field.get_or_insert_default()) };
    (@mut $value:expr; $field:ident . $($rest:tt)+) => { $crate::scope!(@mut $value.$field; $($rest)+) };
    (@mut $value:expr; $field:ident ? . $($rest:tt)+) => {
        $crate::scope!(@mut $value.$field.as_mut()?; $($rest)+)
    };
    ($($path:tt)+) => {
        $crate::codegen::Scope::new(
            |request| $crate::scope!(@get request; $($path)+),
            |request| $crate::scope!(@mut request; $($path)+),
        )
    };
}
