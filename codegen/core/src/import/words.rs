//! Words of keys.

/// Returns the words of a key or a value in lower case: `x-noRetry` has `x`, `no` and `retry`.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_small = false;
    for c in text.chars() {
        let starts = c.is_uppercase() && was_small;
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Returns whether a key may say the opposite of what its other words do.
pub(super) fn is_negated(words: &[String]) -> bool {
    const WORDS: [&str; 9] = [
        "no", "non", "not", "never", "don", "dont", "without", "off", "stop",
    ];
    const STEMS: [&str; 6] = ["disabl", "skip", "except", "exclud", "forbid", "prevent"];

    words.iter().any(|word| {
        // As in `noretry`.
        let hides_it = word.contains("retr") && !word.starts_with("retr");
        let is_stem = |stem: &&str| word.contains(stem);
        hides_it || WORDS.contains(&word.as_str()) || STEMS.iter().any(is_stem)
    })
}
