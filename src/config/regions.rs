//! AWS region codes, for suggestions: a code that is not here may be newer than this program.

/// Known codes of every partition.
pub const KNOWN: [&str; 46] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "eu-isoe-west-1",
    "eusc-de-east-1",
];

/// True for a code that is built as AWS builds them: lower-case words and a number, e.g. `us-gov-west-1`.
pub fn well_formed(code: &str) -> bool {
    let parts: Vec<_> = code.split('-').collect();
    let [first, words @ .., number] = parts.as_slice() else { return false };
    let word = |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    let short = code.len() <= 32 && number.len() <= 2;
    let counted = number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty() && !number.starts_with('0');
    short && counted && word(first) && !words.is_empty() && words.iter().all(|part| word(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_region_is_well_formed() {
        for code in KNOWN {
            assert!(well_formed(code), "{code}");
        }
    }

    #[test]
    fn other_shapes_are_not_regions() {
        for code in
            ["", "-", "us", "us-1", "us-east", "us-east-", "us-east1", "us_east_1", "US-EAST-1", "us-east-1a", "us--1"]
        {
            assert!(!well_formed(code), "{code}");
        }
        assert!(well_formed("xx-north-9"));
    }
}
