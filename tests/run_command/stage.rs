//! A served drill, a user with a home, and the program.

use std::io::{BufRead, BufReader, Lines, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value as Json;
use tokio::runtime::Runtime;
use watchfloor::cloud::Transport;
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::drill::server::{Served, serve};
use watchfloor::drill::wire::Endpoint;
use watchfloor::drill::{Drill, DrillOptions};
use watchfloor::model::{Entry, Record, Sent};
use watchfloor::runbook::audit::{Files, Ledger, Reader};

/// In the credentials file; never anywhere else.
pub const SECRET: &str = "s3cr3t/Key+that/nobody+may/see0000000000";
/// The function of which the alias is moved.
pub const FUNCTION: &str = "payments-prod-payment-processing";
/// What is served before, and what is wanted.
pub const BEFORE: &str = "42";
pub const AFTER: &str = "41";
/// What must be typed for it.
pub const PHRASE: &str = "prod payments-prod-payment-processing 41";

/// The rollback without a look at the signal: data newer than the change take minutes, and these tests use real time.
const NIGHT_ROLLBACK: &str = r#"schema = 1
id = "night-rollback"
title = "Roll a Lambda alias back, our own change alone"
action = "lambda.alias_rollback"
risk = "high"
deadline = "20m"
applies_to = { kind = "lambda-function" }
params.alias = { type = "text" }
params.to = { type = "version", default = "previous" }
require = [{ that = "to.status == ACTIVE" }]
steps = [
  { id = "apply", send = "function_version", value = "{{to}}" },
  { id = "wait", until = "current == to", timeout = "5m" },
]
verify = [{ that = "current == to" }]
"#;

/// Everything that the program needs.
pub struct Stage {
    pub endpoint: Arc<Endpoint>,
    pub folder: tempfile::TempDir,
    runtime: Runtime,
    served: Served,
}

impl Stage {
    /// The estate `payments` without an incident, of which every answer takes `latency`.
    pub fn new(latency_ms: u64) -> Self {
        Self::of("payments", latency_ms)
    }

    /// Another estate.
    pub fn of(estate: &str, latency_ms: u64) -> Self {
        let options = DrillOptions { scenario: Some("calm".to_owned()), ..DrillOptions::new(estate, Timestamp::now()) };
        let drill = Drill::open(&options).unwrap();
        let endpoint = Arc::new(drill.endpoint().latency(Duration::from_millis(latency_ms)));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let served = runtime.block_on(serve(Arc::clone(&endpoint), address)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (mut config, mut profiles) = (String::new(), String::new());
        for own in &drill.config.environments {
            let (system, name) = (&own.system, &own.name);
            let (region, account) = (own.region.clone().unwrap(), own.account.clone().unwrap());
            config += &format!(
                "[[environment]]\nsystem = \"{system}\"\nname = \"{name}\"\nprofile = \"{system}-{name}\"\nregion = \
                 \"{region}\"\naccount = \"{account}\"\nendpoint_url = \"http://{}\"\n",
                served.address
            );
            profiles += &format!(
                "[{system}-{name}]\naws_access_key_id = AKIADRIL{account}\naws_secret_access_key = {SECRET}\n"
            );
        }
        let stage = Self { endpoint, folder, runtime, served };
        stage.write("home/.aws/credentials", &profiles);
        stage.write("config/watchfloor/config.toml", &config);
        stage.write("config/watchfloor/runbooks/night-rollback.toml", NIGHT_ROLLBACK);
        let trusted = stage.done(&["runbooks", "trust", "night-rollback"]);
        assert_eq!(trusted.code, Some(0), "{trusted:?}");
        stage
    }

    /// Writes a file of the user.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The configuration with a text in place of another.
    pub fn reconfigure(&self, from: &str, to: &str) {
        let path = self.folder.path().join("config/watchfloor/config.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in:\n{text}");
        std::fs::write(&path, text.replace(from, to)).unwrap();
    }

    /// The configuration with something after it.
    pub fn configure(&self, more: &str) {
        let path = self.folder.path().join("config/watchfloor/config.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{more}")).unwrap();
    }

    /// Where it is served.
    pub fn address(&self) -> SocketAddr {
        self.served.address
    }

    /// One request for an operation that changes something goes wrong.
    pub fn fails_once(&self, operation: &str, mode: FaultMode) {
        self.endpoint.rules().add(Rule::all(mode).operation(operation).times(1));
    }

    /// The program with the records in `state`.
    pub fn program_in(&self, state: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_watchfloor"));
        command.args(args).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.folder.path().join("home")).env("USER", "kim");
        command.env("XDG_CONFIG_HOME", self.folder.path().join("config")).env("XDG_STATE_HOME", state);
        command.env("AWS_EC2_METADATA_DISABLED", "true").stdin(Stdio::null());
        command
    }

    /// The program.
    pub fn program(&self, args: &[&str]) -> Command {
        self.program_in(&self.state_base(), args)
    }

    /// Runs it to its end.
    pub fn done(&self, args: &[&str]) -> Done {
        Done::of(&self.program(args).output().unwrap())
    }

    /// Starts it, to be read line by line.
    pub fn start(&self, args: &[&str]) -> Running {
        Running::of(self.program(args))
    }

    fn state_base(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// The state folder of the program.
    pub fn state(&self) -> PathBuf {
        self.state_base().join("watchfloor")
    }

    /// All records; none where nothing was written.
    pub fn records(&self) -> Vec<Record> {
        records_in(&self.state())
    }

    /// Every request that would change something, whether it was carried out or not.
    pub fn mutations(&self) -> Vec<String> {
        self.endpoint.log().changes().iter().map(|one| one.operation.clone()).collect()
    }

    /// A client's settings for the production account.
    fn sdk(&self) -> aws_config::SdkConfig {
        let credentials = watchfloor::drill::accounts::Accounts::credentials("333333333333");
        aws_config::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(aws_config::Region::new("us-east-1"))
            .endpoint_url(format!("http://{}", self.address()))
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
            .http_client(Transport::network().http)
            .build()
    }

    /// Makes a table of which the reads and writes are provisioned, in production.
    pub fn make_table(&self, name: &str) {
        use aws_sdk_dynamodb::types::{
            AttributeDefinition, KeySchemaElement, KeyType, ProvisionedThroughput, ScalarAttributeType,
        };
        let client = aws_sdk_dynamodb::Client::new(&self.sdk());
        let text = ScalarAttributeType::S;
        let attribute = AttributeDefinition::builder().attribute_name("pk").attribute_type(text).build().unwrap();
        let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap();
        let units = ProvisionedThroughput::builder().read_capacity_units(10).write_capacity_units(10).build().unwrap();
        let made = client.create_table().table_name(name).attribute_definitions(attribute).key_schema(key);
        self.runtime.block_on(made.provisioned_throughput(units).send()).unwrap();
    }

    /// The version that the alias serves, as AWS says.
    pub fn served_version(&self) -> String {
        let client = aws_sdk_lambda::Client::new(&self.sdk());
        let asked = client.get_alias().function_name(FUNCTION).name("live").send();
        self.runtime.block_on(asked).unwrap().function_version().unwrap().to_owned()
    }
}

/// The records in a state folder.
pub fn records_in(folder: &Path) -> Vec<Record> {
    let mut all = Vec::new();
    if folder.join("audit.jsonl").exists() {
        Reader::open(Files::new(folder, Ledger::Real)).read(|record| all.push(record.clone())).unwrap();
    }
    all
}

/// Runs with an intent of which the outcome is not in the records, the oldest first.
pub fn unresolved(records: &[Record]) -> Vec<String> {
    let mut open = Vec::new();
    for record in records {
        match &record.entry {
            Entry::Intent { run, .. } => open.push(run.to_string()),
            Entry::Outcome { run, sent, .. } if !matches!(sent, Sent::Unknown { .. }) => {
                open.retain(|known| *known != **run);
            }
            Entry::Resolved { run, .. } => open.retain(|known| *known != **run),
            _ => {}
        }
    }
    open
}

/// The names of the entries.
pub fn kinds(records: &[Record]) -> Vec<String> {
    let kind = |record: &Record| serde_json::to_value(&record.entry).unwrap()["kind"].as_str().unwrap().to_owned();
    records.iter().map(kind).collect()
}

/// How it ended, and what it said.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Done {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Its output as one JSON value.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Its output as one JSON value a line.
    pub fn lines(&self) -> Vec<Json> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
    }
}

/// The program while it runs. It is killed when it is dropped.
pub struct Running {
    pub child: Child,
    pub lines: Option<Lines<BufReader<ChildStdout>>>,
    errors: Option<JoinHandle<String>>,
}

impl Running {
    pub fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut stderr = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            // What was read until it ended is enough.
            let _ = stderr.read_to_string(&mut text);
            text
        });
        Self { child, lines: Some(lines), errors: Some(errors) }
    }

    /// Reads until it says that it is in this state; false where it ended before.
    pub fn reaches(&mut self, state: &str) -> bool {
        let wanted = format!("\"state\":\"{state}\"");
        let lines = self.lines.as_mut().unwrap();
        lines.map_while(Result::ok).any(|line| line.contains(&wanted))
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// SIGKILL, and what remains of it.
    pub fn kill(mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }

    /// Reads the rest and waits for its end.
    pub fn end(mut self) -> Done {
        let rest: Vec<String> =
            self.lines.take().map(|lines| lines.map_while(Result::ok).collect()).unwrap_or_default();
        let status = self.child.wait().unwrap();
        let err = self.errors.take().unwrap().join().unwrap();
        Done { code: status.code(), out: rest.join("\n"), err }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The arguments that move the alias back, with `more` after them.
pub fn rollback<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let function: &'static str = "function=payments-prod-payment-processing";
    let base = ["run", "night-rollback", "--env", "prod", "--param", function, "--param", "to=41"];
    [&base, more].concat()
}

/// The same, applied.
pub fn applied() -> Vec<&'static str> {
    rollback(&["--confirm", PHRASE, "--json"])
}
