//! The gate under a clock that stands still until somebody waits.

use std::time::Duration;

use http::HeaderValue;

use super::*;

const NOW: i64 = 1_767_225_600;
const PATH: &str = "/users";

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

fn rate(count: usize, seconds: u64, writes_only: bool) -> Rate {
    Rate { count, per: Duration::from_secs(seconds), burst: None, writes_only }
}

/// A request that left, and is under way.
async fn left(gate: &Gate) -> Pass<'_> {
    gate.enter(PATH, true).await.unwrap_or_else(|wait| panic!("it may leave: {wait:?}"))
}

async fn left_together(gate: &Gate, count: usize) -> Vec<Pass<'_>> {
    let mut passes = Vec::new();
    for _ in 0..count {
        passes.push(left(gate).await);
    }
    passes
}

fn failed(pass: Pass<'_>, kind: FaultKind) {
    pass.note(None, Some(&fault(kind)), clock());
}

/// How long the next request to this path has to wait, in milliseconds. One that may leave
/// is given up.
async fn waits_at(gate: &Gate, path: &str, writes: bool) -> u128 {
    gate.enter(path, writes).await.err().map_or(0, |wait| wait.pause.as_millis())
}

async fn waits(gate: &Gate, writes: bool) -> u128 {
    waits_at(gate, PATH, writes).await
}

/// A gate that was closed by five failures in a row.
async fn closed() -> Gate {
    let gate = Gate::new(&Limits::default());
    for _ in 0..5 {
        failed(left(&gate).await, FaultKind::NotSent);
    }
    gate
}

#[tokio::test(start_paused = true)]
async fn no_more_leave_in_a_span_than_declared() {
    let rates = vec![rate(3, 60, true), rate(100, 60, false)];
    let gate = Gate::new(&Limits { rates, ..Limits::default() });
    for _ in 0..3 {
        assert_eq!(waits(&gate, true).await, 0);
        tokio::time::advance(Duration::from_secs(10)).await;
    }
    assert_eq!(waits(&gate, true).await, 30_000, "the first leaves the span after a minute");
    assert_eq!(waits(&gate, false).await, 0, "reads have a limit of their own");
    tokio::time::advance(Duration::from_secs(30)).await;
    assert_eq!((waits(&gate, true).await, waits(&gate, true).await), (0, 10_000));
}

#[tokio::test(start_paused = true)]
async fn a_burst_is_smaller_than_the_rate() {
    let rates = vec![Rate { burst: Some(2), ..rate(6, 60, false) }];
    let gate = Gate::new(&Limits { rates, ..Limits::default() });
    for _ in 0..5 {
        assert_eq!((waits(&gate, false).await, waits(&gate, false).await), (0, 0));
        assert_eq!(waits(&gate, false).await, 20_000, "bursts in a row keep the rate");
        tokio::time::advance(Duration::from_secs(20)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn paths_are_counted_on_their_own() {
    let one = |path: &str, count| PathLimit { path: path.to_owned(), rates: vec![rate(count, 60, false)] };
    let paths = vec![one("/users/*", 2), one("/users", 1)];
    let gate = Gate::new(&Limits { rates: vec![rate(5, 60, false)], paths, ..Limits::default() });
    let rows = [
        ("/users", 0),
        ("/users", 60_000),
        ("/users/17", 0),
        ("/users/18", 0),
        ("/users/17", 60_000),
        ("/groups", 0),
        ("/groups", 0),
        ("/groups", 60_000),
    ];
    for (path, expected) in rows {
        assert_eq!(waits_at(&gate, path, false).await, expected, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_system_says_of_one_path_holds_back_that_path() {
    let users = PathLimit { path: "/users".to_owned(), rates: Vec::new() };
    let gate = Gate::new(&Limits { paths: vec![users], ..Limits::default() });
    left(&gate).await.note(Some(&headers("0", "20")), None, clock());
    assert_eq!(waits_at(&gate, "/users/17", false).await, 20_250);
    assert_eq!(waits_at(&gate, "/groups", false).await, 0);
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
        left(&gate).await.note(Some(&headers), None, clock());
        assert_eq!(waits(&gate, true).await, expected, "{headers:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn those_under_way_are_counted() {
    let gate = Gate::new(&Limits::default());
    let mut under_way = left_together(&gate, 4).await;
    under_way.remove(0).note(Some(&headers("4", "20")), None, clock());
    assert_eq!(waits(&gate, true).await, 0, "three of the four that are left are under way");
    assert_eq!(waits(&gate, true).await, 20_250);
    tokio::time::advance(Duration::from_secs(21)).await;
    assert_eq!(waits(&gate, true).await, 0, "the window is new");
}

#[tokio::test(start_paused = true)]
async fn those_that_were_given_up_are_under_way_no_longer() {
    let gate = Gate::new(&Limits::default());
    drop(left_together(&gate, 4).await);
    left(&gate).await.note(Some(&headers("1", "20")), None, clock());
    assert_eq!(waits(&gate, true).await, 0, "the one that is left is nobody's");
}

#[tokio::test(start_paused = true)]
async fn one_refusal_holds_back_all() {
    let gate = Gate::new(&Limits::default());
    let told = Fault { retry_after: Some(Duration::from_secs(7)), ..fault(FaultKind::RateLimited) };
    let mut under_way = left_together(&gate, 8).await;
    under_way.remove(0).note(None, Some(&told), clock());
    assert_eq!(waits(&gate, false).await, 7000);
}

#[tokio::test(start_paused = true)]
async fn refusals_in_a_row_make_the_pause_longer() {
    let gate = Gate::new(&Limits::default());
    let second = Duration::from_secs(1);
    let mut together = left_together(&gate, 3).await;
    failed(together.remove(0), FaultKind::RateLimited);
    failed(together.remove(0), FaultKind::RateLimited);
    assert_eq!(waits(&gate, true).await, 250, "two that left together are one refusal");
    tokio::time::advance(second).await;
    failed(together.remove(0), FaultKind::RateLimited);
    assert_eq!(waits(&gate, true).await, 0, "also where one of them is answered late");
    failed(left(&gate).await, FaultKind::RateLimited);
    assert_eq!(waits(&gate, true).await, 500, "refused again, it takes longer");
    tokio::time::advance(second).await;
    left(&gate).await.note(None, None, clock());
    failed(left(&gate).await, FaultKind::RateLimited);
    assert_eq!(waits(&gate, true).await, 250, "a success forgets it");
}

#[tokio::test(start_paused = true)]
async fn a_success_among_refusals_breaks_nothing() {
    let gate = Gate::new(&Limits::default());
    let mut together = left_together(&gate, 3).await;
    failed(together.remove(0), FaultKind::RateLimited);
    together.remove(0).note(None, None, clock());
    failed(together.remove(0), FaultKind::RateLimited);
    assert_eq!(waits(&gate, true).await, 250);
}

#[tokio::test(start_paused = true)]
async fn a_system_that_is_down_is_asked_by_one() {
    let gate = closed().await;
    assert_eq!(waits(&gate, false).await, 1000);
    tokio::time::advance(Duration::from_secs(1)).await;
    let probe = left(&gate).await;
    assert_eq!(waits(&gate, true).await, 100, "one asks, the others wait for it");
    failed(probe, FaultKind::NotSent);
    assert_eq!(waits(&gate, true).await, 2000);
    tokio::time::advance(Duration::from_secs(2)).await;
    failed(left(&gate).await, FaultKind::NotFound);
    let _one = left(&gate).await;
    assert_eq!(waits(&gate, true).await, 0, "an answer is an answer");
}

#[tokio::test(start_paused = true)]
async fn if_the_one_is_given_up_another_one_asks() {
    let gate = closed().await;
    tokio::time::advance(Duration::from_secs(1)).await;
    for _ in 0..3 {
        let probe = left(&gate).await;
        assert_eq!(waits(&gate, true).await, 100);
        drop(probe);
    }
    left(&gate).await.note(None, None, clock());
    assert_eq!(waits(&gate, true).await, 0);
}

#[tokio::test(start_paused = true)]
async fn those_that_fail_together_are_one_failure() {
    let gate = Gate::new(&Limits::default());
    for _ in 0..4 {
        left_together(&gate, 16).await.into_iter().for_each(|pass| failed(pass, FaultKind::AnswerLost));
        assert_eq!(waits(&gate, true).await, 0);
    }
    left_together(&gate, 16).await.into_iter().for_each(|pass| failed(pass, FaultKind::AnswerLost));
    assert_eq!(waits(&gate, true).await, 1000, "the fifth failure, and its shortest pause");
}

#[tokio::test(start_paused = true)]
async fn one_that_left_before_the_failure_and_fails_late_is_no_news() {
    let gate = Gate::new(&Limits::default());
    let mut late = left_together(&gate, 2).await;
    for _ in 0..5 {
        failed(left(&gate).await, FaultKind::Unavailable);
    }
    tokio::time::advance(Duration::from_secs(1)).await;
    let _probe = left(&gate).await;
    failed(late.remove(0), FaultKind::AnswerLost);
    assert_eq!(waits(&gate, true).await, 100, "the probe is still the only one, and no pause began");
    late.remove(0).note(None, None, clock());
    assert_eq!(waits(&gate, true).await, 0, "but its success is one");
}

#[tokio::test(start_paused = true)]
async fn only_so_many_are_under_way() {
    let gate = Gate::new(&Limits { concurrent: Some(2), ..Limits::default() });
    let (one, _two) = (left(&gate).await, left(&gate).await);
    let third = tokio::time::timeout(Duration::from_secs(1), left(&gate)).await;
    assert!(third.is_err(), "it waits");
    drop(one);
    assert!(tokio::time::timeout(Duration::from_secs(1), left(&gate)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn one_that_has_to_wait_holds_no_place() {
    let limits = Limits { concurrent: Some(1), rates: vec![rate(1, 60, true)], ..Limits::default() };
    let gate = Gate::new(&limits);
    drop(left(&gate).await);
    assert_eq!(waits(&gate, true).await, 60_000);
    let read = tokio::time::timeout(Duration::from_secs(1), waits(&gate, false)).await;
    assert_eq!(read.ok(), Some(0), "a read need not wait for the write that waits");
}

#[tokio::test(start_paused = true)]
async fn impatience_says_what_is_waited_for() {
    let cause =
        Fault::new(FaultKind::Unavailable, "503 maintenance").with_code(provost_core::Code::Number(503));
    let down = Wait { pause: Duration::from_secs(8), reason: Reason::Down(Box::new(cause)) };
    let told = Wait { pause: Duration::from_millis(6500), reason: Reason::Told };
    let rows = [
        (
            down,
            FaultKind::NotSent,
            "not sent: the system is unavailable, after 29 s of waiting. The last failure was: 503 maintenance",
            "look whether the system is up, then try again",
            None,
        ),
        (
            told,
            FaultKind::RateLimited,
            "not sent: the system's rate limit, and that would take 7 s more, after 29 s of waiting",
            "try again in 7 s",
            Some(Duration::from_millis(6500)),
        ),
    ];
    for (wait, kind, message, hint, retry_after) in rows {
        let fault = wait.given_up(Duration::from_secs(29));
        assert_eq!((fault.kind, fault.message.as_str(), fault.retry_after), (kind, message, retry_after));
        assert_eq!(fault.hints, [hint]);
    }
}
