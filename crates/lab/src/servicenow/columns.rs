//! The tables and their columns.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A moment in UTC.
    Moment,
    /// The `sys_id` of a row of another table.
    Reference(&'static str),
    /// An id of 32 hexadecimal digits.
    Id,
}

impl Kind {
    /// The name in the dictionary.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Moment => "glide_date_time",
            Self::Reference(_) => "reference",
            Self::Id => "GUID",
        }
    }
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: Kind,
    /// What a new row has there.
    pub(super) default: &'static str,
    /// Whether rows are found by it without looking at all.
    pub(super) is_indexed: bool,
    /// Whether no two rows have one value.
    pub(super) is_unique: bool,
    /// Whether only the instance sets it.
    pub(super) is_read_only: bool,
}

const fn column(name: &'static str, label: &'static str, kind: Kind) -> Column {
    Column { name, label, kind, default: "", is_indexed: false, is_unique: false, is_read_only: false }
}

impl Column {
    const fn indexed(self) -> Self {
        Self { is_indexed: true, ..self }
    }

    const fn unique(self) -> Self {
        Self { is_indexed: true, is_unique: true, ..self }
    }

    const fn read_only(self) -> Self {
        Self { is_read_only: true, ..self }
    }

    const fn or(self, default: &'static str) -> Self {
        Self { default, ..self }
    }
}

/// A table.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// The column that stands for a row where people see it.
    pub(super) display: &'static str,
    pub(super) columns: &'static [Column],
}

impl Definition {
    /// The number of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

const ID: Column = column("sys_id", "Sys ID", Kind::Id).unique().read_only();
const CREATED: Column = column("sys_created_on", "Created", Kind::Moment).read_only();
const CREATED_BY: Column = column("sys_created_by", "Created by", Kind::Text).read_only();
const UPDATED: Column = column("sys_updated_on", "Updated", Kind::Moment).read_only();
const UPDATED_BY: Column = column("sys_updated_by", "Updated by", Kind::Text).read_only();
const COUNT: Column = column("sys_mod_count", "Updates", Kind::Integer).read_only();
const TAGS: Column = column("sys_tags", "Tags", Kind::Text).read_only();
const NAME: Column = column("name", "Name", Kind::Text).indexed();
const ACTIVE: Column = column("active", "Active", Kind::Boolean).or("true");

/// The number of `sys_id` in every table.
pub(super) const SYS_ID: usize = 0;

/// Tables that hold a name and no more.
const NAMED: &[Column] = &[ID, CREATED, CREATED_BY, UPDATED, UPDATED_BY, COUNT, TAGS, NAME];

/// All tables.
pub(super) static TABLES: [Definition; 8] = [
    Definition { name: "sys_user", label: "User", display: "name", columns: USER },
    Definition { name: "sys_user_group", label: "Group", display: "name", columns: GROUP },
    Definition { name: "sys_user_grmember", label: "Group Member", display: "sys_id", columns: MEMBER },
    Definition { name: "sys_dictionary", label: "Dictionary Entry", display: "element", columns: DICTIONARY },
    Definition { name: "cmn_department", label: "Department", display: "name", columns: NAMED },
    Definition { name: "cmn_cost_center", label: "Cost Center", display: "name", columns: NAMED },
    Definition { name: "cmn_location", label: "Location", display: "name", columns: NAMED },
    Definition { name: "core_company", label: "Company", display: "name", columns: NAMED },
];

/// The number of a table in [`TABLES`].
pub(super) fn table(name: &str) -> Option<usize> {
    TABLES.iter().position(|table| table.name == name)
}

const USER: &[Column] = &[
    ID,
    CREATED,
    CREATED_BY,
    UPDATED,
    UPDATED_BY,
    COUNT,
    TAGS,
    NAME,
    column("user_name", "User ID", Kind::Text).unique(),
    column("first_name", "First name", Kind::Text),
    column("middle_name", "Middle name", Kind::Text),
    column("last_name", "Last name", Kind::Text),
    column("email", "Email", Kind::Text).indexed(),
    ACTIVE,
    column("locked_out", "Locked out", Kind::Boolean).or("false"),
    column("employee_number", "Employee number", Kind::Text).indexed(),
    column("title", "Title", Kind::Text),
    column("department", "Department", Kind::Reference("cmn_department")),
    column("cost_center", "Cost center", Kind::Reference("cmn_cost_center")),
    column("company", "Company", Kind::Reference("core_company")),
    column("location", "Location", Kind::Reference("cmn_location")),
    column("manager", "Manager", Kind::Reference("sys_user")),
    column("phone", "Business phone", Kind::Text),
    column("mobile_phone", "Mobile phone", Kind::Text),
    column("home_phone", "Home phone", Kind::Text),
    column("street", "Street", Kind::Text),
    column("city", "City", Kind::Text),
    column("state", "State / Province", Kind::Text),
    column("zip", "Zip / Postal code", Kind::Text),
    column("country", "Country code", Kind::Text),
    column("gender", "Gender", Kind::Text),
    column("introduction", "Prefix", Kind::Text),
    column("preferred_language", "Language", Kind::Text),
    column("time_zone", "Time zone", Kind::Text),
    column("date_format", "Date format", Kind::Text),
    column("source", "Source", Kind::Text),
    column("federated_id", "Federated ID", Kind::Text),
    column("roles", "Roles", Kind::Text),
    column("notification", "Notification", Kind::Integer).or("2"),
    column("failed_attempts", "Failed login attempts", Kind::Integer),
    column("last_login_time", "Last login time", Kind::Moment),
    column("password_needs_reset", "Password needs reset", Kind::Boolean).or("false"),
    column("vip", "VIP", Kind::Boolean).or("false"),
    column("web_service_access_only", "Web service access only", Kind::Boolean).or("false"),
    column("internal_integration_user", "Internal Integration User", Kind::Boolean).or("false"),
    column("user_password", "Password", Kind::Text),
    column("correlation_id", "Correlation ID", Kind::Text),
];

const GROUP: &[Column] = &[
    ID,
    CREATED,
    CREATED_BY,
    UPDATED,
    UPDATED_BY,
    COUNT,
    TAGS,
    column("name", "Name", Kind::Text).unique(),
    column("description", "Description", Kind::Text),
    column("email", "Group email", Kind::Text),
    ACTIVE,
    column("manager", "Manager", Kind::Reference("sys_user")),
    column("parent", "Parent", Kind::Reference("sys_user_group")),
    column("type", "Type", Kind::Text),
    column("source", "Source", Kind::Text),
];

const MEMBER: &[Column] = &[
    ID,
    CREATED,
    CREATED_BY,
    UPDATED,
    UPDATED_BY,
    COUNT,
    TAGS,
    column("user", "User", Kind::Reference("sys_user")).indexed(),
    column("group", "Group", Kind::Reference("sys_user_group")).indexed(),
];

const DICTIONARY: &[Column] = &[
    ID,
    CREATED,
    CREATED_BY,
    UPDATED,
    UPDATED_BY,
    COUNT,
    TAGS,
    column("name", "Table", Kind::Text).indexed(),
    column("element", "Column name", Kind::Text).indexed(),
    column("column_label", "Column label", Kind::Text),
    column("sys_name", "Display name", Kind::Text),
    column("internal_type", "Type", Kind::Text),
    column("reference", "Reference", Kind::Text),
    column("max_length", "Max length", Kind::Integer),
    column("mandatory", "Mandatory", Kind::Boolean).or("false"),
    column("unique", "Unique", Kind::Boolean).or("false"),
    column("read_only", "Read only", Kind::Boolean).or("false"),
    ACTIVE,
];
