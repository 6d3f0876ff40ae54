//! Reads the configuration of a system's environments: how far it is read, and then all of it, judged.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;

use crate::base::Text;
use crate::cloud::Session;
use crate::compare::idle::idle;
use crate::compare::{Asked, Matrix, Progress, Snapshot, reading};
use crate::config::manifest::Manifest;
use crate::inquiry::answer::Answer;
use crate::inquiry::compare::{CompareAnswer, ComparePart, CompareQuestion, Comparison};
use crate::inquiry::room::Room;
use crate::model::{EnvId, Environment, Fault, FaultKind};
use crate::signals::naming::Naming;

/// How long an environment that connects is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks whether it is connected.
const AGAIN: Duration = Duration::from_millis(300);

/// Reads all environments of the system at the same time.
pub async fn work(question: CompareQuestion, room: Room) {
    let CompareQuestion { number, system } = question;
    let answer = |part| Answer::Compare(Box::new(CompareAnswer { number, part }));
    let (manifest, mut warnings) = match room.manifests.of_system(&system) {
        Ok(found) => found,
        Err(problems) => {
            let lines = problems.iter().map(|problem| Text::new(problem.to_string())).collect();
            room.tell(answer(ComparePart::Refused(lines))).await;
            return;
        }
    };
    let environments = room.environments.iter().filter(|environment| environment.system == system);
    let asked = join_all(environments.map(|environment| asked(environment, &room))).await;
    let (asked, accounts): (Vec<Asked>, Vec<Option<Text>>) = asked.into_iter().unzip();
    let done: HashMap<EnvId, AtomicUsize> =
        asked.iter().map(|asked| (asked.environment.id, AtomicUsize::new(0))).collect();
    let progress = |progress: Progress| {
        let env = progress.environment;
        let done = done.get(&env).map_or(0, |done| done.fetch_add(1, Ordering::Relaxed) + 1);
        // Where the console is behind, the next one tells more.
        let _ = room.answers.try_send(answer(ComparePart::Read { env, done }));
    };
    let at = room.clock.now();
    let mut snapshots = reading::read(&asked, at, &progress).await;
    for (snapshot, account) in snapshots.iter_mut().zip(accounts) {
        snapshot.account = snapshot.account.take().or(account);
    }
    let matrix = matrix(&system, &snapshots, &manifest, &room);
    let names: Vec<Text> = snapshots.iter().map(|snapshot| snapshot.name.clone()).collect();
    warnings.extend(idle(&manifest, &matrix, &names));
    let warnings = warnings.iter().map(|warning| Text::new(warning.to_string())).collect();
    let judged = matrix.judge(&manifest);
    room.tell(answer(ComparePart::Done(Arc::new(Comparison { system, at, judged, manifest, warnings })))).await;
}

fn matrix(system: &Text, snapshots: &[Snapshot], manifest: &Manifest, room: &Room) -> Matrix {
    let mut environments = room.environments.to_vec();
    for environment in &mut environments {
        let same = |snapshot: &&Snapshot| snapshot.system == environment.system && snapshot.name == environment.name;
        if let Some(found) = snapshots.iter().find(same) {
            environment.account.clone_from(&found.account);
        }
    }
    let naming = Naming::new(environments.iter(), &room.config.naming.ignore);
    Matrix::of(system.clone(), snapshots, &naming, &manifest.matches)
}

/// The environment as soon as it is connected, and the account that it is in where the configuration does not say.
async fn asked(environment: &Environment, room: &Room) -> (Asked, Option<Text>) {
    let (session, account) = match tokio::time::timeout(PATIENCE, connected(environment.id, room)).await {
        Err(_) => {
            let fault = Fault::new(FaultKind::Unreachable, "compare", "not connected: nothing could be asked");
            (Err(fault), None)
        }
        Ok(session) if session.environment.account.is_some() => (Ok(session), None),
        Ok(session) => match session.verify_identity().await {
            Ok(identity) => (Ok(session), Some(identity.account)),
            Err(fault) => (Err(fault), None),
        },
    };
    (Asked { environment: environment.clone(), session }, account)
}

async fn connected(env: EnvId, room: &Room) -> Arc<Session> {
    loop {
        match room.sessions.get(env) {
            Some(session) => return session,
            None => tokio::time::sleep(AGAIN).await,
        }
    }
}
