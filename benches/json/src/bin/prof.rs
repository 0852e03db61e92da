use std::hint::black_box;
use rust_sdk_runtime::json;
#[path="../messages.rs"] mod messages;
#[path="../peer.rs"] mod peer;
use prost::Message; use rust_sdk_runtime::schema::HasSchema; use serde::Serialize; use serde::de::DeserializeOwned;
pub(crate) fn compare<Ours, Theirs>(_name: &str, text: &str)
where Ours: Message + HasSchema + Default + Serialize + DeserializeOwned, Theirs: Message + Default + Serialize + DeserializeOwned {
    let ours: Ours = json::from_str(text).unwrap();
    let mode = std::env::args().nth(2).unwrap();
    let n: usize = std::env::args().nth(3).unwrap().parse().unwrap();
    let text = json::to_string(&ours).unwrap();
    let theirs = Theirs::decode(ours.encode_to_vec().as_slice()).unwrap();
    for _ in 0..n { match mode.as_str() {
        "e" => drop(black_box(json::to_string(black_box(&ours)))),
        "w" => drop(black_box(black_box(&ours).encode_to_vec())),
        "E" => drop(black_box(serde_json::to_vec(black_box(&theirs)))),
        "d" => drop(black_box(json::from_str::<Ours>(black_box(&text)))),
        "D" => drop(black_box(serde_json::from_slice::<Theirs>(black_box(text.as_bytes())))),
        "m" => { let w = ours.encode_to_vec(); drop(black_box(Ours::decode(black_box(w.as_slice())))) },
        _ => panic!() } }
}
fn main() { let only = std::env::args().nth(1).unwrap(); for row in messages::rows() { if row.name == only { (row.run)(row.name, &row.json); } } }
