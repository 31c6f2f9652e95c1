//! The gate under a clock that stands still until somebody waits.

use std::rc::Rc;

use http::HeaderValue;

use super::*;

const NOW: i64 = 1_767_225_600;

fn clock() -> Timestamp {
    Timestamp::from_second(NOW).expect("a time")
}

fn headers(left: &str, reset: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in
        [("x-rate-limit-limit", "600"), ("x-rate-limit-remaining", left), ("x-rate-limit-reset", reset)]
    {
        headers.insert(name, HeaderValue::from_str(value).expect("a value"));
    }
    headers
}

fn fault(kind: FaultKind) -> Fault {
    Fault::new(kind, "x")
}

/// How long the next request has to wait, in milliseconds.
fn waits(gate: &Gate, writes: bool) -> u128 {
    gate.ask(writes).err().map_or(0, |wait| wait.pause.as_millis())
}

#[tokio::test(start_paused = true)]
async fn no_more_leave_in_a_span_than_declared() {
    let per = Duration::from_mins(1);
    let rates = vec![Rate { count: 3, per, writes_only: true }, Rate { count: 100, per, writes_only: false }];
    let gate = Gate::new(&Limits { concurrent: None, rates });
    for _ in 0..3 {
        assert_eq!(waits(&gate, true), 0);
        tokio::time::advance(Duration::from_secs(10)).await;
    }
    assert_eq!(waits(&gate, true), 30_000, "the first leaves the span after a minute");
    assert_eq!(waits(&gate, false), 0, "reads have a limit of their own");
    tokio::time::advance(Duration::from_secs(30)).await;
    assert_eq!((waits(&gate, true), waits(&gate, true)), (0, 10_000));
}

#[tokio::test(start_paused = true)]
async fn what_a_system_says_is_believed() {
    let cases = [
        (headers("0", &(NOW + 20).to_string()), 20_250),
        (headers("0", "20"), 20_250),
        (headers("0", "Thu, 01 Jan 2026 00:00:20 GMT"), 20_250),
        (headers("1", "20"), 0),
        (headers("none", "20"), 0),
        (headers("0", "9999999999"), 0),
    ];
    for (headers, expected) in cases {
        let gate = Gate::new(&Limits::default());
        assert_eq!(waits(&gate, true), 0);
        gate.note(Some(&headers), None, clock());
        assert_eq!(waits(&gate, true), expected, "{headers:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn those_under_way_are_counted() {
    let gate = Gate::new(&Limits::default());
    (0..4).for_each(|_| assert_eq!(waits(&gate, true), 0));
    gate.note(Some(&headers("4", "20")), None, clock());
    assert_eq!(waits(&gate, true), 0, "three of the four that are left are under way");
    assert_eq!(waits(&gate, true), 20_250);
    tokio::time::advance(Duration::from_secs(21)).await;
    assert_eq!(waits(&gate, true), 0, "the window is new");
}

#[tokio::test(start_paused = true)]
async fn one_refusal_holds_back_all() {
    let gate = Gate::new(&Limits::default());
    let told = Fault { retry_after: Some(Duration::from_secs(7)), ..fault(FaultKind::RateLimited) };
    (0..8).for_each(|_| assert_eq!(waits(&gate, true), 0));
    gate.note(None, Some(&told), clock());
    assert_eq!(waits(&gate, false), 7000);
    let gate = Gate::new(&Limits::default());
    let guessed = |gate: &Gate| {
        gate.note(None, Some(&fault(FaultKind::RateLimited)), clock());
        waits(gate, true)
    };
    assert_eq!((guessed(&gate), guessed(&gate)), (250, 250), "two that left together are one refusal");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(guessed(&gate), 500, "refused again, it takes longer");
    tokio::time::advance(Duration::from_secs(1)).await;
    gate.note(None, None, clock());
    assert_eq!(guessed(&gate), 250, "a success forgets it");
}

#[tokio::test(start_paused = true)]
async fn a_system_that_is_down_is_asked_by_one() {
    let gate = Gate::new(&Limits::default());
    for _ in 0..5 {
        assert_eq!(waits(&gate, true), 0);
        gate.note(None, Some(&fault(FaultKind::NotSent)), clock());
    }
    assert_eq!(waits(&gate, false), 1000);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!((waits(&gate, true), waits(&gate, true)), (0, 100), "one asks, the others wait for it");
    gate.note(None, Some(&fault(FaultKind::NotSent)), clock());
    assert_eq!(waits(&gate, true), 2000);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(waits(&gate, true), 0);
    gate.note(None, Some(&fault(FaultKind::NotFound)), clock());
    assert_eq!((waits(&gate, true), waits(&gate, true)), (0, 0), "an answer is an answer");
}

#[tokio::test(start_paused = true)]
async fn only_so_many_are_under_way() {
    let gate = Rc::new(Gate::new(&Limits { concurrent: Some(2), rates: Vec::new() }));
    let (one, _two) = (gate.place().await, gate.place().await);
    let third = tokio::time::timeout(Duration::from_secs(1), gate.place()).await;
    assert!(third.is_err(), "it waits");
    drop(one);
    assert!(tokio::time::timeout(Duration::from_secs(1), gate.place()).await.is_ok());
}
