//! Conditions: what reads, what does not, what they come to.
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::config::runbook::kind::Kind;
use crate::model::Values;

fn values() -> Values {
    Values::from([
        ("running".to_owned(), Value::Count(6)),
        ("desired".to_owned(), Value::Count(12)),
        ("cpu".to_owned(), Value::Number(6.0)),
        ("to".to_owned(), "app:41".into()),
        ("current".to_owned(), "app:42".into()),
        ("to.status".to_owned(), "ACTIVE".into()),
        ("deployment_in_progress".to_owned(), Value::Flag(true)),
        ("max".to_owned(), Value::None),
    ])
}

#[rstest]
#[case("running < desired", Truth::True)]
#[case("running == cpu && running >= 6.0 && running <= 6", Truth::True)]
#[case("to.status == ACTIVE && to != current", Truth::True)]
#[case("to == 'app:41' && to in [\"app:1\", 'app:41']", Truth::True)]
#[case("to in []", Truth::False)]
#[case("!deployment_in_progress", Truth::False)]
#[case("deployment_in_progress == true", Truth::True)]
#[case("max == none", Truth::True)]
#[case("max != none", Truth::False)]
#[case("running == none", Truth::False)]
#[case("running != none", Truth::True)]
#[case("max > 3", Truth::Unknown)]
#[case("max == none || max > 3", Truth::True)]
#[case("pending == 0", Truth::Unknown)]
#[case("pending == none", Truth::Unknown)]
#[case("pending != none", Truth::Unknown)]
#[case("!(pending == 0)", Truth::Unknown)]
#[case("pending", Truth::Unknown)]
#[case("running == 7 && pending == 0", Truth::False)]
#[case("running == 6 && pending == 0", Truth::Unknown)]
#[case("running == 6 || pending == 0", Truth::True)]
#[case("to != 41", Truth::Unknown)]
#[case("to in [41, none]", Truth::Unknown)]
#[case("to < current", Truth::Unknown)]
#[case("running", Truth::Unknown)]
#[case("running == 1 || running == 6 && desired == 12", Truth::True)]
#[case("(running == 6 || running == 1) && desired == 1", Truth::False)]
fn conditions_come_to_one_of_three(#[case] text: &str, #[case] expected: Truth) {
    assert_eq!(parse(text).unwrap().judge(&values()), expected, "{text}");
}

#[rstest]
#[case("running == desired", "running == desired: 6 == 12 is false")]
#[case("running < desired", "running < desired: 6 < 12 is true")]
#[case(
    "running == desired && to == current",
    "running == desired: 6 == 12 is false; to == current: app:41 == app:42 is false"
)]
#[case("running == 6 && to == current", "to == current: app:41 == app:42 is false")]
#[case("!deployment_in_progress", "deployment_in_progress is true")]
#[case("!(running == 6)", "!(running == 6) is false: running == 6: 6 == 6 is true")]
#[case("pending == 0", "pending == 0: pending is not known")]
#[case("to == 41", "to == 41: app:41 and 41 cannot be compared")]
#[case("to.status in [INACTIVE]", "to.status in [INACTIVE]: ACTIVE is none")]
fn a_condition_says_why(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(parse(text).unwrap().explain(&values()).as_str(), expected);
}

#[rstest]
#[case("", 0, "expected a name or a value here")]
#[case("running =", 8, "unexpected `=`")]
#[case("running = 3", 8, "unexpected `=`")]
#[case("running == ", 11, "expected a name or a value here")]
#[case("running == 3 desired", 13, "expected `&&`, `||` or the end here")]
#[case("a and b", 2, "unexpected `and`")]
#[case("a & b", 2, "unexpected `&`")]
#[case("a < b < c", 6, "a comparison has two sides")]
#[case("!a == b", 6, "`!` before a comparison is ambiguous")]
#[case("(a == b", 7, "expected `)` here")]
#[case("a == 'b", 5, "this text has no end")]
#[case("a in b", 5, "expected `[` here")]
#[case("a in [b c]", 8, "expected `,` or `]` here")]
#[case("a == $(rm)", 5, "unexpected `$`")]
#[case("a == 9999999999999999999", 5, "`9999999999999999999` is not a number")]
#[case("a == 1e999", 5, "`1e999` is not a number")]
#[case("a == 12x", 5, "`12x` is not a number")]
#[case("3", 0, "this is neither true nor false")]
#[case("aB == 1", 0, "`aB` is neither a name nor a word")]
#[case("a. == 1", 0, "`a.` is neither a name nor a word")]
#[case("é == 1", 0, "unexpected `é`")]
fn what_is_no_condition_is_refused_with_its_place(#[case] text: &str, #[case] at: usize, #[case] what: &str) {
    let error = parse(text).unwrap_err();
    assert_eq!((error.at, error.what.as_str()), (at, what));
}

#[test]
fn deep_and_long_texts_are_refused_quickly() {
    assert!(parse(&"(".repeat(1500)).unwrap_err().what.contains("too many brackets"));
    assert!(parse(&"!".repeat(1500)).unwrap_err().what.contains("too many brackets"));
    assert!(parse(&"a && ".repeat(1000)).unwrap_err().what.contains("at most"));
    assert!(parse(&"a || ".repeat(300)).is_err());
}

#[rstest]
#[case("running == ACTIVE", &["`running == ACTIVE` compares a number with text"])]
#[case("status > 3", &["`>` compares numbers, and `status` is text"])]
#[case("running > none", &["`>` compares numbers, not `none`"])]
#[case("running && going", &["`running` is a number, neither true nor false"])]
#[case("status in [A, 3]", &["`status in 3` compares text with a number"])]
#[case("runing == 1", &["there is no `runing` here"])]
#[case("1 == 1", &["it speaks of nothing that is read: it is always the same"])]
#[case("true", &["it speaks of nothing that is read: it is always the same"])]
#[case("!going && (running >= 1 || status in [A, none]) && other == going && other > 1", &[])]
fn types_are_checked_where_they_are_known(#[case] text: &str, #[case] expected: &[&str]) {
    let kind = |name: &str| match name {
        "running" => Some(Some(Kind::Number)),
        "status" => Some(Some(Kind::Text)),
        "going" => Some(Some(Kind::Flag)),
        "other" => Some(None),
        _ => None,
    };
    let found: Vec<_> = parse(text).unwrap().check(&kind).into_iter().map(|wrong| wrong.what).collect();
    assert_eq!(found, expected, "{text}");
}

fn term() -> impl Strategy<Value = Term> {
    let name = "[a-d](\\.[a-z0-9_]{1,3})?".prop_filter("a name", |name| is_name(name));
    prop_oneof![
        4 => name.prop_map(Term::Name),
        1 => any::<i64>().prop_map(|count| Term::Literal(Value::Count(count))),
        1 => any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(|n| Term::Literal(Value::Number(n))),
        1 => any::<bool>().prop_map(|flag| Term::Literal(Value::Flag(flag))),
        1 => "\\PC{0,8}".prop_map(|text| Term::Literal(Value::Text(text.into()))),
        1 => "[A-Z][A-Za-z0-9_]{0,6}".prop_map(|text| Term::Literal(Value::Text(text.into()))),
        1 => Just(Term::Literal(Value::None)),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    proptest::sample::select(vec![Op::Equal, Op::Different, Op::Less, Op::AtMost, Op::More, Op::AtLeast])
}

fn predicate() -> impl Strategy<Value = Predicate> {
    let is = prop_oneof![
        "[a-d]".prop_map(|name| Predicate::Is(Term::Name(name))),
        any::<bool>().prop_map(|flag| Predicate::Is(Term::Literal(Value::Flag(flag)))),
    ];
    let leaf = prop_oneof![
        is,
        (term(), op(), term()).prop_map(|(a, op, b)| Predicate::Compare(a, op, b)),
        (term(), prop::collection::vec(term(), 0..4)).prop_map(|(a, list)| Predicate::In(a, list)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Predicate::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Predicate::Any),
            inner.prop_map(|inner| Predicate::Not(Box::new(inner))),
        ]
    })
}

fn some_values() -> impl Strategy<Value = Values> {
    let value = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Flag),
        (-2i64..3).prop_map(Value::Count),
        (-2.0..3.0f64).prop_map(Value::Number),
        "[A-C]".prop_map(|text| Value::Text(text.into())),
    ];
    prop::collection::btree_map("[a-d]", value, 0..4)
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(predicate in predicate()) {
        let text = predicate.to_string();
        if text.len() < 2000 {
            prop_assert_eq!(parse(&text), Ok(predicate), "{}", text);
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,80}", near in "[a-cA-C0-9.<>=!&|()\\[\\], '\"\\\\-]{0,40}", values in some_values()) {
        for text in [text, near] {
            match parse(&text) {
                Ok(predicate) => {
                    predicate.judge(&values);
                    predicate.explain(&values);
                    for wrong in predicate.check(&|_| None) {
                        prop_assert!(wrong.at(&text) <= text.len());
                    }
                }
                Err(error) => prop_assert!(error.at <= text.len() && text.is_char_boundary(error.at)),
            }
        }
    }

    #[test]
    fn de_morgan_holds_for_three_values(a in predicate(), b in predicate(), values in some_values()) {
        let not = |inner: &Predicate| Predicate::Not(Box::new(inner.clone()));
        let judge = |predicate: Predicate| predicate.judge(&values);
        prop_assert_eq!(
            judge(not(&Predicate::All(vec![a.clone(), b.clone()]))),
            judge(Predicate::Any(vec![not(&a), not(&b)]))
        );
        prop_assert_eq!(
            judge(not(&Predicate::Any(vec![a.clone(), b.clone()]))),
            judge(Predicate::All(vec![not(&a), not(&b)]))
        );
        prop_assert_eq!(judge(not(&not(&a))), judge(a));
    }

    /// What is true stays true whatever the unknown turns out to be.
    #[test]
    fn learning_more_never_turns_true_into_false(predicate in predicate(), values in some_values(), more in some_values()) {
        let before = predicate.judge(&values);
        let mut all = more;
        all.extend(values);
        if before != Truth::Unknown {
            prop_assert_eq!(predicate.judge(&all), before);
        }
    }
}
