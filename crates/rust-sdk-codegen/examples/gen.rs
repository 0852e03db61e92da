use prost::Message as _;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&a[1]).unwrap();
    let mut req = rust_sdk_model::plugin::CodeGeneratorRequest::decode(bytes.as_slice()).unwrap();
    if let Some(p) = a.get(3) { req.parameter = Some(p.clone()); }
    let t = std::time::Instant::now();
    let api = match rust_sdk_model::Api::from_request(&req) { Ok(a) => a, Err(e) => { println!("{e}"); std::process::exit(1) } };
    eprintln!("model {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let files = match rust_sdk_codegen::generate(&api) { Ok(a) => a, Err(e) => { println!("{e}"); std::process::exit(1) } };
    eprintln!("codegen {:?} {} files {} bytes", t.elapsed(), files.len(), files.values().map(String::len).sum::<usize>());
    for (p, t) in files { let p = std::path::Path::new(&a[2]).join(p); std::fs::create_dir_all(p.parent().unwrap()).unwrap(); std::fs::write(p, t).unwrap(); }
}
