//! The permissions and kinds of callers that the API names, as constants.

use rust_sdk_model::Api;
use rust_sdk_model::api::NamedConst;
use rust_sdk_model::text::code;

use crate::tokens::Code;
use crate::tokens::layout::{self, Expr};

/// The file of the module that [`rust_sdk_model::api::RootModules::access`] names. `None` if the API names neither
/// permissions nor kinds of callers.
pub(crate) fn generate(api: &Api) -> Option<String> {
    if api.permissions.is_empty() && api.actors.is_empty() {
        return None;
    }
    let mut code = Code::file("The permissions and the kinds of callers that the API names.");
    module(
        "permissions",
        "Permission",
        "Every permission that a method requires.",
        &api.permissions,
        &mut code,
    );
    module("actors", "Actor", "Every kind of caller that a method names.", &api.actors, &mut code);
    Some(code.finish())
}

fn module(name: &str, ty: &str, doc: &str, names: &[NamedConst], out: &mut Code) {
    if names.is_empty() {
        return;
    }
    out.blank();
    out.docs(&[doc.to_owned()]);
    out.open(format_args!("pub mod {name} {{"));
    out.line(format_args!("use ::rust_sdk_runtime::access::{ty};"));
    for name in names {
        out.blank();
        out.docs(&[code(&name.value)]);
        let value = Expr::call(format!("{ty}::new"), [Expr::literal(&name.value)]);
        out.line(format_args!(
            "{}",
            layout::assign(&format!("pub const {}: {ty}", name.constant), &value, 4)
        ));
    }
    out.blank();
    out.docs(&["All of them, sorted.".to_owned()]);
    let all = names.iter().map(|name| Expr::text(format!("self::{}", name.constant)));
    let value = Expr::List(all.collect());
    out.line(format_args!("{}", layout::assign(&format!("pub static ALL: &[{ty}]"), &value, 4)));
    out.close();
}
