//! Mistakes in each word of a manifest, as the text at which they are shown.

use crate::manifest::load;

/// What is written, what it was, the text at the place, the message, the hint.
type Mistake = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// What has every word that `GOOD` has not.
const FULL: &str = r#"integration: app
brand: App
parameters:
  url: {type: url, required: true}
  token: {type: secret}
  client-id: {type: text}
  client-secret: {type: secret}
  credentials: {type: basic}
http:
  base: "{{ params.url }}"
  auth:
    - header: {name: X-Key, value: "Key {{ params.token }}"}
    - oauth: {token-url: "{{ params.url }}/token", client: {id: "{{ params.client_id }}", secret: "{{ params.client_secret }}"}}
    - session: {post: /login, body: {user: "{{ params.credentials.username }}"}, token: key, header: X-Session, minutes: 10}
    - basic: credentials
  headers: {Accept: application/json}
  limits: {concurrent: 4, rate: 600/min, writes: 10/s}
account: {id: id}
lookup: [id]
operations:
  test: {get: /me, headers: {X-Seen: "{{ params.url }}"}}
  find: {get: /users, items: users, page: {cursor: at, from: next, size: n, total: sum}}
  list: {get: /users, items: users, page: {offset: skip}}
  create: {post: /users, body: "{{ attributes }}", then: [{post: "/users/{{ id }}/on"}]}
  update: {first: {current: {get: "/users/{{ id }}"}}, unless: "{{ current.done }}", put: "/users/{{ id }}", body: "{{ current }}"}
groups:
  id: id
  name: name
  member: {id: id, when: "{{ member.is_on }}"}
  batch: 10
  find: {get: /groups, query: {q: "{{ name }}"}}
  get: {get: "/groups/{{ id }}"}
  add: {post: "/groups/{{ id }}", body: "{{ members }}"}
permissions: {create: users.write}
"#;

fn check(mistakes: &[Mistake], good: &str) {
    for (wrong, right, at, message, hint) in mistakes {
        let text = good.replacen(right, wrong, 1);
        assert_ne!(text, good, "{right}");
        let found = load(&text).expect_err(wrong);
        let line = text.lines().nth(found.line - 1).expect("the line is there");
        let place = line.get(found.column - 1..).expect("the column is there");
        assert!(place.trim_start_matches('"').starts_with(at), "{wrong}\n{place}\n{found}");
        assert!(found.message.contains(message), "{wrong}\n{found}");
        assert!(found.hint.clone().unwrap_or_default().contains(hint), "{wrong}\n{found}");
    }
}

#[test]
fn a_manifest_with_every_word_is_read() {
    let manifest = load(FULL).unwrap_or_else(|error| panic!("{error}"));
    assert!(manifest.can_list());
    assert!(manifest.has_groups(provost_core::GroupVerb::Update));
    assert_eq!(manifest.permissions["create"], "users.write");
}

#[test]
fn mistakes_in_headers_and_limits() {
    check(
        &[
            ("Accept: \"{{ id }}\"", "Accept: application/json", "{{ id }}", "`id` is not known here", ""),
            (
                "\"{{ param.url }}\"}}",
                "\"{{ params.url }}\"}}",
                "{{ param.url",
                "`param` is not known",
                "`params`",
            ),
            ("header: {Accept", "headers: {Accept", "header", "unknown key `header`", "`headers`"),
            ("rate: 600/week", "rate: 600/min", "600/week", "must be a rate", ""),
            ("rate: often", "rate: 600/min", "often", "must be a rate", ""),
            ("writes: 0/s", "writes: 10/s", "0/s", "must be a rate", ""),
            ("concurrent: 0", "concurrent: 4", "{concurrent", "at least 1", ""),
            ("concurent: 4", "concurrent: 4", "concurent", "unknown key `concurent`", "`concurrent`"),
        ],
        FULL,
    );
}

#[test]
fn mistakes_in_ways_to_sign_in() {
    check(
        &[
            ("- digest: credentials", "- basic: credentials", "digest", "`digest`", ""),
            ("- basic: token", "- basic: credentials", "- header", "of the wrong type", ""),
            (
                "- basic: crdentials",
                "- basic: credentials",
                "- header",
                "no parameter `crdentials`",
                "`credentials`",
            ),
            ("\"Key {{ token }}\"", "\"Key {{ params.token }}\"", "Key", "`token` is not known here", ""),
            ("{name: X-Key}", "{name: X-Key, value: \"Key {{ params.token }}\"}", "", "`value`", ""),
            (
                ", key-id: x}}",
                ", secret: \"{{ params.client_secret }}\"}}",
                "- header",
                "either `secret` or `private-key`",
                "",
            ),
            (
                "secret: s, private-key: k}}",
                "secret: \"{{ params.client_secret }}\"}}",
                "- header",
                "either `secret` or `private-key`",
                "",
            ),
            ("{token-ulr:", "{token-url:", "token-ulr", "unknown key `token-ulr`", "`token-url`"),
            ("token: 'a.[x]'", "token: key", "", "is no index", ""),
            ("token: \"{{ answer }}\"", "token: key", "{{ answer", "`answer` is not known here", ""),
            (", minutes: soon}", ", minutes: 10}", "soon", "invalid", ""),
        ],
        FULL,
    );
}

#[test]
fn mistakes_in_what_comes_before_and_after() {
    check(
        &[
            (
                "first: {params: {",
                "first: {current: {",
                "{get:",
                "`params` is the name of something else here",
                "",
            ),
            (
                "{get: \"/users/{{ current }}\"}}, unless",
                "{get: \"/users/{{ id }}\"}}, unless",
                "/users",
                "`current` is not known here",
                "",
            ),
            (
                "{get: /x, items: y}}, unless",
                "{get: \"/users/{{ id }}\"}}, unless",
                "{get",
                "`items` has no meaning",
                "",
            ),
            (
                "unless: \"{{ curent.done }}\"",
                "unless: \"{{ current.done }}\"",
                "{{ curent",
                "`curent` is not known here",
                "`current`",
            ),
            (
                "unless: \"{{ current.done \"",
                "unless: \"{{ current.done }}\"",
                "{{ current",
                "without a closing",
                "",
            ),
            (
                "then: [{post: \"/users/{{ key }}\"}]",
                "then: [{post: \"/users/{{ id }}/on\"}]",
                "/users",
                "`key` is not known here",
                "",
            ),
            (
                "then: [{body: x}]",
                "then: [{post: \"/users/{{ id }}/on\"}]",
                "{body",
                "one of `get`, `post`",
                "",
            ),
            (
                "{get: /users, then: [{get: /x}], items",
                "{get: /users, items",
                "{get",
                "`then` has no meaning",
                "",
            ),
        ],
        FULL,
    );
}

#[test]
fn mistakes_in_pages() {
    check(
        &[
            ("page: {size: n}", "page: {offset: skip}", "{size", "a page has one of", ""),
            ("page: {offset: skip, link: next}", "page: {offset: skip}", "{offset", "a page has one of", ""),
            ("page: {ofset: skip}", "page: {offset: skip}", "ofset", "unknown key `ofset`", "`offset`"),
            ("page: {cursor: at}", "page: {offset: skip}", "{cursor", "`cursor` needs `from`", ""),
            ("page: {after: at}", "page: {offset: skip}", "{after", "`after` needs `from`", ""),
            (
                "page: {after: at, from: \"{{ body.at }}\"}",
                "page: {offset: skip}",
                "{{ body",
                "`body` is not known here",
                "",
            ),
            (
                "page: {url: \"{{ next }}\"}",
                "page: {offset: skip}",
                "{{ next",
                "`next` is not known here",
                "",
            ),
            ("page: {number: p, start: one}", "page: {offset: skip}", "one", "invalid", ""),
            (
                "page: {offset: skip, last: \"{{ items }}\"}",
                "page: {offset: skip}",
                "{{ items",
                "`items` is not known here",
                "",
            ),
            ("total: 'a.[x]'", "total: sum", "", "is no index", ""),
            ("{post: /users, page: {link: next},", "{post: /users,", "{post", "`page` has no meaning", ""),
            (
                "item: user, page: {offset: skip}",
                "items: users, page: {offset: skip}",
                "{get",
                "`item` has no meaning",
                "",
            ),
            ("item: user, page: {cursor", "items: users, page: {cursor", "{get", "`page` has no meaning", ""),
        ],
        FULL,
    );
}

#[test]
fn mistakes_in_groups_and_permissions() {
    check(
        &[
            ("groups:\n  name", "groups:\n  id: id\n  name", "name", "`id` is missing", ""),
            (
                "  batch: 10\n  get",
                "  batch: 10\n  find: {get: /groups, query: {q: \"{{ name }}\"}}\n  get",
                "id",
                "`find` is missing",
                "",
            ),
            ("  memebr:", "  member:", "memebr", "unknown key `memebr`", "`member`"),
            ("{{ person.is_on }}", "{{ member.is_on }}", "{{ person", "`person` is not known here", ""),
            ("q: \"{{ nmae }}\"", "q: \"{{ name }}\"", "{{ nmae", "`nmae` is not known here", "`name`"),
            (
                "body: \"{{ member }}\"",
                "body: \"{{ members }}\"",
                "{{ member",
                "`member` is not known here",
                "`members`",
            ),
            ("batch: many", "batch: 10", "many", "invalid", ""),
            (
                "{creat: users.write}",
                "{create: users.write}",
                "users.write",
                "`creat` is no operation",
                "`create`",
            ),
        ],
        FULL,
    );
}
