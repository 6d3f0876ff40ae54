//! Credentials never reach a log, an error, a snapshot or the screen: what looks like one is replaced.

/// `text` with access key ids, secret keys and session tokens replaced by `[redacted]`.
///
/// AWS access key ids are 20 characters that begin with a known four-letter prefix
/// (IAM User Guide, "IAM identifiers"); secrets and tokens are recognised by length and alphabet.
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '/' | '+' | '=') {
            word.push(c);
        } else {
            flush(&mut word, &mut out);
            out.push(c);
        }
    }
    flush(&mut word, &mut out);
    out
}

/// The same for names and ARNs: access key ids wherever they stand, but a secret only where it is the whole of it. A part
/// of an ARN can have the length and the alphabet of a secret by chance, and must stay what it is.
pub fn redact_identifier(text: &str) -> String {
    if text.contains(char::is_whitespace) || is_secret(text) {
        return redact(text);
    }
    text.split_inclusive(|c: char| !c.is_ascii_alphanumeric())
        .map(|part| {
            let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if is_access_key_id(word) { part.replace(word, "[redacted]") } else { part.to_owned() }
        })
        .collect()
}

fn flush(word: &mut String, out: &mut String) {
    if is_access_key_id(word) || is_secret(word) {
        out.push_str("[redacted]");
    } else {
        out.push_str(word);
    }
    word.clear();
}

fn is_access_key_id(word: &str) -> bool {
    word.len() >= 16
        && ["AKIA", "ASIA", "AROA", "AIDA"].iter().any(|prefix| word.starts_with(prefix))
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

fn is_secret(word: &str) -> bool {
    let mixed = word.chars().any(|c| c.is_ascii_lowercase())
        && word.chars().any(|c| c.is_ascii_uppercase())
        && word.chars().any(|c| c.is_ascii_digit());
    let path_like = word.starts_with('/') || word.matches('/').count() > 4;
    mixed && !path_like && (word.len() == 40 || word.len() > 100)
}
