//! The invariants of the fuzz target `page` in `tests/fuzz`, over its corpus, and over pages changed at random.

use std::fs;

use forms::{Form, Page};
use random::Random;

#[path = "page/forms.rs"]
mod forms;
#[path = "../../../tests/fuzz/invariants/page.rs"]
mod page;
#[path = "../../../tests/fuzz/invariants/random.rs"]
mod random;

#[test]
fn the_corpus_holds() {
    let model = page::model();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus/page");
    let mut taken = 0;
    for file in fs::read_dir(folder).unwrap() {
        taken += u32::from(page::check_page(
            &fs::read(file.unwrap().path()).unwrap(),
            &model,
        ));
    }
    assert!(taken >= 8, "{taken}");
}

/// Other bytes, and pieces left out, twice or in another place.
#[test]
fn a_changed_page_is_refused_or_read() {
    let model = page::model();
    let mut random = Random(3);
    let mut taken = 0;
    for _ in 0..100 {
        for form in Form::ALL {
            let mut bytes = Page::parcels().render(form).into_bytes();
            for _ in 0..=random.below(8) {
                let (from, to) = (random.below(bytes.len()), random.below(bytes.len()));
                let piece = from.min(to)..from.max(to).min(from.min(to) + 80);
                match random.below(4) {
                    0 => bytes[from] = random.byte(),
                    1 => drop(bytes.drain(piece)),
                    2 => {
                        let piece = bytes[piece].to_vec();
                        bytes.splice(to..to, piece);
                    }
                    _ => {
                        let piece: Vec<u8> = bytes.drain(piece).collect();
                        let to = random.below(bytes.len());
                        bytes.splice(to..to, piece);
                    }
                }
            }
            taken += u32::from(page::check_page(&bytes, &model));
        }
    }
    assert!((200..700).contains(&taken), "{taken}");
}
