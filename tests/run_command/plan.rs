//! Plans: nothing is sent, nothing is written, and every mistake has one clear message.

use rstest::rstest;

use crate::stage::{PHRASE, SECRET, Stage, rollback};

const NOTHING: [&str; 0] = [];

#[test]
fn a_plan_is_json_and_leaves_nothing_behind() {
    let stage = Stage::new(0);
    let done = stage.done(&rollback(&["--plan", "--json"]));
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
    let plan = done.json();
    assert_eq!((&plan["schema"], &plan["allowed"], &plan["confirm"]), (&1.into(), &true.into(), &PHRASE.into()));
    assert_eq!((&plan["runbook"], &plan["risk"]), (&"night-rollback".into(), &"high".into()));
    assert_eq!(plan["plan"]["operation"], "lambda:UpdateAlias");
    assert_eq!(plan["sent"], 0);
    assert!(plan["guards"].as_array().unwrap().len() > 15 && plan["plan"]["undo"].is_object(), "{plan}");
    assert_eq!(stage.mutations(), NOTHING);
    assert_eq!(stage.records(), []);
    assert!(!stage.state().join("audit.jsonl").exists());
    assert!(!done.out.contains(SECRET));
    // Without --confirm it is the same, as text.
    let text = stage.done(&rollback(&[]));
    assert!(text.code == Some(0) && text.out.contains(&format!("--confirm \"{PHRASE}\"")), "{text:?}");
}

#[test]
fn a_refused_plan_names_its_rule() {
    let stage = Stage::new(0);
    let function = "function=payments-prod-payment-processing";
    let args = ["run", "lambda-concurrency", "--env", "prod", "--param", function, "--param", "reserved=60"];
    for plan_only in [&["--plan"][..], &["--confirm", "prod payments-prod-payment-processing 60"]] {
        let done = stage.done(&[&args[..], plan_only].concat());
        assert_eq!(done.code, Some(3), "{done:?}");
        assert!(done.out.contains("REFUSED floor/payments-prod-payment-processing"), "{}", done.out);
        assert!(done.out.contains("1000 → 60") && done.out.contains("Nothing was sent."), "{}", done.out);
    }
    let done = stage.done(&[&args[..], &["--plan", "--json"]].concat());
    assert_eq!((done.code, &done.json()["allowed"]), (Some(3), &false.into()));
    assert_eq!(stage.mutations(), NOTHING);
}

#[rstest]
#[case(&["run", "lambda-alias-rollbak", "--env", "prod"], &["lambda-alias-rollbak", "did you mean `lambda-alias-rollback`"])]
#[case(&["run", "lambda-alias-rollback", "--env", "qa", "--param", "function=x"], &["no environment `qa`", "payments/prod"])]
#[case(&["run", "lambda-alias-rollback", "--env", "prod"], &["--param function=NAME"])]
#[case(&["run", "lambda-alias-rollback", "--env", "prod", "--param", "function=zz"], &["`zz` was found", "Nothing was sent"])]
#[case(&["run", "lambda-alias-rollback", "--env", "prod", "--param", "function=x", "--param", "two=2"], &["no parameter `two`", "alias, to, function"])]
#[case(&["run", "dynamodb-capacity", "--env", "prod", "--param", "table=x", "--param", "read=many"], &["--param read", "`many`"])]
#[case(&["run", "dynamodb-capacity", "--env", "prod", "--param", "table=x", "--param", "read=0"], &["--param read", "1"])]
#[case(&["run", "--undo", "r-none", "--env", "prod"], &["r-none"])]
fn a_mistake_has_one_clear_message(#[case] args: &[&str], #[case] says: &[&str]) {
    let stage = Stage::new(0);
    for more in [&[][..], &["--confirm", PHRASE]] {
        let done = stage.done(&[args, more].concat());
        assert_eq!((done.code, done.out.as_str()), (Some(64), ""), "{done:?}");
        assert_eq!(done.err.lines().count(), 1, "{}", done.err);
        assert!(
            done.err.starts_with("watchfloor: ") && says.iter().all(|word| done.err.contains(word)),
            "{}",
            done.err
        );
    }
    assert_eq!(stage.mutations(), NOTHING);
    assert!(!stage.state().join("audit.jsonl").exists());
}

#[test]
fn a_wrong_phrase_sends_nothing_and_is_recorded() {
    let stage = Stage::new(0);
    for typed in ["yes", "", "prod payments-prod-payment-processing 40", "PROD payments-prod-payment-processing 41"] {
        let done = stage.done(&rollback(&["--confirm", typed]));
        assert_eq!(done.code, Some(3), "{typed:?}: {done:?}");
        let says = "what was typed is not what is asked for: type prod payments-prod-payment-processing 41";
        let line = format!("REFUSED confirmation  {says}. Nothing was sent.  Use --confirm \"{PHRASE}\"");
        assert_eq!(done.out.lines().filter(|told| **told == line).count(), 1, "{}", done.out);
        assert!(!done.out.contains("nobody is there"), "{}", done.out);
        let told = stage.done(&rollback(&["--confirm", typed, "--json"])).lines();
        let closed: Vec<_> = told.iter().filter(|line| line["state"] == "closed").collect();
        assert_eq!((closed.len(), &closed[0]["sent"]), (1, &0.into()), "{told:?}");
        let (refusals, ending) = (&closed[0]["refusals"], &closed[0]["ending"]);
        assert_eq!(*refusals, serde_json::json!(["confirmation"]));
        assert_eq!(*ending, serde_json::json!({"ending": "not-sent", "says": says}));
    }
    assert_eq!(stage.mutations(), NOTHING);
    let refused = crate::stage::kinds(&stage.records()).iter().filter(|kind| *kind == "refused").count();
    assert_eq!(refused, 8);
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
}

#[test]
fn an_environment_that_is_read_only_cannot_be_changed() {
    let stage = Stage::new(0);
    stage.reconfigure("name = \"prod\"\n", "name = \"prod\"\nread_only = true\n");
    for more in [&["--plan"][..], &["--confirm", PHRASE]] {
        let done = stage.done(&rollback(more));
        assert_eq!(done.code, Some(3), "{done:?}");
        let said = format!("{}{}", done.out, done.err);
        assert!(said.contains("read_only") && said.contains("Nothing was sent"), "{said}");
    }
    assert_eq!(stage.mutations(), NOTHING);
}

#[test]
fn an_endpoint_that_is_not_there_is_unknown() {
    let stage = Stage::new(0);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    stage.reconfigure(&stage.address().to_string(), &nobody.to_string());
    for more in [&["--plan", "--json"][..], &["--confirm", PHRASE]] {
        let done = stage.done(&rollback(more));
        assert_eq!(done.code, Some(3), "{done:?}");
        assert!(done.err.contains("Nothing was sent."), "{done:?}");
    }
    assert_eq!(stage.mutations(), NOTHING);
}

#[test]
fn another_account_than_configured_is_refused() {
    let stage = Stage::new(0);
    stage.reconfigure("333333333333", "999999999999");
    for more in [&["--plan"][..], &["--confirm", PHRASE]] {
        let done = stage.done(&rollback(more));
        assert_eq!(done.code, Some(3), "{done:?}");
        assert!(done.err.contains("999999999999") && done.err.contains("Nothing was sent."), "{done:?}");
    }
    assert_eq!(stage.mutations(), NOTHING);
}

#[test]
fn a_refused_confirmation_tells_each_refusal_once() {
    let stage = Stage::new(0);
    let args = ["run", "lambda-concurrency", "--env", "prod", "--param", "reserved=60", "--param"];
    let typed = ["function=payments-prod-payment-processing", "--confirm", "prod payments-prod-payment-processing 60"];
    let done = stage.done(&[&args[..], &typed].concat());
    let told = done.out.lines().filter(|line| line.starts_with("REFUSED floor/")).count();
    assert_eq!((done.code, told), (Some(3), 1), "{}", done.out);
    assert!(done.out.contains("refused by floor/payments-prod-payment-processing"), "{}", done.out);
    assert_eq!(stage.mutations(), NOTHING);
}

#[test]
fn a_critical_change_needs_a_reason_before_anything_is_written_down() {
    let stage = Stage::of("wallet-ecs", 0);
    let book = ["run", "aurora-failover", "--env", "production", "--param", "cluster=wallet-production"];
    let plan = stage.done(&[&book[..], &["--json"]].concat());
    let phrase = plan.json()["confirm"].as_str().unwrap_or_else(|| panic!("{plan:?}")).to_owned();
    let done = stage.done(&[&book[..], &["--confirm", &phrase]].concat());
    assert_eq!(done.code, Some(3), "{done:?}");
    let says = "REFUSED confirmation/reason  a critical change needs a reason. Nothing was sent.";
    assert!(done.out.contains(says) && done.out.contains("--reason"), "{}", done.out);
    let kinds = crate::stage::kinds(&stage.records());
    assert!(!kinds.iter().any(|kind| kind == "intent"), "{kinds:?}");
    assert_eq!(stage.mutations(), NOTHING);
}

#[test]
fn a_name_that_fits_two_resources_is_asked_back() {
    let stage = Stage::new(0);
    for table in ["orders-prod", "prod-orders"] {
        stage.make_table(table);
    }
    let asked = ["run", "dynamodb-capacity", "--env", "prod", "--param", "read=20", "--param"];
    for more in [&[][..], &["--confirm", "prod orders 20"]] {
        let done = stage.done(&[&asked[..], &["table=orders"], more].concat());
        assert_eq!((done.code, done.out.as_str()), (Some(64), ""), "{done:?}");
        let arn = |table| format!("arn:aws:dynamodb:us-east-1:333333333333:table/{table}");
        let says = "watchfloor: `orders` is ambiguous; name one by its ARN, --param table=ARN:";
        let lines = [says.to_owned(), format!("  {}", arn("orders-prod")), format!("  {}", arn("prod-orders"))];
        assert_eq!(done.err.lines().collect::<Vec<_>>(), lines, "{done:?}");
        let by_arn = stage.done(&[&asked[..], &[&format!("table={}", arn("prod-orders"))], more].concat());
        assert!(!by_arn.err.contains("ambiguous"), "{by_arn:?}");
    }
    assert_eq!(stage.mutations(), ["CreateTable", "CreateTable"]);
}

#[test]
fn a_short_name_of_two_environments_is_asked_back() {
    let stage = Stage::new(0);
    let other = "[[environment]]\nsystem = \"cards\"\nname = \"prod\"\nprofile = \"payments-prod\"\n";
    let place = format!("region = \"us-east-1\"\nendpoint_url = \"http://{}\"\n", stage.address());
    stage.configure(&format!("{other}{place}"));
    for more in [&[][..], &["--confirm", PHRASE]] {
        let done = stage.done(&rollback(more));
        assert_eq!((done.code, done.out.as_str()), (Some(64), ""), "{done:?}");
        let says = "watchfloor: `prod` is in several systems; say which: payments/prod, cards/prod\n";
        assert_eq!(done.err, says);
    }
    let mut named = rollback(&[]);
    named[3] = "payments/prod";
    assert_eq!(stage.done(&named).code, Some(0));
    assert_eq!(stage.mutations(), NOTHING);
}
