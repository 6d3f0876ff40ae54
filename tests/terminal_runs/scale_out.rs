//! A service that cannot bear the load: scaled out, verified, owed, and brought back with one key.

use crate::engineer::Engineer;

const SERVICE: &str = "management-tier";

#[test]
fn a_saturated_service_is_scaled_out_and_brought_back() {
    let mut engineer = Engineer::at("uex-payments", "peak", "5m", "20");
    engineer.sees_row(&["ECS capacity", "✖"]);
    engineer.presses("gjlle");
    engineer.sees_row(&["✖ critical", "ECS capacity", SERVICE]);
    engineer.filters(SERVICE);
    engineer.chooses(&["ECS capacity", SERVICE]);
    engineer.presses("a");
    engineer.chooses(&["✔ yes", "ecs-scale"]);
    engineer.arms("uex-payments/prod");
    engineer.presses("\r");
    engineer.sees("enter takes it");
    engineer.fills_in("desired", "6");
    engineer.takes_defaults(&["until"]);
    engineer.sees_row(&["minimum", "3", "→", "6"]);
    engineer.sees("leaves to be brought back");
    engineer.confirms(&format!("prod {SERVICE} 6"), None);
    engineer.sees("✔ verified");

    // Nobody forgets it: it stands on the wall until it is brought back.
    engineer.presses(":wall\r");
    engineer.sees_row(&["uex-payments", "1 owed"]);
    engineer.presses("R");
    engineer.chooses(&["owed", SERVICE, "kim"]);
    engineer.sees("raised from 3 to 6");
    engineer.presses("u");
    engineer.sees_row(&["minimum", "6", "→", "3"]);
    engineer.confirms(&format!("prod {SERVICE} 3"), None);
    engineer.sees("✔ verified");
    engineer.presses(":wall\r");
    engineer.sees_no("owed");
    engineer.leaves();
    engineer.verifies_records();
}
