//! The invariants of the fuzz target `spec` in `tests/fuzz`, over its corpus, over specs made at random, and
//! over the repository's specs changed at random.

use std::fmt::Write as _;
use std::fs;

use random::Random;

#[path = "../../../tests/fuzz/invariants/random.rs"]
mod random;
#[path = "../../../tests/fuzz/invariants/spec.rs"]
mod spec;

const SPECS: [&str; 6] = [
    include_str!("../../../spec/memfault.yaml"),
    include_str!("../../../spec/otlp.yaml"),
    include_str!("../../../spec/prometheus-remote-write.yaml"),
    include_str!("../../../tests/integration/shapes/classes_alone.yaml"),
    include_str!("../../../tests/integration/shapes/inverted.yaml"),
    include_str!("../../../tests/integration/shapes/patient.yaml"),
];

#[test]
fn the_corpus_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus/spec");
    let mut taken = 0;
    for file in fs::read_dir(folder).unwrap() {
        taken += u32::from(spec::check_spec(&fs::read(file.unwrap().path()).unwrap()));
    }
    assert!(taken >= 5, "{taken}");
}

#[test]
fn a_random_spec_is_refused_or_sound() {
    let mut random = Random(1);
    let specs = (0..400).map(|_| made(&mut random));
    let taken = specs
        .filter(|text| spec::check_spec(text.as_bytes()))
        .count();
    assert!((100..300).contains(&taken), "{taken}");
}

#[test]
fn a_changed_spec_is_refused_or_sound() {
    let mut random = Random(2);
    let specs = (0..300).map(|_| {
        let text = SPECS[random.below(SPECS.len())].as_bytes().to_vec();
        (0..=random.below(2)).fold(text, |text, _| change(&text, &mut random))
    });
    let taken = specs.filter(|text| spec::check_spec(text)).count();
    assert!((40..260).contains(&taken), "{taken}");
}

/// Mostly usual values, and now and then one that the language has a rule for.
fn made(random: &mut Random) -> String {
    let mut pick = |usual: &[&'static str], odd: &[&'static str]| {
        let from = if random.below(40) == 0 { odd } else { usual };
        from[random.below(from.len())]
    };
    let names = ["9 lives", "Self", "ALL", "Caf\u{e9}", "\\a", "A2", "-"];
    let texts = [
        "\\\\ \\\" {CODE} */",
        "`a` | <b>",
        "\u{85}",
        "\u{202e}",
        "\\a",
        "",
        " ",
    ];
    let waits = ["1s", "8s", "250ms", "1m30s"];
    let odd_waits = ["0s", "1d", "18446744073709551615ms", "8"];
    let mut text = format!(
        "api: \"{}\"\ncrate: {}\nversion: {}\nsource: {{title: \"{}\", url: \"{}\", read: {}}}\n",
        pick(&["A"], &texts),
        pick(&["a-b", "c1"], &["loop", "a--b", "A", "core"]),
        pick(&["0.1.0", "1.2.3-a.1+b"], &["1.0", "01.0.0"]),
        pick(&["T"], &texts),
        pick(&["https://a.b/c"], &["a.b", "https://"]),
        pick(&["2026-11-22", "2028-02-29"], &["2026-02-29", "2026-1-1"]),
    );
    let _ = writeln!(
        text,
        "max_retries: {}\nmax_elapsed: {}\nunlisted: {}\ntransport: {}\nbackoff:",
        pick(&["1", "3", "4", "unlimited"], &["0", "1000", "1001"]),
        pick(&["5m"], &odd_waits),
        pick(&["never", "s", "[retry-after, s]"], &["retry-after", "u"]),
        pick(&["never", "s", "t"], &["retry-after", "[retry-after, s]"]),
    );
    for name in ["t", "s"] {
        let _ = writeln!(
            text,
            "  {name}: {{initial: {}, multiplier: {}, max: {}, jitter: {}}}",
            pick(&waits, &odd_waits),
            pick(&["1", "1.5", "2.333"], &["0.5", "1.001", "4294967.295"]),
            pick(&["2m", "1h"], &odd_waits),
            pick(&["none", "full", "equal", "20%"], &["0%", "100%", "101%"]),
        );
    }
    let _ = writeln!(
        text,
        "  l: {{waits: [{}, {}, {}]{}}}\nstatuses:",
        pick(&waits, &odd_waits),
        pick(&waits, &odd_waits),
        pick(&waits, &odd_waits),
        pick(&[", repeat: last", ""], &[", repeat: first"]),
    );
    for class in ["5", "2", "1", "4"] {
        let _ = writeln!(
            text,
            "  - {{code: {class}{}, name: \"{}{}\", description: \"d{}\", retry: {}}}\n  \
             - {{code: {class}{}, retry: {}}}",
            pick(&["00", "29", "99"], &["XX", "xx", "0"]),
            pick(&["A", "b c", "It's"], &names),
            // A name of its own but for one.
            class.trim_start_matches('5'),
            pick(&["", "."], &texts),
            pick(
                &["l", "never", "s", "t", "[retry-after, l]"],
                &["retry-after", "u"]
            ),
            pick(&["XX"], &["xx", "00"]),
            pick(
                &["never", "s", "t", "[retry-after, s]"],
                &["retry-after", "l"]
            ),
        );
    }
    text
}

/// Another byte, a line less, a line twice or in another place, or another word.
fn change(text: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text = text.to_vec();
    let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let (from, to) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(6) {
        0 => {
            let at = random.below(text.len());
            text[at] = random.byte();
            return text;
        }
        1 => {
            lines.remove(from);
        }
        2 => lines.insert(from, lines[from]),
        3 => lines.swap(from, to),
        _ => {
            let others = words(SPECS[random.below(SPECS.len())].as_bytes());
            let other = others[random.below(others.len())];
            let words = words(&text);
            let word = words[random.below(words.len())];
            let start = word.as_ptr().addr() - text.as_ptr().addr();
            return [&text[..start], other, &text[start + word.len()..]].concat();
        }
    }
    lines.concat()
}

/// What stands between blanks, line ends and the marks of YAML.
fn words(text: &[u8]) -> Vec<&[u8]> {
    text.split(|byte| b" \n:[],".contains(byte))
        .filter(|word| !word.is_empty())
        .collect()
}
