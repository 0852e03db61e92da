//! The services of the demo API around accounts and people.

use serde_json::json;

use super::Cases;

pub(super) fn cases(cases: &mut Cases) {
    accounts(cases);
    billing(cases);
    iam(cases);
    keys(cases);
    platform(cases);
}

fn accounts(cases: &mut Cases) {
    use lumen_cloud::account::v1::AccountService as S;
    use lumen_cloud::account::v1::account_service::rest;
    cases.case(&S::LIST_ACCOUNTS, json!({}), rest::ListAccounts.path(), "GET /api/account/v1/accounts");
    cases.case(
        &S::GET_ACCOUNT,
        json!({"accountId": "a b/c"}),
        rest::GetAccount { account_id: "a b/c" }.path(),
        "GET /api/account/v1/accounts/a%20b%2Fc",
    );
    cases.case(
        &S::CREATE_ACCOUNT,
        json!({"account": {"name": "n", "ownerEmail": "o@x.example", "labels": {"k": "v"}, "companyName": ""}}),
        rest::CreateAccount.path(),
        concat!(
            "POST /api/account/v1/accounts ",
            r#"{"account":{"name":"n","ownerEmail":"o@x.example","labels":{"k":"v"},"companyName":""}}"#,
        ),
    );
    cases.case(
        &S::UPDATE_ACCOUNT,
        json!({"account": {"id": "a-1", "name": "n"}, "updateMask": "name,ownerEmail"}),
        rest::UpdateAccount { account_id: "a-1" }.path(),
        r#"PUT /api/account/v1/accounts/a-1 {"account":{"name":"n"},"updateMask":"name,ownerEmail"}"#,
    );
    cases.case(
        &S::DELETE_ACCOUNT,
        json!({"accountId": "a"}),
        rest::DeleteAccount { account_id: "a" }.path(),
        "DELETE /api/account/v1/accounts/a",
    );
    cases.case(
        &S::ACCEPT_ACCOUNT_INVITE,
        json!({"accountId": "a", "inviteId": "i"}),
        rest::AcceptAccountInvite { account_id: "a", invite_id: "i" }.path(),
        "POST /api/account/v1/accounts/a/invites/i/accept",
    );
}

fn billing(cases: &mut Cases) {
    use lumen_cloud::billing::v1::BillingService as S;
    use lumen_cloud::billing::v1::billing_service::rest;
    cases.case(
        &S::LIST_INVOICES,
        json!({"accountId": "a", "statuses": ["INVOICE_STATUS_PAID", "INVOICE_STATUS_OPEN", 9], "year": 0}),
        rest::ListInvoices { account_id: "a" }.path(),
        "GET /api/billing/v1/accounts/a/invoices?statuses=INVOICE_STATUS_PAID&statuses=INVOICE_STATUS_OPEN\
         &statuses=9&year=0",
    );
    cases.case(
        &S::GET_USAGE,
        json!({"accountId": "a", "year": 2026}),
        rest::GetUsage { account_id: "a", year: 2026, month: 0 }.path(),
        "GET /api/billing/v1/accounts/a/usage/2026/0",
    );
    // A set member of a oneof is sent, false as it is.
    cases.case(
        &S::PAY_INVOICE,
        json!({"accountId": "a", "invoiceNumber": "2026/1", "balance": false}),
        rest::PayInvoice { account_id: "a", invoice_number: "2026/1" }.path(),
        r#"POST /api/billing/v1/accounts/a/invoices/2026%2F1/pay {"balance":false}"#,
    );
    // A variable two messages down.
    cases.case(
        &S::RECORD_USAGE,
        json!({"usage": {"owner": {"accountId": "a", "greenhouseId": "g"}, "item": "light", "quantity": 1.5}}),
        rest::RecordUsage { usage_owner_account_id: "a" }.path(),
        concat!(
            "POST /api/billing/v1/accounts/a/usage ",
            r#"{"usage":{"owner":{"greenhouseId":"g"},"item":"light","quantity":1.5}}"#,
        ),
    );
}

fn iam(cases: &mut Cases) {
    use lumen_cloud::iam::v1::IamService as S;
    use lumen_cloud::iam::v1::iam_service::rest;
    cases.case(
        &S::GET_AUTHENTICATED_USER,
        json!({}),
        rest::GetAuthenticatedUser.path(),
        "GET /api/iam/v1/users/me",
    );
    cases.case(
        &S::LIST_ROLES,
        json!({"accountId": "a", "types": ["ROLE_TYPE_CUSTOM", "ROLE_TYPE_CUSTOM"]}),
        rest::ListRoles { account_id: "a" }.path(),
        "GET /api/iam/v1/accounts/a/roles?types=ROLE_TYPE_CUSTOM&types=ROLE_TYPE_CUSTOM",
    );
    // The same message again within itself keeps its account.
    cases.case(
        &S::CREATE_ROLE,
        json!({
            "role": {
                "accountId": "a", "name": "n", "roleType": "ROLE_TYPE_CUSTOM", "permissions": [{"value": "p"}],
                "parent": {"accountId": "b"},
            },
        }),
        rest::CreateRole { role_account_id: "a" }.path(),
        concat!(
            r#"POST /api/iam/v1/accounts/a/roles {"role":{"name":"n","roleType":"ROLE_TYPE_CUSTOM","#,
            r#""permissions":[{"value":"p"}],"parent":{"accountId":"b"}}}"#,
        ),
    );
    cases.case(
        &S::ASSIGN_USER_ROLES,
        json!({"accountId": "a", "userId": "u", "roleIdsToAdd": ["1", "2"]}),
        rest::AssignUserRoles { account_id: "a", user_id: "u" }.path(),
        r#"POST /api/iam/v1/accounts/a/users/u/roles {"roleIdsToAdd":["1","2"]}"#,
    );
    cases.case(
        &S::DELETE_ROLE,
        json!({"accountId": "a", "roleId": "r"}),
        rest::DeleteRole { account_id: "a", role_id: "r" }.path(),
        "DELETE /api/iam/v1/accounts/a/roles/r",
    );
    cases.case(
        &S::LIST_EFFECTIVE_PERMISSIONS,
        json!({"accountId": "a"}),
        rest::ListEffectivePermissions { account_id: "a" }.path(),
        "GET /api/iam/v1/accounts/a/effective-permissions",
    );
    // A PUT without a body; the leaf in the path is not repeated in the query.
    cases.case(
        &S::UPDATE_USER_MFA_METHOD,
        json!({
            "mfaMethod": {
                "externalId": "m", "displayName": "d", "enabled": false, "createdAt": "2026-01-01T00:00:00Z",
            },
        }),
        rest::UpdateUserMfaMethod { mfa_method_external_id: "m" }.path(),
        "PUT /api/iam/v1/users/me/mfa-methods/m?mfaMethod.displayName=d&mfaMethod.enabled=false\
         &mfaMethod.createdAt=2026-01-01T00%3A00%3A00Z",
    );
}

fn keys(cases: &mut Cases) {
    use lumen_cloud::key::v1::KeyService as S;
    use lumen_cloud::key::v1::key_service::rest;
    cases.case(
        &S::LIST_KEYS,
        json!({"accountId": "a"}),
        rest::ListKeys { account_id: "a" }.path(),
        "GET /api/key/v1/accounts/a/keys",
    );
    cases.case(
        &S::CREATE_KEY,
        json!({"key": {"accountId": "a", "name": "n", "permissions": ["read:keys"], "pairingCode": "AQ=="}}),
        rest::CreateKey { key_account_id: "a" }.path(),
        concat!(
            "POST /api/key/v1/accounts/a/keys ",
            r#"{"key":{"name":"n","permissions":["read:keys"],"pairingCode":"AQ=="}}"#,
        ),
    );
    cases.case(
        &S::IDENTIFY_KEY,
        json!({"secret": "s"}),
        rest::IdentifyKey.path(),
        r#"POST /api/key/v1/keys/identify {"secret":"s"}"#,
    );
    cases.case(
        &S::DELETE_KEY,
        json!({"accountId": "a", "keyId": "k"}),
        rest::DeleteKey { account_id: "a", key_id: "k" }.path(),
        "DELETE /api/key/v1/accounts/a/keys/k",
    );
}

fn platform(cases: &mut Cases) {
    use lumen_cloud::platform::v1::PlatformService as S;
    use lumen_cloud::platform::v1::platform_service::rest;
    cases.case(
        &S::LIST_GLOBAL_REGIONS,
        json!({}),
        rest::ListGlobalRegions.path(),
        "GET /api/platform/v1/regions",
    );
    cases.case(
        &S::GET_GLOBAL_REGION,
        json!({"regionId": "eu-1"}),
        rest::GetGlobalRegion { region_id: "eu-1" }.path(),
        "GET /api/platform/v1/regions/eu-1",
    );
    cases.case(
        &S::GET_REGION_LOAD,
        json!({"accountId": "a", "regionId": "eu-1"}),
        rest::GetRegionLoad { account_id: "a", region_id: "eu-1" }.path(),
        "GET /api/platform/v1/accounts/a/regions/eu-1/load",
    );
    cases.case(
        &S::LIST_CROPS,
        json!({"accountId": "a", "includeRestricted": true}),
        rest::ListCrops { account_id: "a" }.path(),
        "GET /api/platform/v1/accounts/a/crops?includeRestricted=true",
    );
    cases.case(
        &S::LIST_MAINTENANCE_WINDOWS,
        json!({}),
        rest::ListMaintenanceWindows.path(),
        "GET /api/platform/v1/maintenance-windows",
    );
}
