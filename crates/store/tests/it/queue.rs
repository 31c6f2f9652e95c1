//! The queue of tasks.

use std::collections::HashSet;
use std::time::Duration;

use provost_store::{Lease, Leased, Progress, Store, StoreError, Task, Write};

use crate::stores::{open, stores};

const LEASE: Duration = Duration::from_secs(30);

fn task(line: u64, lane: &str) -> Task {
    let (instance, command) = ("crm".to_owned(), format!("line {line}").into_bytes());
    Task { line, place: 0, instance, lane: lane.to_owned(), command }
}

/// Adds tasks that may be begun.
async fn enqueue(store: &Store, run: &str, tasks: &[Task]) {
    store.enqueue(run, tasks).await.unwrap();
    store.commit(vec![Write::Release(run.into())]).await.unwrap();
}

async fn lines(store: &Store, node: &str, most: u64) -> Vec<Leased> {
    store.lease(node, LEASE, most).await.unwrap()
}

fn numbers(leased: &[Leased]) -> Vec<u64> {
    leased.iter().map(|task| task.lease.line).collect()
}

fn done(task: &Leased) -> Vec<Write> {
    vec![Write::TaskDone(Box::new(task.lease.clone()))]
}

#[tokio::test]
async fn a_lane_is_worked_on_in_order() {
    for (store, _, _place) in stores().await {
        let tasks = [task(1, "ann"), task(2, "bo"), task(3, "ann"), task(4, "ann")];
        store.enqueue("r1", &tasks).await.unwrap();
        store.enqueue("r2", &[task(1, "ann"), task(2, "cy")]).await.unwrap();
        assert!(lines(&store, "n1", 10).await.is_empty(), "they are held");
        store.commit(["r1", "r2"].map(|run| Write::Release(run.into())).into()).await.unwrap();
        let first = lines(&store, "n1", 10).await;
        assert_eq!(numbers(&first), [1, 2, 2], "one of each lane");
        assert_eq!(first[0].command, b"line 1");
        assert!(lines(&store, "n2", 10).await.is_empty());
        store.commit(done(&first[0])).await.unwrap();
        let second = lines(&store, "n2", 10).await;
        assert_eq!((second[0].lease.run.as_str(), numbers(&second)), ("r1", vec![3]));
        let soon = store.now() + Duration::from_mins(1);
        assert!(store.put_back(&second[0].lease, soon).await.unwrap());
        assert!(lines(&store, "n2", 10).await.is_empty(), "line 4 waits for line 3, which waits");
        assert_eq!(
            store.progress("r1").await.unwrap(),
            Progress { queued: 2, leased: 1, done: 1, cancelled: 0 }
        );
        assert!(store.is_unfinished("r1").await.unwrap());
    }
}

#[tokio::test]
async fn a_lease_that_ran_out_is_somebody_elses() {
    for (store, fixed, _place) in stores().await {
        enqueue(&store, "r1", &[task(1, "ann")]).await;
        let slow = lines(&store, "n1", 1).await;
        fixed.pass(20);
        assert_eq!(store.renew_leases(&[slow[0].lease.clone()], LEASE).await.unwrap(), 1);
        fixed.pass(20);
        assert!(lines(&store, "n2", 1).await.is_empty(), "it was renewed");
        fixed.pass(20);
        let quick = lines(&store, "n2", 1).await;
        assert_eq!((quick[0].attempts, quick[0].lease.fence), (2, 2));
        assert_eq!(store.renew_leases(&[slow[0].lease.clone()], LEASE).await.unwrap(), 0);
        let late = store.commit(done(&slow[0])).await;
        assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
        assert!(!store.put_back(&slow[0].lease, store.now()).await.unwrap());
        store.commit(done(&quick[0])).await.unwrap();
        assert!(!store.is_unfinished("r1").await.unwrap());
    }
}

#[tokio::test]
async fn a_late_commit_writes_nothing_and_takes_nobody_with_it() {
    for (store, _, _place) in stores().await {
        enqueue(&store, "r1", &[task(1, "ann"), task(2, "bo")]).await;
        let leased = lines(&store, "n1", 2).await;
        let stale = Leased { lease: Lease { fence: 7, ..leased[0].lease.clone() }, ..leased[0].clone() };
        let event =
            || crate::stores::written(crate::stores::event(&store, provost_core::AuditKind::Command, "x"));
        let held = |task: &Leased| Write::TaskHeld(Box::new(task.lease.clone()));
        assert!(store.commit(vec![event(), held(&stale)]).await.is_err());
        let (bad, good) = tokio::join!(
            store.commit([vec![event()], done(&stale)].concat()),
            store.commit([vec![event(), held(&leased[1])], done(&leased[1])].concat())
        );
        assert!(matches!(bad, Err(StoreError::Conflict(_))));
        assert_eq!(good.unwrap(), [1], "the event of the late one is not there");
        assert!(store.verify(None, &|_| {}).await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn what_is_cancelled_can_be_resumed() {
    for (store, _, _place) in stores().await {
        enqueue(&store, "r1", &[task(1, "ann"), task(2, "ann")]).await;
        let first = lines(&store, "n1", 1).await;
        assert_eq!(store.cancel_tasks("r1").await.unwrap(), 1, "what is begun is finished");
        store.commit(done(&first[0])).await.unwrap();
        assert!(lines(&store, "n1", 1).await.is_empty());
        assert_eq!(store.resume_tasks("r1").await.unwrap(), 1);
        assert_eq!(numbers(&lines(&store, "n1", 1).await), [2]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_servers_lease_each_task_once_and_no_lane_twice() {
    for (store, fixed, place) in stores().await {
        let tasks: Vec<Task> = (1..=300).map(|line| task(line, &format!("lane {}", line % 40))).collect();
        enqueue(&store, "r1", &tasks).await;
        let mut running = tokio::task::JoinSet::new();
        for node in 0..4 {
            let store = open(&place, &fixed).await;
            running.spawn(async move {
                let (mut seen, node) = (Vec::new(), format!("n{node}"));
                loop {
                    let leased = lines(&store, &node, 7).await;
                    let lanes: HashSet<u64> = leased.iter().map(|task| task.lease.line % 40).collect();
                    assert_eq!(lanes.len(), leased.len(), "a lane was leased twice");
                    for task in &leased {
                        store.commit(done(task)).await.unwrap();
                        seen.push(task.lease.line);
                    }
                    if !store.is_unfinished("r1").await.unwrap() {
                        return seen;
                    }
                    tokio::task::yield_now().await;
                }
            });
        }
        let mut all: Vec<u64> = running.join_all().await.into_iter().flatten().collect();
        all.sort_unstable();
        assert_eq!(all, (1..=300).collect::<Vec<_>>());
    }
}
