//! What JSON costs: ours and pbjson's, on the same messages in the same run; and the binary format, ours and that of prost's
//! derive. Prints nanoseconds, and their time over ours: above 1, ours is the faster one.

mod messages;
mod peer;

use std::hint::black_box;
use std::time::{Duration, Instant};

use prost::Message;
use rust_sdk_runtime::json::{self, DecodeOptions, EncodeOptions};
use rust_sdk_runtime::schema::HasSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Rounds, of which each measures every candidate once; the fastest round counts, as the one that was least disturbed.
const ROUNDS: u32 = 40;
const ROUND: Duration = Duration::from_millis(8);

fn main() {
    let only = std::env::args().nth(1);
    println!("{:<22}{:>9}  {:>30}  {:>30}", "", "", "message -> JSON", "JSON -> message");
    print!("{:<22}{:>9}", "message", "bytes");
    println!(
        "  {:>10}{:>10}{:>10}  {:>10}{:>10}{:>10}",
        "ours", "pbjson", "ratio", "ours", "pbjson", "ratio"
    );
    for row in messages::rows() {
        if only.as_ref().is_none_or(|only| row.name.contains(only.as_str())) {
            (row.run)(row.name, &row.json);
        }
    }
}

/// Measures one message, which the JSON states.
pub(crate) fn compare<Ours, Theirs>(name: &str, text: &str)
where
    Ours: Message + HasSchema + Default + Serialize + DeserializeOwned,
    Theirs: Message + Default + Serialize + DeserializeOwned,
{
    let stated: Ours = json::from_str(text).expect("the JSON is such a message");
    // Both are read from the same bytes, one after the other, so that both lie alike in memory. The heap has holes where the JSON
    // above was; a large message that fills them takes twice as long to walk.
    let wire = stated.encode_to_vec();
    let ours = Ours::decode(wire.as_slice()).expect("it is the same message");
    let theirs = Theirs::decode(wire.as_slice()).expect("it is the same message");
    let text = json::to_string(&ours).expect("it has a JSON form");
    let back: Theirs = serde_json::from_str(&text).expect("both write the same JSON");
    assert_eq!(back.encode_to_vec(), theirs.encode_to_vec(), "{name}: both read the same JSON");
    let [
        our_encode,
        their_encode,
        our_decode,
        their_decode,
        serde_encode,
        serde_decode,
        our_put,
        their_put,
        our_merge,
        their_merge,
    ] = fastest([
        &mut || drop(black_box(json::to_vec(black_box(&ours), &EncodeOptions::default()))),
        &mut || drop(black_box(serde_json::to_vec(black_box(&theirs)))),
        &mut || {
            drop(black_box(json::from_slice::<Ours>(black_box(text.as_bytes()), &DecodeOptions::default())))
        },
        &mut || drop(black_box(serde_json::from_slice::<Theirs>(black_box(text.as_bytes())))),
        &mut || drop(black_box(serde_json::to_vec(black_box(&ours)))),
        &mut || drop(black_box(serde_json::from_slice::<Ours>(black_box(text.as_bytes())))),
        &mut || drop(black_box(black_box(&ours).encode_to_vec())),
        &mut || drop(black_box(black_box(&theirs).encode_to_vec())),
        &mut || drop(black_box(Ours::decode(black_box(wire.as_slice())))),
        &mut || drop(black_box(Theirs::decode(black_box(wire.as_slice())))),
    ]);
    print!("{name:<22}{:>9}", text.len());
    for (ours, theirs) in [(our_encode, their_encode), (our_decode, their_decode)] {
        print!("  {ours:>10.0}{theirs:>10.0}{:>10.2}", theirs / ours);
    }
    println!();
    let rows = [
        ("  through serde_json", [(serde_encode, their_encode), (serde_decode, their_decode)]),
        // Theirs is prost's derive.
        ("  binary", [(our_put, their_put), (our_merge, their_merge)]),
    ];
    for (name, figures) in rows {
        print!("{name:<31}");
        for (ours, theirs) in figures {
            print!("  {ours:>10.0}{theirs:>10.0}{:>10.2}", theirs / ours);
        }
        println!();
    }
}

/// Nanoseconds for one call of each.
fn fastest<const N: usize>(mut candidates: [&mut dyn FnMut(); N]) -> [f64; N] {
    let calls = candidates.each_mut().map(|candidate| {
        let (start, mut calls) = (Instant::now(), 0_u32);
        while start.elapsed() < ROUND {
            candidate();
            calls += 1;
        }
        calls
    });
    let mut best = [f64::INFINITY; N];
    for _ in 0..ROUNDS {
        for ((candidate, calls), best) in candidates.iter_mut().zip(calls).zip(&mut best) {
            let start = Instant::now();
            for _ in 0..calls {
                candidate();
            }
            *best = best.min(start.elapsed().as_nanos() as f64 / f64::from(calls));
        }
    }
    best
}
