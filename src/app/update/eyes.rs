//! Tells the pollers where the operator looks: once a second where that has changed, and at once when somebody is back.

use crate::app::effect::Effect;
use crate::app::eyes::AWAY_S;
use crate::app::state::App;

/// A second has gone by without a key.
pub fn second(app: &mut App) -> Vec<Effect> {
    app.quiet_s = app.quiet_s.saturating_add(1).min(AWAY_S);
    told(app)
}

/// A key or the mouse. The first one after a long time brings everything back: the pollers ask
/// for all of it at once.
pub fn awake(app: &mut App) -> Vec<Effect> {
    let was_away = std::mem::take(&mut app.quiet_s) >= AWAY_S;
    if !was_away {
        return Vec::new();
    }
    told(app)
}

fn told(app: &mut App) -> Vec<Effect> {
    let attention = app.attention();
    if attention == app.attended {
        return Vec::new();
    }
    app.attended = attention.clone();
    vec![Effect::Attend(Box::new(attention))]
}
