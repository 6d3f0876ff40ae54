//! Where the pollers are told that the operator looks.

use super::*;
use crate::app::HitMap;
use crate::app::eyes::AWAY_S;
use crate::poll::Attention;

fn tick(app: &mut App) -> Option<Attention> {
    let effects = update(app, Message::Tick(app.now));
    effects.into_iter().find_map(|effect| match effect {
        Effect::Attend(attention) => Some(*attention),
        _ => None,
    })
}

#[test]
fn the_screen_is_told_once_and_again_when_it_changes() {
    let mut app = live();
    app.hits = HitMap { rows: 1, columns: 2, ..HitMap::default() };
    app.settle();
    // The worst cell is selected: payments/prod, lambda.
    let told = tick(&mut app).unwrap();
    assert_eq!(told.environments, Some(vec![EnvId(1), EnvId(2)]), "the other column is scrolled away");
    assert_eq!(told.signals, Some(vec![LAMBDA]));
    assert_eq!(told.focused, Some((EnvId(2), LAMBDA)));
    assert_eq!(tick(&mut app), None, "nothing has changed");
    press(&mut app, &["h", "h"]);
    assert_eq!(tick(&mut app).unwrap().focused, Some((EnvId(0), LAMBDA)), "two moves, one word");
    press(&mut app, &["2"]);
    assert_eq!(tick(&mut app).unwrap().environments, Some(vec![EnvId(4)]), "the other system");
    press(&mut app, &["L"]);
    let alarms = tick(&mut app).unwrap();
    assert_eq!((alarms.environments, alarms.signals), (None, Some(vec![ALARMS])));
}

#[test]
fn after_a_quarter_of_an_hour_nobody_is_there_and_one_key_brings_everything_back() {
    let mut app = live();
    tick(&mut app);
    for _ in 1..AWAY_S - 1 {
        assert_eq!(tick(&mut app), None);
    }
    assert!(tick(&mut app).unwrap().away);
    let effects = press(&mut app, &["j"]);
    assert!(matches!(&effects[..], [Effect::Attend(seen)] if !seen.away), "{effects:?}");
    assert!(press(&mut app, &["j"]).is_empty());
}
