//! Broken requests: never a panic, always a response.
//!
//! In a file of its own, since it silences the panic hook of the process, as the binary does.

mod common;

use prost::Message as _;
use protoc_gen_rust_sdk::respond;
use rust_sdk_model::plugin::CodeGeneratorRequest;

const THREADS: u64 = 2;
const REQUESTS_PER_THREAD: usize = 5_000;

/// splitmix64: fast, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// Flips bits, overwrites, cuts off, cuts out or doubles.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let length = random.below(16);
        match random.below(6) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            2 if !bytes.is_empty() => bytes[at] = random.byte(),
            3 => drop(bytes.drain(at..(at + length).min(bytes.len()))),
            4 => {
                let copy = bytes[at..(at + length).min(bytes.len())].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            _ => {
                if random.below(10) == 0 {
                    bytes.truncate(at);
                }
            }
        }
    }
}

#[derive(Default)]
struct Outcomes {
    unreadable: usize,
    refused: usize,
    generated: usize,
}

impl Outcomes {
    fn add(&mut self, request: &[u8]) {
        let Ok(outcome) = respond(request.to_vec()) else {
            self.unreadable += 1;
            return;
        };
        let response = outcome.response;
        if let Some(error) = response.error {
            assert!(error.contains("error["), "{error}");
            assert!(!error.contains("internal error"), "{error}\n{request:?}");
            assert!(response.file.is_empty());
            self.refused += 1;
        } else {
            assert!(!response.file.is_empty());
            self.generated += 1;
        }
    }
}

fn run(seed: u64, original: &CodeGeneratorRequest) -> Outcomes {
    let mut random = Random(seed);
    let mut outcomes = Outcomes::default();
    let whole = original.encode_to_vec();
    for round in 0..REQUESTS_PER_THREAD {
        let mut bytes = match round % 8 {
            0 => (0..random.below(400)).map(|_| random.byte()).collect(),
            1 => whole[..random.below(whole.len())].to_vec(),
            2 => {
                let mut bytes = whole.clone();
                mutate(&mut bytes, &mut random);
                bytes
            }
            // Most mutations of the whole break a length; those inside one file get further.
            _ => {
                let mut request = original.clone();
                let file = request.proto_file.len() - 1 - random.below(2);
                let mut changed = request.proto_file[file].to_vec();
                mutate(&mut changed, &mut random);
                request.proto_file[file] = changed.into();
                request.encode_to_vec()
            }
        };
        if round % 64 == 63 {
            mutate(&mut bytes, &mut random);
        }
        outcomes.add(&bytes);
    }
    outcomes
}

#[test]
fn no_mutated_request_panics() {
    std::panic::set_hook(Box::new(|_| {}));
    let original = &common::request(&["small.proto"], "docs=off");
    let results: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|seed| scope.spawn(move || run(seed, original))).collect();
        workers.into_iter().map(|worker| worker.join().map_err(common::panic_text)).collect()
    });
    let _ = std::panic::take_hook();
    let mut sum = Outcomes::default();
    for outcomes in results {
        let outcomes = outcomes.unwrap();
        sum.unreadable += outcomes.unreadable;
        sum.refused += outcomes.refused;
        sum.generated += outcomes.generated;
    }
    // The mutations must reach every depth; otherwise this test proves nothing.
    for (what, count) in
        [("unreadable", sum.unreadable), ("refused", sum.refused), ("generated", sum.generated)]
    {
        println!("{what}: {count}");
        assert!(count > 500, "{what}: {count}");
    }
}
