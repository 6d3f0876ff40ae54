//! What a plan for other sizes sends, says and leaves.
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::actions::eks::nodegroup::CLUSTER_AUTOSCALER;

fn group(status: &str, autoscaled: bool) -> Nodegroup {
    let owner = autoscaled.then(|| Owner { who: CLUSTER_AUTOSCALER.into(), instead: "give min or max".into() });
    Nodegroup { name: "web".into(), status: status.into(), desired: 3, min: 2, max: 6, owner, ..Nodegroup::default() }
}

fn wish(desired: Option<i64>, min: Option<i64>, max: Option<i64>) -> Wish {
    Wish { desired, min, max }
}

fn request(wish: Wish, autoscaled: bool) -> Vec<(&'static str, i64)> {
    wish.changes(&group("ACTIVE", autoscaled)).iter().map(|change| (change.size.field, change.after)).collect()
}

#[rstest]
#[case("ACTIVE", wish(Some(4), None, None), None)]
#[case("DEGRADED", wish(Some(4), None, None), None)]
#[case("ACTIVE", wish(Some(1), None, None), Some("minimum 2"))]
#[case("ACTIVE", wish(Some(1), Some(1), None), None)]
#[case("ACTIVE", wish(Some(7), None, None), Some("maximum 6: give max as well"))]
#[case("ACTIVE", wish(Some(7), None, Some(8)), None)]
#[case("ACTIVE", wish(Some(3), None, None), Some("3 nodes are wanted already"))]
#[case("ACTIVE", wish(Some(3), None, Some(9)), None)]
#[case("ACTIVE", wish(None, Some(2), Some(6)), Some("2 to 6 nodes already"))]
#[case("ACTIVE", wish(None, Some(7), None), Some("minimum of 7 above the group's maximum 6"))]
#[case("ACTIVE", wish(None, Some(7), Some(9)), None)]
#[case("ACTIVE", wish(None, None, Some(2)), Some("maximum of 2 while 3 nodes are wanted"))]
#[case("ACTIVE", wish(None, None, Some(0)), Some("maximum of 0"))]
#[case("DELETING", wish(Some(4), None, None), Some("DELETING"))]
fn what_eks_would_refuse_is_known(#[case] status: &str, #[case] wish: Wish, #[case] expected: Option<&str>) {
    let group = group(status, false);
    let says = impossible(&group, wish, &wish.changes(&group));
    assert_eq!(says.is_some(), expected.is_some(), "{says:?}");
    assert!(expected.is_none_or(|part| says.as_ref().unwrap().contains(part)), "{says:?}");
}

#[test]
fn only_what_differs_is_sent_and_a_minimum_takes_the_desired_size_along() {
    assert_eq!(request(wish(Some(4), None, None), false), [("desired_size", 4)]);
    assert_eq!(request(wish(Some(4), Some(2), Some(8)), false), [("desired_size", 4), ("max_size", 8)]);
    assert_eq!(request(wish(None, None, Some(8)), true), [("max_size", 8)]);
    assert_eq!(request(wish(None, Some(3), None), true), [("min_size", 3)]);
    assert_eq!(request(wish(None, Some(5), None), true), [("desired_size", 5), ("min_size", 5)]);
}

#[test]
fn cluster_autoscaler_owns_the_desired_size_and_not_the_bounds() {
    let group = group("ACTIVE", true);
    assert!(owner(&group, wish(Some(4), None, None)).is_some());
    assert!(owner(&group, wish(Some(4), Some(4), None)).is_some());
    assert_eq!(owner(&group, wish(None, Some(4), Some(9))), None);
    let karpenter = Owner { who: "Karpenter".into(), instead: "its NodePool".into() };
    let group = Nodegroup { owner: Some(karpenter), ..group };
    assert!(owner(&group, wish(None, Some(4), None)).is_some());
}

#[test]
fn what_is_raised_is_owed_and_brought_back() {
    let of = |wish: Wish, autoscaled: bool| {
        let group = group("ACTIVE", autoscaled);
        let changes = wish.changes(&group);
        (owed(&group, &changes).map(|owed| owed.says.to_string()), undo(&group, &changes).params)
    };
    let back = |pairs: &[(&str, i64)]| -> Values {
        pairs.iter().map(|(name, size)| ((*name).to_owned(), (*size).into())).collect()
    };
    let (says, params) = of(wish(Some(5), None, Some(9)), false);
    assert_eq!(
        says.unwrap(),
        "desired size of web raised from 3 to 5: bring it back with eks.nodegroup_scale desired=3 max=6"
    );
    assert_eq!(params, back(&[("desired", 3), ("max", 6)]));
    // Cluster Autoscaler takes nodes away by itself.
    assert_eq!(of(wish(None, Some(5), None), true).1, back(&[("min", 2)]));
    assert_eq!(of(wish(None, Some(5), None), false).1, back(&[("desired", 3), ("min", 2)]));
    assert_eq!(of(wish(None, None, Some(9)), true).0, None, "a larger maximum starts nothing");
    assert_eq!(of(wish(Some(2), None, None), false).0, None, "what was lowered is no debt");
}

#[test]
fn a_lower_minimum_lets_an_autoscaler_go_down_to_it() {
    let lower = wish(None, Some(1), None);
    assert_eq!(may_become(&group("ACTIVE", true), lower, 3), 1);
    assert_eq!(may_become(&group("ACTIVE", false), lower, 3), 3);
    assert_eq!(may_become(&group("ACTIVE", true), wish(None, Some(3), None), 3), 3);
}

proptest! {
    #[test]
    fn what_is_possible_lies_within_the_bounds(
        desired in proptest::option::of(0i64..20),
        min in proptest::option::of(0i64..20),
        max in proptest::option::of(0i64..20),
    ) {
        let (group, wish) = (group("ACTIVE", true), wish(desired, min, max));
        let changes = wish.changes(&group);
        if impossible(&group, wish, &changes).is_none() {
            let after = |size: Size, before| {
                changes.iter().find(|change| change.size == size).map_or(before, |change| change.after)
            };
            let [one, two, three] = SIZES;
            let (desired, min, max) = (after(one, 3), after(two, 2), after(three, 6));
            prop_assert!(min <= desired && desired <= max && !changes.is_empty());
        }
    }
}
