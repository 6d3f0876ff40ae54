//! How the screens of changes look.

use std::sync::Arc;

use rstest::rstest;

use crate::app::{App, Message, update_all};
use crate::model::record::Overridden;
use crate::model::{Fault, FaultKind, Risk, Standing};
use crate::runbook::desk::{Answer, Offered};
use crate::runbook::machine::Event;
use crate::ui::Depth;
use crate::ui::testing::changes::{
    Hand, PROD, accepted, ago, armed, console, course, cut, offered, plan, ready, refused, standings, told, verifying,
};
use crate::ui::testing::{dark, look, press, screen, styled, text};

fn sizes(name: &str, mut app: App) {
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), styled(&screen(&mut app, &dark(), width, height)));
    }
}

/// The screen of what can be done to prod's payment-processing.
fn asked() -> App {
    let mut app = console();
    screen(&mut app, &dark(), 120, 40);
    press(&mut app, &["j", "a"]);
    app
}

fn answered() -> App {
    let mut app = asked();
    let number = app.runbooks.number;
    told(&mut app, Answer::Offered { number, outcome: Ok(Arc::new(offered())) });
    app
}

fn running(hand: &Hand) -> App {
    let mut app = console();
    armed(&mut app, PROD);
    app.notices.dismiss(app.now);
    hand.show(&mut app);
    app.notices.dismiss(app.now);
    app
}

#[test]
fn what_can_be_done() {
    sizes("runbooks", answered());
}

#[test]
fn a_form_with_choices() {
    let mut app = answered();
    press(&mut app, &["enter"]);
    sizes("form", app);
}

#[test]
fn a_form_that_refuses() {
    let mut app = answered();
    press(&mut app, &["j", "enter", "9", "9", "9", "enter"]);
    sizes("form_refused", app);
}

#[test]
fn a_plan_that_may_be_confirmed() {
    sizes("ready", running(&ready(Risk::High)));
}

#[test]
fn a_plan_that_guards_refuse() {
    sizes("refused", running(&refused()));
}

#[test]
fn the_typed_confirmation() {
    let mut app = running(&ready(Risk::Critical));
    press(&mut app, &["enter"]);
    sizes("confirm", app);
}

#[test]
fn a_change_being_verified() {
    sizes("verifying", running(&verifying()));
}

#[test]
fn an_outcome_that_nobody_knows() {
    let mut hand = Hand::new(course(Risk::High), "payment-processing");
    hand.sent("payment-processing", cut());
    hand.observed(2, Standing::Unclear, "live points to 43, revision b3f2");
    sizes("unknown", running(&hand));
}

#[test]
fn a_run_that_is_over() {
    let mut hand = verifying();
    hand.observed(3, Standing::Overtaken, "applied, then changed by deploy-bot 42 → 44");
    sizes("failed", running(&hand));
}

#[test]
fn the_records() {
    let mut app = console();
    ready(Risk::High).show(&mut app);
    told(&mut app, Answer::Records(Arc::new(standings())));
    press(&mut app, &["R"]);
    sizes("records", app);
}

#[test]
fn the_wall_does_not_hide_what_is_open() {
    let mut app = console();
    ready(Risk::High).show(&mut app);
    told(&mut app, Answer::Records(Arc::new(standings())));
    armed(&mut app, PROD);
    app.notices.dismiss(app.now);
    press(&mut app, &["esc"]);
    sizes("wall", app);
}

#[test]
fn arming_production() {
    let mut app = console();
    screen(&mut app, &dark(), 120, 40);
    press(&mut app, &["A"]);
    sizes("arming", app);
}

#[rstest]
#[case::light("light", Depth::TrueColor, false)]
#[case::sixteen("dark", Depth::Sixteen, false)]
#[case::mono_ascii("dark", Depth::Mono, true)]
fn other_looks(#[case] theme: &str, #[case] depth: Depth, #[case] ascii: bool) {
    let mut app = running(&refused());
    let name = format!("refused_{theme}_{depth:?}_{ascii}");
    insta::assert_snapshot!(name, styled(&screen(&mut app, &look(theme, depth, ascii), 120, 40)));
    let mut app = running(&ready(Risk::Critical));
    press(&mut app, &["enter"]);
    let name = format!("confirm_{theme}_{depth:?}_{ascii}");
    insta::assert_snapshot!(name, styled(&screen(&mut app, &look(theme, depth, ascii), 120, 40)));
}

#[test]
fn names_that_are_much_too_long() {
    let name = format!("支払い-{}-end", "x".repeat(240));
    let mut hand = Hand::new(course(Risk::High), &name);
    hand.planned(plan(&name)).answered();
    let mut app = running(&hand);
    let mut shown = text(&screen(&mut app, &dark(), 80, 24));
    press(&mut app, &["enter"]);
    shown.push_str(&text(&screen(&mut app, &dark(), 80, 24)));
    shown.push_str(&text(&screen(&mut app, &dark(), 120, 40)));
    insta::assert_snapshot!("long", shown);
}

#[test]
fn empty_screens_say_why() {
    let mut shown = String::new();
    let mut show = |mut app: App| shown.push_str(&text(&screen(&mut app, &dark(), 80, 12)));
    show(asked());
    let mut failed = asked();
    let number = failed.runbooks.number;
    let fault = Fault::new(FaultKind::Expired, "ListAliases", "the token has expired")
        .with_remedy("run: aws sso login --profile payments-prod");
    told(&mut failed, Answer::Offered { number, outcome: Err(fault) });
    show(failed);
    let mut none = asked();
    let number = none.runbooks.number;
    let outcome = Ok(Arc::new(Offered { offers: Vec::new(), problems: Vec::new() }));
    told(&mut none, Answer::Offered { number, outcome });
    show(none);
    let mut reading = console();
    press(&mut reading, &["R"]);
    show(reading);
    let mut nothing = console();
    press(&mut nothing, &["R"]);
    told(&mut nothing, Answer::Records(Arc::default()));
    show(nothing);
    let mut refused = answered();
    press(&mut refused, &["j", "j", "enter"]);
    show(refused.clone());
    told(&mut refused, Answer::NotStarted("another console holds the records".into()));
    refused.notices.dismiss(refused.now);
    show(refused);
    insta::assert_snapshot!("empty", shown);
}

#[test]
fn a_run_whose_credentials_ran_out() {
    let mut hand = Hand::new(course(Risk::High), "payment-processing");
    hand.sent("payment-processing", accepted());
    let fault = Fault::new(FaultKind::Expired, "GetAlias", "ExpiredTokenException")
        .with_remedy("run: aws sso login --profile payments-prod");
    hand.at = ago(2);
    hand.tell(Event::Observed(Err(fault)));
    let mut app = running(&hand);
    insta::assert_snapshot!("paused", text(&screen(&mut app, &dark(), 80, 24)));
}

#[test]
fn an_override_is_typed_with_its_reason() {
    let hand = refused();
    let mut app = running(&hand);
    screen(&mut app, &dark(), 120, 40);
    let line = app.run_rows().iter().position(|row| {
        matches!(row, crate::app::screens::RunRow::Guard(index)
            if hand.run.verdicts[*index].rule.starts_with("freeze"))
    });
    app.run.rows.key = app.run_rows().get(line.unwrap()).copied();
    let _ = update_all(&mut app, [Message::Resize(120, 40)]);
    press(&mut app, &["enter"]);
    insta::assert_snapshot!("override", text(&screen(&mut app, &dark(), 120, 40)));
    let mut hand = hand;
    let rule = hand.run.verdicts.iter().find(|v| v.rule.starts_with("freeze")).unwrap().rule.clone();
    hand.tell(Event::Overrode(Overridden { rule, reason: "payments stand still".into() }));
    let mut app = running(&hand);
    insta::assert_snapshot!("overridden", text(&screen(&mut app, &dark(), 120, 40)));
}
