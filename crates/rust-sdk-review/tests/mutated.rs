//! Damaged input leads to an error or a snapshot, and nothing panics.

use rust_sdk_review::{Snapshot, compare};

#[test]
fn no_damaged_file_panics() {
    let original = include_bytes!("../../../testdata/golden/lumen/access.json");
    let good = Snapshot::from_json(original).unwrap();
    assert!(good.methods.len() > 20);
    let (mut number, mut read) = (0x2545_f491_4f6c_dd1d_u64, 0);
    let mut random = |below: usize| {
        number ^= number << 13;
        number ^= number >> 7;
        number ^= number << 17;
        usize::try_from(number % below as u64).unwrap()
    };
    let bytes = b"{}[]\",:/*.%\\ \n\x00\xffaZ1";
    for _ in 0..300 {
        let mut damaged = original.to_vec();
        for _ in 0..=random(3) {
            let at = random(damaged.len());
            match random(4) {
                0 => damaged.truncate(at),
                1 => drop(damaged.remove(at)),
                _ => damaged[at] = bytes[random(bytes.len())],
            }
            if damaged.is_empty() {
                break;
            }
        }
        let Ok(damaged) = Snapshot::from_json(&damaged) else { continue };
        read += 1;
        for (old, new) in [(&good, &damaged), (&damaged, &good)] {
            let report = compare(old, new);
            let printed = [report.to_text(), report.to_json(), report.to_markdown()];
            assert!(printed.iter().all(|text| !text.is_empty()));
            // A difference is always reported. (An unknown response body cannot be compared.)
            let routes = |snapshot: &Snapshot| -> Vec<String> {
                let methods = snapshot.methods.iter();
                let bindings = methods
                    .flat_map(|(name, method)| method.bindings.iter().map(move |binding| (name, binding)));
                bindings
                    .map(|(name, binding)| {
                        format!("{name} {} {} {:?}", binding.verb, binding.path, binding.body)
                    })
                    .collect()
            };
            let changed = old.methods.len() != new.methods.len() || routes(old) != routes(new);
            assert!(!changed || !report.is_empty() || report.unbound > 0, "{printed:?}");
            let unchanged = printed[0].starts_with("no change in access, routes or calls\n");
            assert!(!changed || !unchanged, "{printed:?}");
        }
    }
    assert!(read > 50, "{read}");
}
