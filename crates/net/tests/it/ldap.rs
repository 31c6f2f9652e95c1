//! The client of directories against servers that fail in every way that we could think of.

mod fake;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use provost_core::{Clock, Code, Fault, FaultKind, Redactor, Trace};
use provost_net::ldap::{Address, Changing, Directory, Modification, Operation, Refusal, Reply, Search};
use provost_net::{Limits, Proxy, Settings};

use fake::{Answer, Asked, BIND, EXTENDED, Fake, MODIFY, SEARCH, tlv};

const PASSWORD: &str = "canary-password";
/// No answer takes so long on loopback.
const LONG: Duration = Duration::from_secs(5);
/// Where there is none, nobody waits long for it.
const SHORT: Duration = Duration::from_millis(500);

struct Still;

impl Clock for Still {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }
}

fn address(servers: &[&str]) -> Address {
    Address {
        servers: servers.iter().map(|url| url.parse().expect("an address")).collect(),
        start_tls: false,
        follow_referrals: false,
        name: "cn=svc".to_owned(),
        password: PASSWORD.into(),
    }
}

fn settings(timeout: Duration) -> Settings {
    Settings {
        timeout,
        insecure: false,
        proxy: Proxy::Direct,
        authorities: None,
        limits: Limits { concurrent: Some(4), ..Limits::default() },
        patience: Duration::ZERO,
    }
}

fn directory(address: Address, timeout: Duration) -> Directory {
    let settings = settings(timeout);
    let made = Directory::connect(address, &settings, Redactor::default(), Arc::new(Still), Refusal::fault);
    made.unwrap_or_else(|error| panic!("{error}"))
}

fn at(servers: &[&str]) -> Directory {
    directory(address(servers), LONG)
}

/// The same of a server that will not answer.
fn at_silent(fake: &Fake) -> Directory {
    directory(address(&[&fake.url()]), SHORT)
}

fn search(base: &str) -> Search {
    Search::below(base.to_owned(), "(uid=ann)".to_owned(), vec!["*".to_owned()])
}

fn find() -> Operation {
    Operation::Search(search("dc=x"))
}

fn change() -> Operation {
    let values = vec![b"Clerk".to_vec()];
    let title = Modification { attribute: "title".to_owned(), change: Changing::Replace, values };
    Operation::Modify { dn: "uid=ann,dc=x".to_owned(), changes: vec![title], show: Vec::new() }
}

/// Carries it out, and makes sure that nothing that is said holds the password.
async fn ask(directory: &Directory, operation: &Operation) -> (Result<Reply, Fault>, String) {
    let trace = Trace::default();
    let ended = tokio::time::timeout(Duration::from_secs(20), directory.ask(operation, &trace)).await;
    let ended = ended.expect("it ends");
    let steps: Vec<String> = trace.steps().into_iter().map(|step| step.text).collect();
    let told = steps.join("\n");
    let all = format!("{told}{ended:?}");
    assert!(!all.contains(PASSWORD), "{all}");
    (ended, told)
}

async fn fails(directory: &Directory, operation: &Operation) -> Fault {
    ask(directory, operation).await.0.expect_err("it fails")
}

#[tokio::test]
async fn a_refused_log_in_is_one_fault_and_no_other_server_is_tried() {
    let first = Fake::raw(|asked| Answer::Send(asked.result(49, "error, data 52e, v1db1"))).await;
    let second = Fake::start(|asked| Answer::Send(asked.result(0, ""))).await;
    let fault = fails(&at(&[&first.url(), &second.url()]), &find()).await;
    assert_eq!((fault.kind, fault.code), (FaultKind::Unauthenticated, Some(Code::Number(49))));
    assert_eq!((first.count(BIND), second.count(BIND)), (1, 0), "wrong passwords lock accounts");
}

#[tokio::test]
async fn what_the_password_policy_says_is_read() {
    let expired = ("1.3.6.1.4.1.42.2.27.8.5.1", vec![0x30, 3, 0x81, 1, 0]);
    let fake =
        Fake::raw(move |asked| Answer::Send(asked.result_with(49, "", &[], std::slice::from_ref(&expired))))
            .await;
    let read = |refusal: &Refusal| Fault::new(FaultKind::Vendor, format!("{:?}", refusal.policy));
    let made = Directory::connect(
        address(&[&fake.url()]),
        &settings(LONG),
        Redactor::default(),
        Arc::new(Still),
        read,
    );
    let fault = fails(&made.unwrap_or_else(|error| panic!("{error}")), &find()).await;
    assert_eq!(fault.message, "Some(PasswordExpired)");
}

#[tokio::test]
async fn the_next_server_is_asked_where_the_first_is_down() {
    let up = Fake::start(|asked| Answer::Send(asked.result(0, ""))).await;
    let directory = at(&["ldap://127.0.0.1:1", &up.url()]);
    let (ended, told) = ask(&directory, &find()).await;
    assert!(
        ended.is_ok() && told.contains("127.0.0.1:1: ") && told.contains("connected to"),
        "{ended:?} {told}"
    );
    let (_, told) = ask(&directory, &change()).await;
    assert!(!told.contains("127.0.0.1:1: "), "the connection is used again: {told}");
}

#[tokio::test]
async fn where_all_are_down_nothing_was_sent_and_each_is_named() {
    let fault = fails(&at(&["ldap://127.0.0.1:1", "ldap://127.0.0.1:2"]), &change()).await;
    assert_eq!(fault.kind, FaultKind::NotSent);
    assert!(fault.message.contains("127.0.0.1:1") && fault.message.contains("127.0.0.1:2"), "{fault}");
}

#[tokio::test]
async fn a_write_without_an_answer_is_sent_once_and_may_have_happened() {
    for answer in [|| Answer::Silence, || Answer::Close] {
        let fake = Fake::start(move |_| answer()).await;
        let fault = fails(&at_silent(&fake), &change()).await;
        assert_eq!((fault.kind, fake.count(MODIFY)), (FaultKind::AnswerLost, 1), "{fault}");
    }
}

#[tokio::test]
async fn a_read_without_an_answer_is_asked_again_over_another_connection() {
    for answer in [|| Answer::Silence, || Answer::Close] {
        let fake = Fake::start(move |asked| match asked.connection {
            0 => answer(),
            _ => Answer::Send([asked.entry("uid=ann,dc=x", "uid", "ann"), asked.result(0, "")].concat()),
        })
        .await;
        let (ended, told) = ask(&at_silent(&fake), &find()).await;
        assert_eq!(ended.expect("it is answered").entries[0].text("UID"), Some("ann"), "{told}");
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_while_it_rested_is_not_used() {
    let fake = Fake::start(|asked| match asked.operation {
        SEARCH => Answer::SendAndClose(asked.result(0, "")),
        _ => Answer::Send(asked.result(0, "")),
    })
    .await;
    let directory = at(&[&fake.url()]);
    assert!(ask(&directory, &find()).await.0.is_ok());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(ask(&directory, &change()).await.0.is_ok());
    assert_eq!((fake.count(MODIFY), fake.count(BIND)), (1, 2));
}

/// Makes an answer that is none.
type Senseless = fn(&Asked) -> Vec<u8>;

#[tokio::test]
async fn what_is_no_ldap_is_a_fault_and_no_end_of_the_program() {
    let huge = vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 1];
    let cases: [(&str, Senseless); 5] = [
        ("another protocol", |_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        ("half a message", |asked| asked.result(0, "")[..6].to_vec()),
        ("another message's answer", |asked| {
            let mut bytes = asked.result(0, "");
            bytes[7] = 99;
            bytes
        }),
        ("an entry that is none", |asked| {
            [asked.message(&tlv(0x64, &tlv(0x02, &[1]))), asked.result(0, "")].concat()
        }),
        ("a result that is none", |asked| asked.message(&tlv(0x65, &tlv(0x04, b"x")))),
    ];
    for (about, answer) in cases {
        let fake = Fake::start(move |asked| Answer::Send(answer(asked))).await;
        let fault = fails(&at_silent(&fake), &find()).await;
        let is_told = matches!(fault.kind, FaultKind::BadAnswer | FaultKind::AnswerLost);
        assert!(is_told, "{about}: {fault:?}");
    }
    let fake = Fake::start(move |_| Answer::Send(huge.clone())).await;
    assert_eq!(fails(&at_silent(&fake), &find()).await.kind, FaultKind::AnswerLost);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_only_for_what_reads() {
    for code in [51, 52] {
        let fake = Fake::start(move |asked| Answer::Send(asked.result(code, "later"))).await;
        let directory = at(&[&fake.url()]);
        let fault = fails(&directory, &change()).await;
        assert_eq!((fault.kind, fake.count(MODIFY)), (FaultKind::Unavailable, 1));
        fails(&directory, &find()).await;
        // One of the root DSE is among them.
        assert!(fake.count(SEARCH) > 2, "{}", fake.count(SEARCH));
    }
}

#[tokio::test]
async fn limits_of_the_server_are_faults() {
    for (code, name) in [(3, "timeLimitExceeded"), (4, "sizeLimitExceeded"), (11, "adminLimitExceeded")] {
        let fake = Fake::start(move |asked| {
            Answer::Send([asked.entry("uid=ann,dc=x", "uid", "ann"), asked.result(code, "")].concat())
        })
        .await;
        let fault = fails(&at(&[&fake.url()]), &find()).await;
        assert_eq!((fault.message.as_str(), fault.code), (name, Some(Code::Number(code.into()))));
    }
}

#[tokio::test]
async fn a_referral_is_refused_unless_it_may_be_followed() {
    let other = Fake::start(|asked| {
        let code = if asked.holds("uid=ann,dc=there") { 0 } else { 32 };
        Answer::Send(asked.result(code, ""))
    })
    .await;
    let url = format!("{}/uid=ann,dc=there", other.url());
    let first = Fake::start(move |asked| Answer::Send(asked.result_with(10, "", &[&url], &[]))).await;
    let fault = fails(&at(&[&first.url()]), &change()).await;
    assert!(fault.message.contains(&other.url()) && other.count(BIND) == 0, "{fault}");

    let follows = directory(Address { follow_referrals: true, ..address(&[&first.url()]) }, LONG);
    assert!(ask(&follows, &change()).await.0.is_ok());
    assert_eq!(other.count(MODIFY), 1);
}

#[tokio::test]
async fn servers_that_refer_to_each_other_are_given_up() {
    let own: Arc<OnceLock<String>> = Arc::default();
    let told = Arc::clone(&own);
    let looping = Fake::start(move |asked| {
        Answer::Send(asked.result_with(10, "", &[told.get().expect("it is told")], &[]))
    })
    .await;
    own.set(looping.url()).expect("once");
    let follows = directory(Address { follow_referrals: true, ..address(&[&looping.url()]) }, LONG);
    let fault = fails(&follows, &change()).await;
    assert!(fault.hints.iter().any(|hint| hint.contains("without end")), "{fault:?}");
    assert_eq!(looping.count(MODIFY), 6);
}

#[tokio::test]
async fn where_a_search_could_go_on_is_only_followed_where_it_may_be() {
    let other = Fake::start(|asked| {
        Answer::Send([asked.entry("uid=ann,dc=there", "uid", "ann"), asked.result(0, "")].concat())
    })
    .await;
    let url = format!("{}/dc=there", other.url());
    let first =
        Fake::start(move |asked| Answer::Send([asked.reference(&url), asked.result(0, "")].concat())).await;
    let (ended, told) = ask(&at(&[&first.url()]), &find()).await;
    assert!(ended.expect("it is answered").entries.is_empty() && told.contains("not followed"), "{told}");
    let follows = directory(Address { follow_referrals: true, ..address(&[&first.url()]) }, LONG);
    assert_eq!(ask(&follows, &find()).await.0.expect("it is answered").entries.len(), 1);
}

#[tokio::test]
async fn without_start_tls_no_password_is_sent() {
    let fake = Fake::raw(|asked| Answer::Send(asked.result(2, "unsupported extended operation"))).await;
    let protected = directory(Address { start_tls: true, ..address(&[&fake.url()]) }, LONG);
    let fault = fails(&protected, &find()).await;
    assert_eq!(fault.kind, FaultKind::Configuration, "{fault:?}");
    assert!(fault.hints[0].contains("ldaps:"), "{fault:?}");
    assert_eq!((fake.count(EXTENDED), fake.count(BIND)), (1, 0));
}

#[tokio::test]
async fn pages_come_over_one_connection_and_the_last_can_be_read_again() {
    const PAGED: &str = "1.2.840.113556.1.4.319";
    let fake = Fake::start(|asked| {
        let cookie = if asked.holds("next-page") { "" } else { "next-page" };
        let value = tlv(0x30, &[tlv(0x02, &[0]), tlv(0x04, cookie.as_bytes())].concat());
        let name = format!("cn={},dc=x", asked.connection);
        let entry = asked.entry(&name, "uid", if cookie.is_empty() { "last" } else { "first" });
        Answer::Send([entry, asked.result_with(0, "", &[], &[(PAGED, value)])].concat())
    })
    .await;
    let directory = at(&[&fake.url()]);
    let trace = Trace::silent();
    let read = async |next: Option<String>| directory.page(&search("dc=x"), 1, next.as_deref(), &trace).await;
    let (first, next) = read(None).await.expect("a page");
    let next = next.expect("there is another");
    let (second, none) = read(Some(next.clone())).await.expect("a page");
    assert_eq!((first[0].text("uid"), second[0].text("uid"), none), (Some("first"), Some("last"), None));
    assert_eq!(first[0].dn, second[0].dn, "the cookie is good on its own connection only");
    assert_eq!(read(Some(next)).await.expect("the page again").0, second);
    assert_eq!(read(Some("77".to_owned())).await.expect_err("no page").kind, FaultKind::InvalidValue);
    assert!(ask(&directory, &find()).await.0.is_ok());
    assert_eq!(fake.count(BIND), 1, "the connection is free again");
    for _ in 0..30 {
        let (_, next) = read(None).await.expect("a list that nobody reads to its end");
        assert!(next.is_some());
    }
    assert!(ask(&directory, &find()).await.0.is_ok());
}

#[tokio::test]
async fn no_more_connections_are_open_than_may_be() {
    let fake = Fake::start(|asked| Answer::Send(asked.result(0, ""))).await;
    let directory = Arc::new(at(&[&fake.url()]));
    let tasks = (0..64).map(|_| {
        let directory = Arc::clone(&directory);
        tokio::spawn(async move { ask(&directory, &find()).await.0.is_ok() })
    });
    for task in tasks.collect::<Vec<_>>() {
        assert!(task.await.expect("no panic"));
    }
    assert_eq!(fake.count(SEARCH), 65, "each once, and the root DSE");
    assert!(fake.most_open.load(Ordering::SeqCst) <= 4);
}

#[tokio::test]
async fn an_operation_that_was_given_up_leaves_its_answer_to_nobody() {
    let asked_so_far = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked_so_far);
    let fake = Fake::start(move |asked| match counter.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::Silence,
        // The answer of the first comes too, where the second came over its connection.
        _ => Answer::Send([asked.entry("uid=ann,dc=x", "uid", "second"), asked.result(0, "")].concat()),
    })
    .await;
    let directory = at(&[&fake.url()]);
    let operation = find();
    let trace = Trace::silent();
    let given_up = tokio::time::timeout(SHORT, directory.ask(&operation, &trace)).await;
    assert!(given_up.is_err());
    let (ended, _) = ask(&directory, &find()).await;
    assert_eq!(ended.expect("it is answered").entries[0].text("uid"), Some("second"));
    assert_eq!(fake.count(BIND), 2, "a new connection");
}
