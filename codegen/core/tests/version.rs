//! The bump that a change takes, and the version after it.

use retrospec_codegen::internal::diff::{
    Difference,
    Impact::{self, Behavior, Breaking, Text},
};
use retrospec_codegen::internal::version::{Bump, actual_bump, bumped, is_enough, required_bump};
use semver::Version;

fn version(version: &str) -> Version {
    version.parse().unwrap()
}

fn required(old: &str, impacts: &[Impact]) -> Bump {
    let of = |impact: &Impact| Difference {
        impact: *impact,
        place: String::new(),
        change: String::new(),
    };
    let differences: Vec<Difference> = impacts.iter().map(of).collect();
    required_bump(&version(old), &differences)
}

#[test]
fn the_worst_change_decides_the_bump() {
    use Bump::{Major, Minor, None, Patch};
    for (version, none, text, behavior, breaking) in [
        ("0.0.0", None, Patch, Patch, Patch),
        ("0.0.3", None, Patch, Patch, Patch),
        ("0.3.0", None, Patch, Patch, Minor),
        ("0.3.2", None, Patch, Patch, Minor),
        ("1.0.0", None, Patch, Minor, Major),
        ("1.4.2", None, Patch, Minor, Major),
        ("2.0.5+build", None, Patch, Minor, Major),
        ("0.0.1-a", None, Patch, Patch, Patch),
        ("0.3.0-a", None, Patch, Patch, Patch),
        ("1.4.2-rc.1", None, Patch, Patch, Patch),
    ] {
        for (impacts, bump) in [
            (&[][..], none),
            (&[Text], text),
            (&[Behavior], behavior),
            (&[Text, Behavior, Text], behavior),
            (&[Breaking], breaking),
            (&[Breaking, Behavior, Text], breaking),
            (&[Text, Behavior, Breaking], breaking),
        ] {
            assert_eq!(required(version, impacts), bump, "{version} {impacts:?}");
        }
    }
}

#[test]
fn the_first_number_that_grew_is_the_bump() {
    for (old, new, bump) in [
        ("0.3.2", "0.3.2", Bump::None),
        ("0.3.2", "0.3.1", Bump::None),
        ("0.3.2", "0.2.9", Bump::None),
        ("1.4.2", "0.9.9", Bump::None),
        ("1.4.2", "1.4.2-rc.1", Bump::None),
        ("1.4.2+a", "1.4.2+b", Bump::None),
        ("1.4.2-rc.2", "1.4.2-rc.1", Bump::None),
        ("1.4.2-rc.1", "1.4.2-rc.2", Bump::Patch),
        ("1.4.2-rc.1", "1.4.2", Bump::Patch),
        ("0.3.2", "0.3.3", Bump::Patch),
        ("1.4.2", "1.4.9", Bump::Patch),
        ("0.3.2", "0.4.0", Bump::Minor),
        ("1.4.2", "1.5.9", Bump::Minor),
        ("0.3.2", "1.0.0", Bump::Major),
        ("1.4.2", "3.1.0", Bump::Major),
        ("1.4.2", "2.5.3", Bump::Major),
    ] {
        let found = actual_bump(&version(old), &version(new));
        assert_eq!(found, bump, "{old} {new}");
    }
}

#[test]
fn a_bump_may_be_larger_but_not_smaller() {
    for (old, impact, needed, refused) in [
        ("0.0.3", Text, "0.0.4", &["0.0.3"][..]),
        ("0.0.3", Behavior, "0.0.4", &["0.0.3"]),
        ("0.0.3", Breaking, "0.0.4", &["0.0.3", "0.0.2"]),
        ("0.3.2", Text, "0.3.3", &["0.3.2", "0.3.1"]),
        ("0.3.2", Behavior, "0.3.3", &["0.3.2", "0.2.9"]),
        ("0.3.2", Breaking, "0.4.0", &["0.3.2", "0.3.3", "0.2.9"]),
        ("1.4.2", Text, "1.4.3", &["1.4.2", "1.4.1"]),
        ("1.4.2", Behavior, "1.5.0", &["1.4.2", "1.4.3", "1.3.0"]),
        (
            "1.4.2",
            Breaking,
            "2.0.0",
            &["1.4.2", "1.4.3", "1.5.0", "0.9.0"],
        ),
        ("0.1.0+a", Breaking, "0.2.0", &["0.1.0+b"]),
        ("1.0.0-rc.1", Breaking, "1.0.0", &["1.0.0-rc.1"]),
    ] {
        let bump = required(old, &[impact]);
        let old = version(old);
        assert_eq!(bumped(&old, bump), version(needed), "{old} {impact}");
        for new in [needed, "2.0.0", "3.1.4"] {
            assert!(is_enough(&old, &version(new), bump), "{old} {new}");
        }
        for new in refused {
            assert!(!is_enough(&old, &version(new), bump), "{old} {new}");
        }
    }
    let (first, second) = (version("1.0.0-rc.1"), version("1.0.0-rc.2"));
    assert!(is_enough(&first, &second, Bump::Patch));
}

#[test]
fn an_unchanged_table_may_not_fall() {
    let old = version("0.3.2");
    for new in ["0.3.2", "0.3.3", "0.4.0", "1.0.0"] {
        assert!(is_enough(&old, &version(new), Bump::None), "{new}");
    }
    for new in ["0.3.1", "0.2.9", "0.3.2-rc.1"] {
        assert!(!is_enough(&old, &version(new), Bump::None), "{new}");
    }
}

#[test]
fn the_least_version_is_that_bump() {
    const BUMPS: [Bump; 3] = [Bump::Patch, Bump::Minor, Bump::Major];
    for (old, least) in [
        ("0.0.0", ["0.0.1", "0.1.0", "1.0.0"]),
        ("0.3.2", ["0.3.3", "0.4.0", "1.0.0"]),
        ("1.4.2", ["1.4.3", "1.5.0", "2.0.0"]),
        ("1.4.2+build", ["1.4.3", "1.5.0", "2.0.0"]),
        ("1.4.2-rc.1+build", ["1.4.2", "1.5.0", "2.0.0"]),
    ] {
        let old = version(old);
        assert_eq!(bumped(&old, Bump::None), old);
        for (bump, least) in BUMPS.into_iter().zip(least) {
            let found = bumped(&old, bump);
            assert_eq!(found, version(least), "{old} {bump}");
            assert_eq!(actual_bump(&old, &found), bump, "{old} {bump}");
        }
    }
}

#[test]
fn a_number_that_cannot_grow_stays() {
    let last = Version::new(u64::MAX, u64::MAX, u64::MAX);
    for (bump, minor, patch) in [
        (Bump::Patch, u64::MAX, u64::MAX),
        (Bump::Minor, u64::MAX, 0),
        (Bump::Major, 0, 0),
    ] {
        let found = bumped(&last, bump);
        assert_eq!(found, Version::new(u64::MAX, minor, patch), "{bump}");
        assert!(!is_enough(&last, &last, bump));
    }
}

#[test]
fn bumps_can_be_aligned() {
    let bumps = [Bump::None, Bump::Patch, Bump::Minor, Bump::Major];
    let words = bumps.map(|bump| format!("{bump:>6}"));
    assert_eq!(words, ["  none", " patch", " minor", " major"]);
}
