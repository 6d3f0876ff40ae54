//! A database whose writer has become slow: failed over to a reader with a phrase and a reason, and verified.

use crate::engineer::Engineer;

const CLUSTER: &str = "wallet-production";
const READER: &str = "wallet-production-2";

#[test]
fn a_slow_writer_is_replaced_by_a_reader() {
    let mut engineer = Engineer::at("wallet-ecs", "aurora-writer", "10m", "20");
    engineer.sees_row(&["RDS and Aurora"]);
    engineer.presses("glle");
    engineer.sees_row(&["RDS and Aurora", CLUSTER]);
    engineer.filters(CLUSTER);
    engineer.chooses(&["RDS and Aurora", CLUSTER]);
    engineer.presses("a");
    engineer.chooses(&["✔ yes", "wallet-aurora-failover"]);
    engineer.arms("wallet-ecs/production");
    engineer.presses("\r");
    engineer.takes_defaults(&["to"]);
    engineer.sees("A question comes first");
    engineer.answers_yes();
    engineer.sees_row(&["writer", "wallet-production-1", "→", READER]);
    engineer.confirms(&format!("production {CLUSTER} {READER}"), Some("the writer is slow"));
    engineer.sees("✔ verified");
    engineer.presses("R");
    engineer.chooses(&["✔ verified", CLUSTER, "kim"]);
    engineer.sees("because: the writer is slow");
    engineer.presses(":wall\r");
    engineer.sees("● all 14 ok");
    engineer.leaves();
    engineer.verifies_records();
}
