//! Addresses of machines and their networks, such as `10.0.0.0/8`.

use std::net::IpAddr;

use serde_json::Value;

use super::choices::listed;
use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast};

const FILTER: Operator = Operator {
    name: "",
    aliases: &[],
    kind: Kind::WholeFilter,
    arguments: &[Argument::of("right", ArgumentKind::Any)],
    null: OnNull::Called,
    about: "",
    examples: &[],
    run: |_| Ok(Value::Bool(false)),
};

const LIST: Operator = Operator {
    kind: Kind::List,
    arguments: &[Argument::of("cidr_ranges", ArgumentKind::Any)],
    null: OnNull::Stays,
    ..FILTER
};

pub(super) const OPERATORS: &[Operator] = &[
    Operator {
        name: "IsInCidrRanges",
        about: "A left address is in one of the right networks; what is neither is passed over.",
        examples: &[
            Example::of(r#""10.1.2.3""#, &[("right", r#""192.168.0.0/16, 10.0.0.0/8""#)], "true"),
            Example::of(r#"["fd00::1", "x"]"#, &[("right", r#"["fd00::/8"]"#)], "true"),
            Example::of(r#""10.1.2.3""#, &[("right", r#""10.0.0.1/8""#)], "false"),
        ],
        run: |call| Ok(Value::from(in_some(call))),
        ..FILTER
    },
    Operator {
        name: "IsNotInCidrRanges",
        about: "No left address is in one of the right networks; what is neither is passed over.",
        examples: &[
            Example::of(r#""10.1.2.3""#, &[("right", r#""192.168.0.0/16, 10.0.0.0/8""#)], "false"),
            Example::of(r#""8.8.8.8, x""#, &[("right", r#""10.0.0.0/8""#)], "true"),
        ],
        run: |call| Ok(Value::from(!in_some(call))),
        ..FILTER
    },
    Operator {
        name: "CIDRBiggerThanPrefix",
        about: "A left network has fewer bits before the addresses than the right number, so more addresses.",
        examples: &[
            Example::of(r#""10.0.0.1/8""#, &[("right", r#""16""#)], "true"),
            Example::of(r#""10.0.0.0/24""#, &[("right", "24")], "false"),
            Example::of(r#""x""#, &[("right", "24")], "false"),
        ],
        run: |call| {
            let most = limit(call)?;
            let networks = left(call).filter_map(|text| Network::read(&text));
            Ok(Value::from(networks.into_iter().any(|network| f64::from(network.bits) < most)))
        },
        ..FILTER
    },
    Operator {
        name: "GreaterCidrNumAddresses",
        about: "A left network has more addresses than the right number.",
        examples: &[
            Example::of(r#""10.0.0.0/8""#, &[("right", r#""100""#)], "true"),
            Example::of(r#""10.0.0.0/31""#, &[("right", "2")], "false"),
            Example::of(r#""x""#, &[("right", "2")], "!no network"),
        ],
        run: |call| compare(call, |addresses, limit| addresses > limit),
        ..FILTER
    },
    Operator {
        name: "LowerCidrNumAddresses",
        about: "A left network has fewer addresses than the right number.",
        examples: &[
            Example::of(r#""10.0.0.0/31""#, &[("right", r#""3""#)], "true"),
            Example::of(r#""::/0""#, &[("right", "1000")], "false"),
        ],
        run: |call| compare(call, |addresses, limit| addresses < limit),
        ..FILTER
    },
    Operator {
        name: "IPv4Blacklist",
        about: "Drops the addresses that are in one of some networks.",
        examples: &[
            Example::of(
                r#"["10.0.0.1", "8.8.8.8"]"#,
                &[("cidr_ranges", r#""10.0.0.0/8, 192.168.0.0/16""#)],
                r#"["8.8.8.8"]"#,
            ),
            Example::of(r#""10.0.0.1""#, &[("cidr_ranges", r#"["10.0.0.0/8"]"#)], "null"),
            Example::of(r#""x""#, &[("cidr_ranges", r#""10.0.0.0/8""#)], "!no address"),
        ],
        run: |call| select(call, false),
        ..LIST
    },
    Operator {
        name: "IPv4Whitelist",
        about: "Keeps the addresses that are in one of some networks.",
        examples: &[
            Example::of(r#""10.0.0.1, 8.8.8.8""#, &[("cidr_ranges", r#""10.0.0.0/8""#)], r#"["10.0.0.1"]"#),
            Example::of(r#""8.8.8.8""#, &[("cidr_ranges", r#""x""#)], "!no network"),
        ],
        run: |call| select(call, true),
        ..LIST
    },
];

/// A network: an address in it, and how many bits its addresses have in common.
#[derive(Debug, Clone, Copy)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, or an address for a network of one.
    fn read(text: &str) -> Option<Self> {
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().ok()?;
        let bits = bits.map_or(Some(width(address)), |bits| bits.trim().parse().ok())?;
        (bits <= width(address)).then_some(Self { address, bits })
    }

    fn contains(self, other: IpAddr) -> bool {
        let own = |address: IpAddr| number(address).checked_shr(self.free()).unwrap_or_default();
        width(self.address) == width(other) && own(self.address) == own(other)
    }

    /// Whether its address is its first one, as it should be.
    fn is_exact(self) -> bool {
        number(self.address).trailing_zeros() >= self.free()
    }

    fn free(self) -> u32 {
        u32::from(width(self.address) - self.bits)
    }

    fn addresses(self) -> f64 {
        f64::from(self.free()).exp2()
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn in_some(call: &Call<'_>) -> bool {
    let networks: Vec<Network> = texts(right(call))
        .filter_map(|text| Network::read(&text))
        .filter(|network| network.is_exact())
        .collect();
    left(call)
        .filter_map(|text| text.parse().ok())
        .any(|address| networks.iter().any(|network| network.contains(address)))
}

fn compare(call: &Call<'_>, test: fn(f64, f64) -> bool) -> Result<Value, Failure> {
    let limit = limit(call)?;
    for text in left(call) {
        if test(network(&text)?.addresses(), limit) {
            return Ok(Value::from(true));
        }
    }
    Ok(Value::from(false))
}

fn select(call: &Call<'_>, wanted: bool) -> Result<Value, Failure> {
    let networks = texts(call.given("cidr_ranges").unwrap_or(&Value::Null));
    let networks: Vec<Network> = networks.map(|text| network(&text)).collect::<Result<_, _>>()?;
    let mut kept = Vec::new();
    for text in call.list().iter().flat_map(texts) {
        let no_address = || Failure::new(FailureKind::Cast, "an item is no address");
        let address: IpAddr = text.parse().map_err(|_| no_address())?;
        if networks.iter().any(|network| network.contains(address)) == wanted {
            kept.push(Value::from(text));
        }
    }
    Ok(if kept.is_empty() { Value::Null } else { Value::Array(kept) })
}

fn network(text: &str) -> Result<Network, Failure> {
    Network::read(text)
        .ok_or_else(|| Failure::new(FailureKind::Cast, "an item is no network such as `10.0.0.0/8`"))
}

fn right<'a>(call: &Call<'a>) -> &'a Value {
    call.given("right").unwrap_or(&Value::Null)
}

fn limit(call: &Call<'_>) -> Result<f64, Failure> {
    cast::number(right(call))
}

fn left(call: &Call<'_>) -> impl Iterator<Item = String> {
    texts(call.value)
}

fn texts(value: &Value) -> impl Iterator<Item = String> {
    listed(value).into_iter().filter_map(|item| cast::text(&item).ok())
}
