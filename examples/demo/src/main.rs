//! Uses the demo API's crate without a server: who may call a method, and where it is found on the wire.

use lumen_cloud::account::v1::account_service::rest;
use lumen_cloud::account::v1::AccountService;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = rest::GetAccount { account_id: "a/b" }.path()?;
    println!("GET {path}");

    let access = AccountService::GET_ACCOUNT.access();
    println!("needs {:?} within `{}`", access.permissions(), access.scope().unwrap_or("no account"));
    Ok(())
}
