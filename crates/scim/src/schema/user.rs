//! Users and what enterprises add to them (RFC 7643, sections 4.1 and 4.3).

use super::attribute::{Attribute, Kind};

type A = Attribute;

/// The attributes of a user.
pub(super) const USER: &[Attribute] = &[
    A::text("userName", "The name a person logs in with.").required().unique(),
    A::complex("name", "The parts of a person's name.", NAME),
    A::text("displayName", "The name that others are shown."),
    A::text("nickName", "The name that friends use."),
    A::new("profileUrl", Kind::Reference, "The address of a page about the person.").to(&["external"]),
    A::text("title", "The job title."),
    A::text("userType", "How the person belongs to the organisation."),
    A::text("preferredLanguage", "The language that the person reads best."),
    A::text("locale", "Where the person lives, for the form of dates and numbers."),
    A::text("timezone", "The time zone, by its name in the database of time zones."),
    A::new("active", Kind::Boolean, "Whether the account is in use."),
    A::text("password", "The password in plain text; it is written and never shown.").secret(),
    A::list("emails", "Mail addresses.", EMAIL),
    A::list("phoneNumbers", "Phone numbers.", PHONE),
    A::list("ims", "Addresses for instant messages.", MESSENGER),
    A::list("photos", "Pictures of the person.", PHOTO),
    A::list("addresses", "Postal addresses.", ADDRESS),
    A::list("groups", "The groups that the person is in; set by way of the groups.", GROUP).read_only(),
    A::list("entitlements", "What the person may do.", PLAIN),
    A::list("roles", "What the person is.", PLAIN),
    A::list("x509Certificates", "Certificates of the person.", CERTIFICATE),
];

/// What enterprises add.
pub(super) const ENTERPRISE: &[Attribute] = &[
    A::text("employeeNumber", "The number of the employee."),
    A::text("costCenter", "The cost centre that pays."),
    A::text("organization", "The organisation."),
    A::text("division", "The division."),
    A::text("department", "The department."),
    A::complex("manager", "The person's manager.", MANAGER),
];

const VALUE: Attribute = A::text("value", "The value itself.");
const DISPLAY: Attribute = A::text("display", "The value as people read it.");
const KIND: Attribute = A::text("type", "What the value is for.");
const PRIMARY: Attribute = A::new("primary", Kind::Boolean, "Whether it is the preferred value.");

const WORK_OR_HOME: &[&str] = &["work", "home", "other"];

const NAME: &[Attribute] = &[
    A::text("formatted", "The whole name."),
    A::text("familyName", "The surname."),
    A::text("givenName", "The given name."),
    A::text("middleName", "Names in the middle."),
    A::text("honorificPrefix", "A title before the name."),
    A::text("honorificSuffix", "What stands behind the name."),
];

const EMAIL: &[Attribute] = &[VALUE, DISPLAY, KIND.one_of(WORK_OR_HOME), PRIMARY];

const PHONE: &[Attribute] =
    &[VALUE, DISPLAY, KIND.one_of(&["work", "home", "mobile", "fax", "pager", "other"]), PRIMARY];

const MESSENGER: &[Attribute] = &[VALUE, DISPLAY, KIND, PRIMARY];

const PHOTO: &[Attribute] = &[
    A::new("value", Kind::Reference, "Where the picture is.").to(&["external"]),
    DISPLAY,
    KIND.one_of(&["photo", "thumbnail"]),
    PRIMARY,
];

const ADDRESS: &[Attribute] = &[
    A::text("formatted", "The whole address."),
    A::text("streetAddress", "Street and house number."),
    A::text("locality", "The city."),
    A::text("region", "The state or province."),
    A::text("postalCode", "The postal code."),
    A::text("country", "The country's code of two letters."),
    KIND.one_of(WORK_OR_HOME),
    PRIMARY,
];

const GROUP: &[Attribute] = &[
    A::text("value", "The group's id.").read_only(),
    A::new("$ref", Kind::Reference, "The group's address.").to(&["User", "Group"]).read_only(),
    A::text("display", "The group's name.").read_only(),
    A::text("type", "Whether the person is a member herself.").one_of(&["direct", "indirect"]).read_only(),
];

const PLAIN: &[Attribute] = &[VALUE, DISPLAY, KIND, PRIMARY];

const CERTIFICATE: &[Attribute] =
    &[A::new("value", Kind::Binary, "The certificate."), DISPLAY, KIND, PRIMARY];

const MANAGER: &[Attribute] = &[
    A::text("value", "The id of the manager's account."),
    A::new("$ref", Kind::Reference, "The address of the manager's account.").to(&["User"]),
    A::text("displayName", "The manager's name.").read_only(),
];
