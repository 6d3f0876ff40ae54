//! What AWS says about an alarm, as short as it can be told: CloudWatch begins every reason with the same two words,
//! names other alarms by their ARNs and prints sixteen decimals. The whole text stands in the description.

/// Decimals that are shown of a number below 1, beginning with the first that is not zero.
const DIGITS: i32 = 3;

/// `reason` without what says nothing.
pub fn told(reason: &str) -> String {
    let reason = reason.strip_prefix("Threshold Crossed: ").unwrap_or(reason);
    reason.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn word(word: &str) -> String {
    if let Some((_, name)) = word.split_once(":alarm:").filter(|_| word.starts_with("arn:")) {
        return name.to_owned();
    }
    let is_edge = |c: char| !c.is_ascii_digit();
    let number = word.trim_matches(is_edge);
    let decimals = number.split_once('.').map_or("", |(_, decimals)| decimals);
    if decimals.len() <= 4 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.to_owned();
    }
    match number.parse::<f64>() {
        Ok(value) => word.replacen(number, &short(value), 1),
        Err(_) => word.to_owned(),
    }
}

fn short(value: f64) -> String {
    let zeros = if value > 0.0 && value < 1.0 { -(value.log10().floor() as i32) - 1 } else { 0 };
    let decimals = if value < 1.0 { (zeros + DIGITS).clamp(2, 12) } else { 2 };
    let text = format!("{value:.*}", usize::try_from(decimals).unwrap_or(2));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "Threshold Crossed: 2 out of the last 2 datapoints [0.034782608695652174 (21/11/26 14:48:00), 97.10144927536231 (21/11/26 14:47:00)] were greater than the threshold (0.01)",
        "2 out of the last 2 datapoints [0.0348 (21/11/26 14:48:00), 97.1 (21/11/26 14:47:00)] were greater than the threshold (0.01)"
    )]
    #[case(
        "arn:aws:cloudwatch:us-east-1:111122223333:alarm:payments-prod-api-5xx transitioned to ALARM",
        "payments-prod-api-5xx transitioned to ALARM"
    )]
    #[case("[1299021339.0 (1.0)], 3.2.1, v43 published 03:04", "[1299021339.0 (1.0)], 3.2.1, v43 published 03:04")]
    #[case("", "")]
    #[case("-0.00012345 1.123456 0.00000", "-0.000123 1.12 0")]
    fn what_says_nothing_is_left_out(#[case] said: &str, #[case] shown: &str) {
        assert_eq!(told(said), shown);
    }
}
