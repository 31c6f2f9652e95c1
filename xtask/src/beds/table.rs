//! What there is: each bed, what is installed for it and how it is started. Versions are
//! pinned, since some of these break with the newest of what they depend on; but those of
//! Debian's packages are Debian's choice.

use super::bed::{Bed, Package, Serves, System, debian, node, python};
use super::{postgres, samba};

const fn judge(name: &'static str, description: &'static str) -> Bed {
    const COMMAND: &[&str] = &[
        "node",
        "{home}/node_modules/@stoplight/prism-cli/dist/index.js",
        "mock",
        "-h",
        "127.0.0.1",
        "-p",
        "{port}",
        "{description}",
    ];
    let package = node("prism", &["@stoplight/prism-cli@5.14.2"]);
    Bed { name, package, serves: Serves::Judge { command: COMMAND, description } }
}

const fn canaille(name: &'static str) -> Bed {
    const PACKAGES: &[&str] =
        &["canaille[front,oidc,scim,server,sqlite]==0.3.6", "scim2-models==0.6.12", "scim2-client==0.7.5"];
    const COMMAND: &[&str] = &["{home}/bin/python", "{home}/people_of_canaille.py"];
    let package = Package { app: Some("people_of_canaille.py"), ..python("canaille", PACKAGES) };
    Bed { name, package, serves: Serves::Server { command: COMMAND, path: "/scim/v2" } }
}

const BROWSER: &[&str] = &["/usr/bin/chromium", "/usr/bin/chromedriver"];

pub(super) const BEDS: [Bed; 20] = [
    Bed {
        name: "scim2-server",
        package: python("scim2-server", &["scim2-server==0.8.3", "scim2-models==0.12.3"]),
        serves: Serves::Server {
            command: &[
                "{home}/bin/scim2-server",
                "--hostname",
                "127.0.0.1",
                "--port",
                "{port}",
                "--bearer-token",
                "{token}",
            ],
            path: "/v2",
        },
    },
    Bed {
        name: "scimmy",
        package: Package {
            app: Some("scimmy.mjs"),
            ..node("scimmy", &["express@4.22.3", "scimmy@1.3.5", "scimmy-routers@1.3.2"])
        },
        serves: Serves::Server { command: &["node", "{home}/scimmy.mjs"], path: "/scim/v2" },
    },
    Bed {
        name: "better-auth",
        package: Package {
            app: Some("better-auth.mjs"),
            ..node(
                "better-auth",
                &[
                    "better-auth@1.7.5",
                    "@better-auth/scim@1.7.5",
                    "@better-auth/core@1.7.5",
                    "@better-auth/utils@0.4.2",
                    "better-call@1.4.0",
                ],
            )
        },
        serves: Serves::Server { command: &["node", "{home}/better-auth.mjs"], path: "/api/auth/scim/v2" },
    },
    Bed {
        name: "django-scim2",
        package: Package {
            app: Some("people_of_django.py"),
            ..python("django-scim2", &["django==5.2.19", "django-scim2==0.23.0"])
        },
        serves: Serves::Server {
            command: &["{home}/bin/python", "-c", "import people_of_django; people_of_django.serve()"],
            path: "/scim/v2",
        },
    },
    canaille("canaille"),
    // Where people log in; what others do with its people would be in the way.
    canaille("canaille-oidc"),
    Bed {
        name: "oidc-provider",
        package: Package {
            app: Some("oidc-provider.mjs"),
            ..node("oidc-provider", &["oidc-provider@9.13.3"])
        },
        serves: Serves::Server { command: &["node", "{home}/oidc-provider.mjs"], path: "" },
    },
    Bed {
        name: "emulate",
        // What is called the latest on npm is somebody else's.
        package: node("emulate", &["emulate@0.11.2"]),
        serves: Serves::Server {
            command: &[
                "node",
                "--require",
                "{apps}/loopback.cjs",
                "{home}/node_modules/emulate/dist/index.js",
                "start",
                "--service",
                "okta",
                "--port",
                "{port}",
            ],
            path: "",
        },
    },
    judge("prism-okta", "okta-management-users-groups.json"),
    judge("prism-entra", "entra-graph-users-groups.json"),
    judge("prism-github", "github-scim-orgs.json"),
    judge("prism-servicenow", "servicenow-table-sys_user.json"),
    judge("prism-zoom", "zoom-users-groups.swagger2.json"),
    Bed {
        name: "slapd",
        package: debian(
            "slapd",
            System {
                files: &["/usr/sbin/slapd", "/usr/bin/ldapsearch"],
                runs_as_root: false,
                meanwhile: &[],
            },
            &["slapd", "ldap-utils"],
        ),
        serves: Serves::Slapd,
    },
    Bed {
        name: "samba-ad",
        package: Package {
            app: Some("domain_of_samba.py"),
            prepare: &[
                "/usr/bin/python3",
                "{home}/domain_of_samba.py",
                "{home}/domain",
                samba::ADMIN_PASSWORD,
                samba::PASSWORD,
            ],
            ..debian(
                "samba-ad",
                System {
                    files: &[
                        "/usr/sbin/samba",
                        "/usr/share/samba/setup/provision.ldif",
                        "/usr/bin/ldapsearch",
                    ],
                    runs_as_root: true,
                    meanwhile: &[],
                },
                &[
                    "samba",
                    "samba-ad-dc",
                    "samba-ad-provision",
                    "samba-dsdb-modules",
                    "winbind",
                    "ldap-utils",
                ],
            )
        },
        serves: Serves::SambaAd,
    },
    Bed {
        name: "postgres",
        package: debian("postgres", postgres::SYSTEM, &["postgresql-15"]),
        serves: Serves::Postgres,
    },
    Bed {
        name: "chromium",
        package: debian(
            "chromium",
            System { files: BROWSER, runs_as_root: false, meanwhile: &[] },
            &["chromium", "chromium-driver"],
        ),
        serves: Serves::Programs(BROWSER),
    },
    Bed {
        name: "schemathesis",
        package: Package {
            prepare: &["{home}/bin/schemathesis", "--version"],
            ..python("schemathesis", &["schemathesis==4.32.5"])
        },
        serves: Serves::Programs(&["{home}/bin/schemathesis"]),
    },
    Bed { name: "pysnc", package: python("pysnc", &["pysnc==1.2.1"]), serves: Serves::Client },
    Bed {
        name: "scim2-tester",
        package: python(
            "scim2-tester",
            &[
                "scim2-tester==0.5.2",
                "scim2-client[httpx2]==0.13.2",
                "scim2-models==0.12.3",
                "httpx2==2.16.2",
            ],
        ),
        serves: Serves::Client,
    },
];

#[cfg(test)]
mod tests {
    use super::super::bed::Kind;
    use super::*;

    #[test]
    fn every_version_but_debians_is_pinned() {
        for Bed { package, .. } in BEDS {
            let mark = match package.kind {
                Kind::Python => "==",
                Kind::Node => "@",
                Kind::Debian(_) => continue,
            };
            for pin in package.packages {
                let version = pin.rsplit_once(mark).map_or("", |(_, version)| version);
                assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{pin}");
            }
        }
    }

    #[test]
    fn names_are_unique_and_beds_that_share_a_package_agree_on_it() {
        for (index, bed) in BEDS.iter().enumerate() {
            for other in &BEDS[index + 1..] {
                assert_ne!(bed.name, other.name);
                let is_shared = bed.package.name == other.package.name;
                assert!(!is_shared || bed.package.packages == other.package.packages, "{}", other.name);
            }
        }
    }
}
