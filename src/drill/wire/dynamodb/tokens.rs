//! The words and signs of DynamoDB's expressions.

/// Longest expression (DynamoDB Developer Guide, "Quotas": 4 KB).
const LONGEST: usize = 4096;
/// Signs, longer ones first.
const SIGNS: &[&str] = &["<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

/// A word (`name`, `#name`, `:value`, `AND`) or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A word.
    Word(String),
    /// A sign.
    Sign(&'static str),
}

impl Token {
    /// As it was written.
    pub fn text(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Sign(sign) => (*sign).to_owned(),
        }
    }
}

/// Reads an expression's tokens.
///
/// # Errors
/// What is not part of an expression.
pub fn tokens(text: &str) -> Result<Vec<Token>, String> {
    if text.len() > LONGEST {
        return Err("Expression size has exceeded the maximum allowed size;".to_owned());
    }
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            rest = rest[sign.len()..].trim_start();
            continue;
        }
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = usize::from(first == '#' || first == ':');
        let word = length + rest[length..].find(|c: char| !part(c)).unwrap_or(rest.len() - length);
        if word == length || !(part(first) || length == 1) {
            return Err(format!("Syntax error; token: \"{first}\""));
        }
        tokens.push(Token::Word(rest[..word].to_owned()));
        rest = rest[word..].trim_start();
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs_need_no_spaces() {
        let read: Vec<String> = tokens("a<>:b AND(#c>=d)").unwrap().iter().map(Token::text).collect();
        assert_eq!(read, ["a", "<>", ":b", "AND", "(", "#c", ">=", "d", ")"]);
        for bad in ["a.b", "a[1]", "é = 1", "#", ": x", "a;b"] {
            assert!(tokens(bad).is_err(), "{bad}");
        }
        assert!(tokens(&"a".repeat(5000)).is_err());
    }
}
