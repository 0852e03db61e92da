//! What a program that uses a generated crate does most: paths, look-ups by gRPC path and by HTTP route, and
//! decisions who may call what.

use std::collections::{HashMap, HashSet};

use divan::{Bencher, black_box};
use lumen_cloud::API;
use lumen_cloud::access::permissions;
use lumen_cloud::greenhouse::v1::greenhouse_service::rest;
use lumen_cloud::greenhouse::v1::{GetGreenhouseRequest, GreenhouseService};
use rust_sdk_runtime::access::Permission;
use rust_sdk_runtime::{Caller, Identity, Method};

const ACCOUNT: &str = "7f1e4c7a-2b63-4a0e-9d5b-0c1f6a4e8d21";
const GREENHOUSE: &str = "b2d9c0de-55aa-4f0b-8a77-1e3c5d7f9b10";

fn main() {
    // The first look-up of each kind builds its index.
    black_box((API.method("/"), API.route("", "")));
    divan::main();
}

/// Measures making a value from two texts and dropping it. Everything passes by reference: `black_box` copies what it is
/// given, which costs as much as a good part of a path.
fn build<T>(bencher: Bencher<'_, '_>, account: &str, make: impl Fn(&str, &str) -> T) {
    let texts = [account.to_owned(), GREENHOUSE.to_owned()];
    bencher.bench_local(|| {
        let [account, greenhouse] = black_box(&texts);
        black_box(&make(account, greenhouse));
    });
}

#[divan::bench(sample_size = 500)]
fn path_by_builder(bencher: Bencher<'_, '_>) {
    build(bencher, ACCOUNT, |account_id, greenhouse_id| {
        rest::GetGreenhouse { account_id, greenhouse_id }.path()
    });
}

#[divan::bench(sample_size = 500)]
fn path_with_escapes(bencher: Bencher<'_, '_>) {
    build(bencher, "an account/é", |account_id, greenhouse_id| {
        rest::GetGreenhouse { account_id, greenhouse_id }.path()
    });
}

/// Which escapes nothing.
#[divan::bench(sample_size = 500)]
fn path_by_format(bencher: Bencher<'_, '_>) {
    build(bencher, ACCOUNT, |account, greenhouse| {
        format!("/api/greenhouse/v1/accounts/{account}/greenhouses/{greenhouse}")
    });
}

/// The least that any path costs: memory for it, and giving that back.
#[divan::bench(sample_size = 500)]
fn path_memory_alone(bencher: Bencher<'_, '_>) {
    build(bencher, ACCOUNT, |account, greenhouse| {
        String::with_capacity(account.len() + greenhouse.len() + 41)
    });
}

#[divan::bench(sample_size = 500)]
fn request_from_a_message(bencher: Bencher<'_, '_>) {
    let message = GetGreenhouseRequest { account_id: ACCOUNT.into(), greenhouse_id: GREENHOUSE.into() };
    build(bencher, ACCOUNT, |_, _| GreenhouseService::GET_GREENHOUSE.rest_request(black_box(&message)));
}

/// Every path of the API in turn, for a count of look-ups that divides by their number.
fn paths() -> Vec<String> {
    API.methods().map(|method| method.path().to_owned()).collect()
}

/// One sample is a round over all methods: divide by their number, or read the throughput.
fn round<T>(bencher: Bencher<'_, '_>, paths: &[String], find: impl Fn(&str) -> Option<T>) {
    bencher.counter(divan::counter::ItemsCount::new(paths.len())).bench_local(|| {
        for path in paths {
            black_box(find(black_box(path)));
        }
    });
}

#[divan::bench(sample_size = 500)]
fn methods_by_grpc_path(bencher: Bencher<'_, '_>) {
    round(bencher, &paths(), |path| API.method(path));
}

#[divan::bench(sample_size = 500)]
fn methods_by_std_hash_map(bencher: Bencher<'_, '_>) {
    let methods: HashMap<&str, &'static Method> =
        API.methods().map(|method| (method.path(), method)).collect();
    round(bencher, &paths(), |path| methods.get(path).copied());
}

#[divan::bench(sample_size = 500)]
fn methods_by_sorted_slice(bencher: Bencher<'_, '_>) {
    let mut methods: Vec<&'static Method> = API.methods().collect();
    methods.sort_by_key(|method| method.path());
    round(bencher, &paths(), |path| {
        let index = methods.binary_search_by_key(&path, |method| method.path()).ok()?;
        Some(methods[index])
    });
}

#[divan::bench(sample_size = 500)]
fn one_method_by_grpc_path() -> Option<&'static Method> {
    API.method(black_box("/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse"))
}

#[divan::bench(sample_size = 500)]
fn an_unknown_grpc_path() -> Option<&'static Method> {
    API.method(black_box("/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouses"))
}

/// Somebody with as many permissions as an operator's key may have.
fn operator() -> Identity {
    let permissions: HashSet<&str> = permissions::ALL.iter().map(Permission::as_str).collect();
    Identity::new(permissions).actor("ACTOR_TYPE_USER").within(ACCOUNT)
}

#[divan::bench(sample_size = 500)]
fn one_check(bencher: Bencher<'_, '_>) {
    let grants = ["read:billing", "read:greenhouses"];
    let caller = Caller::new(&grants).within(ACCOUNT);
    let access = GreenhouseService::GET_GREENHOUSE.access();
    bencher
        .bench_local(|| black_box(access).check(black_box(&caller), black_box(Some(ACCOUNT))).is_allowed());
}

#[divan::bench(sample_size = 500)]
fn one_check_by_hash_set(bencher: Bencher<'_, '_>) {
    let (operator, access) = (operator(), GreenhouseService::GET_GREENHOUSE.access());
    bencher.bench_local(|| {
        black_box(access).check(black_box(&operator.caller()), black_box(Some(ACCOUNT))).is_allowed()
    });
}

/// What a server does with a call before its own logic: finds the method, reads the account, decides.
#[divan::bench(sample_size = 500)]
fn one_call_authorized(bencher: Bencher<'_, '_>) {
    let (operator, message) =
        (operator(), GetGreenhouseRequest { account_id: ACCOUNT.into(), greenhouse_id: GREENHOUSE.into() });
    bencher.bench_local(|| {
        let path = black_box("/lumen.cloud.greenhouse.v1.GreenhouseService/GetGreenhouse");
        let account = GreenhouseService::GET_GREENHOUSE.scope_of(black_box(&message));
        API.method(path).is_some_and(|method| method.access().check(&operator.caller(), account).is_allowed())
    });
}

/// Every method's decision in turn.
#[divan::bench(sample_size = 500)]
fn all_checks(bencher: Bencher<'_, '_>) {
    let operator = operator();
    bencher.counter(divan::counter::ItemsCount::new(API.methods().count())).bench_local(|| {
        for method in API.methods() {
            black_box(method.access().check(&operator.caller(), black_box(Some(ACCOUNT))).is_allowed());
        }
    });
}

#[divan::bench(sample_size = 500)]
fn one_route(bencher: Bencher<'_, '_>) {
    let path = format!("/api/greenhouse/v1/accounts/{ACCOUNT}/greenhouses/{GREENHOUSE}");
    bencher.bench_local(|| API.route(black_box("GET"), black_box(&path)).map(|found| found.method));
}

#[divan::bench(sample_size = 500)]
fn one_route_with_its_captures(bencher: Bencher<'_, '_>) {
    let path = format!("/api/greenhouse/v1/accounts/{ACCOUNT}/greenhouses/{GREENHOUSE}");
    bencher.bench_local(|| {
        let found = API.route(black_box("GET"), black_box(&path)).unwrap();
        found.captures().map(|(field, value)| field.len() + value.len()).sum::<usize>()
    });
}

/// Every route of the API in turn, each with IDs for its variables.
#[divan::bench(sample_size = 500)]
fn all_routes(bencher: Bencher<'_, '_>) {
    let routes: Vec<(&str, String)> = API
        .methods()
        .flat_map(Method::bindings)
        .map(|binding| {
            let open = binding.template().matches('{').count();
            (binding.verb(), binding.path(&vec![ACCOUNT.into(); open]).unwrap())
        })
        .collect();
    bencher.counter(divan::counter::ItemsCount::new(routes.len())).bench_local(|| {
        for (verb, path) in &routes {
            black_box(API.route(black_box(verb), black_box(path)));
        }
    });
}
