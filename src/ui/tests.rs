//! Tests of `ui`.
#![allow(clippy::unwrap_used, clippy::expect_used)]
//! Every screen with its styles, at the sizes that terminals have.

use rstest::rstest;

use super::testing::estate::{console, payments, troubled};
use super::testing::{dark, look, press, screen, styled, text};
use super::*;
use crate::app::App;

fn sizes(name: &str, mut app: App) {
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        let buffer = screen(&mut app, &dark(), width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), styled(&buffer));
    }
}

fn after(mut app: App, keys: &[&str]) -> App {
    // One frame tells the state how much fits, as in the console.
    screen(&mut app, &dark(), 80, 24);
    press(&mut app, keys);
    app
}

#[test]
fn the_wall() {
    sizes("wall", payments());
}

#[test]
fn the_wall_with_environments_in_trouble() {
    sizes("wall_troubled", troubled());
}

#[rstest]
#[case("light", Depth::TrueColor, false)]
#[case("dark", Depth::Sixteen, false)]
#[case("dark", Depth::Mono, false)]
#[case("dark", Depth::TrueColor, true)]
fn the_wall_in_other_looks(#[case] theme: &str, #[case] depth: Depth, #[case] ascii: bool) {
    let buffer = screen(&mut payments(), &look(theme, depth, ascii), 120, 40);
    let name = format!("wall_{theme}_{depth:?}{}", if ascii { "_ascii" } else { "" }).to_lowercase();
    insta::assert_snapshot!(name, styled(&buffer));
}

#[test]
fn one_signal() {
    sizes("signal", after(payments(), &["g", "j", "enter"]));
}

#[test]
fn the_alarms() {
    sizes("alarms", after(payments(), &["L"]));
}

#[test]
fn the_connections() {
    sizes("connections", after(troubled(), &["C", "j", "j", "j"]));
}

#[test]
fn the_help() {
    sizes("help", after(payments(), &["?"]));
}

#[test]
fn the_description_of_a_resource() {
    sizes("describe", after(payments(), &["d"]));
}

#[test]
fn the_palette() {
    sizes("palette", after(payments(), &[":", "a", "l", "a"]));
}

#[rstest]
#[case::filter("filter_typed", &["/", "p", "r", "o", "d"])]
#[case::no_match("filter_empty", &["/", "q", "q", "q", "enter"])]
#[case::nothing_wrong("attention", &["z"])]
#[case::details("details", &["tab", "j"])]
#[case::paused("paused", &["space"])]
#[case::notice("notice", &["y"])]
#[case::messages("messages", &["y", "M"])]
fn what_the_keys_do_to_the_wall(#[case] name: &str, #[case] keys: &[&str]) {
    let mut app = after(payments(), keys);
    insta::assert_snapshot!(format!("keys_{name}"), text(&screen(&mut app, &dark(), 80, 24)));
}

#[rstest]
#[case::no_environment("no_environment", vec![], &[])]
#[case::waiting("waiting", vec![0, 1], &[])]
#[case::no_alarms("no_alarms", vec![0], &["L"])]
#[case::no_resource("no_resource", vec![0], &["enter"])]
fn an_empty_screen_says_why(#[case] name: &str, #[case] environments: Vec<usize>, #[case] keys: &[&str]) {
    use crate::model::Tier;
    let environment =
        |id: usize| super::testing::estate::environment(id, "payments", "dev", Tier::Development, "eu-west-1");
    let mut app = after(console(environments.into_iter().map(environment).collect()), keys);
    insta::assert_snapshot!(format!("empty_{name}"), text(&screen(&mut app, &dark(), 80, 24)));
}

#[rstest]
#[case(60, 15)]
#[case(40, 10)]
#[case(20, 5)]
fn small_terminals(#[case] width: u16, #[case] height: u16) {
    insta::assert_snapshot!(format!("small_{width}x{height}"), text(&screen(&mut troubled(), &dark(), width, height)));
}
