//! What each field of the published mappers gives, as a table: the fields that contract
//! section 5.4 lists. Every source gets a value of its own; what comes out must be exactly
//! what the table says.

/// A target, and its value with the source of each part as a hole: `<name/givenName>`.
/// `<email|lower>` is that value in lower case, `<email|local>` what stands before its `@`.
type Row = (&'static str, &'static str);

/// A mapper's name, its types that map alike, and their fields. Of two rows for a target
/// the later holds.
pub(super) type Table = (&'static str, &'static [&'static str], &'static [&'static [Row]]);

const CREATE: &str = "User Profile - Create";
const UPDATE: &str = "User Profile - Update";
const PROFILE: &[&str] = &["User Profile"];
const WRITES: &[&str] = &[CREATE, UPDATE];

pub(super) const TABLES: [Table; 16] = [
    ("User Profile - SCIM (Incoming)", PROFILE, &[SCIM_IN]),
    ("User Profile - SCIM (Outgoing)", WRITES, &[SCIM_OUT]),
    ("User Profile - Okta (Incoming)", PROFILE, &[OKTA_IN]),
    ("User Profile - Okta (Outgoing)", WRITES, &[OKTA_OUT]),
    ("User Profile - ServiceNow (Incoming)", PROFILE, &[SERVICENOW_IN]),
    ("User Profile - ServiceNow (Outgoing)", WRITES, &[SERVICENOW_OUT]),
    ("User Profile - HelloIAMWorld (Incoming)", PROFILE, &[HELLO_IN]),
    ("User Profile - HelloIAMWorld (Outgoing)", WRITES, &[HELLO_OUT]),
    ("User Profile - Active Directory (Outgoing)", &[CREATE], &[DIRECTORY_CREATE]),
    ("User Profile - Active Directory (Outgoing)", &[UPDATE], &[DIRECTORY_CREATE, DIRECTORY_UPDATE]),
    ("User Profile - PrismaCloud (Outgoing)", &[UPDATE], &[PRISMA_UPDATE]),
    (
        "IAM Sync User - Workday",
        &[
            "IAM - AD User Activation",
            "IAM - AD User Deactivation",
            "IAM - New Hire",
            "IAM - Rehire User",
            "IAM - Sync User",
            "IAM - Terminate User",
            "IAM - Update User",
        ],
        &[WORKDAY],
    ),
    ("Okta IAM - App Sync (mapper)", &["IAM - App Add", "IAM - App Remove"], &[APP_EVENT]),
    ("Okta IAM - App Sync (mapper)", &["IAM - App Update"], &[APP_EVENT, APP_UPDATE]),
    ("Okta IAM - App Sync (mapper)", &["IAM - Group Membership Update"], &[APP_EVENT, GROUP_EVENT]),
    ("Okta IAM - App Sync (mapper)", &["IAM - Terminate User"], &[TERMINATE]),
];

const SCIM_IN: &[Row] = &[
    ("Cost Center Code", "<urn:scim:schemas:extension:enterprise:1.0/costCenter>"),
    ("Country Code Number", "<urn:scim:schemas:extension:enterprise:1.0/countryCode>"),
    ("Department", "<urn:scim:schemas:extension:enterprise:1.0/department>"),
    ("Division", "<urn:scim:schemas:extension:enterprise:1.0/division>"),
    ("Email", "<emails/0/value>"),
    ("Employee ID", "<externalId>"),
    ("Employee Number", "<urn:scim:schemas:extension:enterprise:1.0/employeeNumber>"),
    ("Given Name", "<name/givenName>"),
    ("Mobile Phone", "<phoneNumbers/0/value>"),
    ("People Manager Flag", "<urn:scim:schemas:extension:enterprise:1.0/managerflag>"),
    ("Surname", "<name/familyName>"),
    ("Title", "<title>"),
    ("User Type", "<userType>"),
    ("Username", "<userName>"),
];

const SCIM_OUT: &[Row] = &[
    ("emails", r#"[{"primary": true, "type": "work", "value": "<email>"}]"#),
    ("externalId", "<employeeid>"),
    ("name", r#"{"givenName": "<givenname>", "familyName": "<surname>"}"#),
    ("phoneNumbers", r#"[{"type": "work", "value": "<mobilephone>"}]"#),
    ("title", "<title>"),
    (
        "urn:scim:schemas:extension:enterprise:1.0",
        r#"{"employeeNumber": "<employeenumber>", "department": "<department>", "division": "<division>", "costCenter": "<costcentercode>", "countryCode": "<countrycodenumber>", "managerflag": "<peoplemanagerflag>"}"#,
    ),
    ("userName", "<username>"),
    ("displayName", "<displayname>"),
    ("userType", "<employeetype>"),
];

const OKTA_IN: &[Row] = &[
    ("City", "<city>"),
    ("Cost Center", "<costCenter>"),
    ("Department", "<department>"),
    ("Display Name", "<displayName>"),
    ("Email", "<email>"),
    ("Employee ID", "<employeeNumber>"),
    ("Given Name", "<firstName>"),
    ("Surname", "<lastName>"),
    ("Manager Name", "<manager>"),
    ("Mobile Phone", "<mobilePhone>"),
    ("Organization", "<organization>"),
    ("State", "<state>"),
    ("Street Address", "<streetAddress>"),
    ("Title", "<title>"),
    ("Employee Type", "<userType>"),
    ("Username", "<login>"),
    ("Zip Code", "<zipCode>"),
];

const OKTA_OUT: &[Row] = &[
    ("city", "<city>"),
    ("costCenter", "<costcenter>"),
    ("department", "<department>"),
    ("displayName", "<displayname>"),
    ("email", "<email>"),
    ("employeeNumber", "<employeeid>"),
    ("firstName", "<givenname>"),
    ("lastName", "<surname>"),
    ("login", "<username>"),
    ("manager", "<managername>"),
    ("mobilePhone", "<mobilephone>"),
    ("organization", "<organization>"),
    ("state", "<state>"),
    ("streetAddress", "<streetaddress>"),
    ("title", "<title>"),
    ("userType", "<employeetype>"),
    ("zipCode", "<zipcode>"),
];

const SERVICENOW_IN: &[Row] = &[
    ("City", "<city>"),
    ("Cost Center", "<cost_center>"),
    ("Country Name", "<country>"),
    ("Department", "<department>"),
    ("Display Name", "<name>"),
    ("Email", "<email>"),
    ("Employee ID", "<employee_number>"),
    ("Given Name", "<first_name>"),
    ("Surname", "<last_name>"),
    ("Manager Name", "<manager>"),
    ("Mobile Phone", "<mobile_phone>"),
    ("State", "<state>"),
    ("Street Address", "<street>"),
    ("Title", "<title>"),
    ("Zip Code", "<zip>"),
    ("Username", "<user_name>"),
];

const SERVICENOW_OUT: &[Row] = &[
    ("city", "<city>"),
    ("cost_center", "<costcenter>"),
    ("country", "<countryname>"),
    ("department", "<department>"),
    ("name", "<displayname>"),
    ("email", "<email>"),
    ("employee_number", "<employeeid>"),
    ("first_name", "<givenname>"),
    ("last_name", "<surname>"),
    ("manager", "<managername>"),
    ("mobile_phone", "<mobilephone>"),
    ("state", "<state>"),
    ("street", "<streetaddress>"),
    ("title", "<title>"),
    ("zip", "<zipcode>"),
    ("user_name", "<username>"),
];

const HELLO_IN: &[Row] = &[
    ("City", "<city>"),
    ("Cost Center", "<cost_center>"),
    ("Country Name", "<country>"),
    ("Department", "<department>"),
    ("Display Name", "<name>"),
    ("Email", "<email>"),
    ("Employee ID", "<employee_number>"),
    ("Given Name", "<first_name>"),
    ("Surname", "<last_name>"),
    ("Manager Name", "<manager>"),
    ("Mobile Phone", "<mobile_phone>"),
    ("State", "<state>"),
    ("Street Address", "<street>"),
    ("Title", "<title>"),
    ("Zip Code", "<zip>"),
];

const HELLO_OUT: &[Row] = &[
    ("city", "<city>"),
    ("cost_center", "<costcenter>"),
    ("country", "<countryname>"),
    ("department", "<department>"),
    ("name", "<displayname>"),
    ("email", "<email>"),
    ("employee_number", "<employeeid>"),
    ("first_name", "<givenname>"),
    ("last_name", "<surname>"),
    ("manager", "<managername>"),
    ("mobile_phone", "<mobilephone>"),
    ("state", "<state>"),
    ("street", "<streetaddress>"),
    ("title", "<title>"),
    ("zip", "<zipcode>"),
];

const DIRECTORY_CREATE: &[Row] = &[
    ("c", "<country>"),
    ("cn", "<email|local>"),
    ("department", "<department>"),
    ("displayName", "<displayname>"),
    ("employeeID", "<employeeid>"),
    ("givenName", "<givenname>"),
    ("l", "<city>"),
    ("mail", "<email>"),
    ("mobile", "<mobilephone>"),
    ("ou", "<locationregion>"),
    ("postalCode", "<zipcode>"),
    ("sAMAccountName", "<email|local>"),
    ("sn", "<surname>"),
    ("st", "<state>"),
    ("streetAddress", "<streetaddress>"),
    ("title", "<title>"),
    ("userPrincipalName", "<username>"),
];

const DIRECTORY_UPDATE: &[Row] = &[("cn", "<givenname><surname>"), ("manageremail", "<manageremail>")];

const PRISMA_UPDATE: &[Row] = &[
    ("email", "<email>"),
    ("firstName", "<givenname>"),
    ("lastName", "<surname>"),
    ("displayName", "<displayname>"),
];

const WORKDAY: &[Row] = &[
    ("City", "<City>"),
    ("Cost Center", "<Cost_Center_Description>"),
    ("Cost Center Code", "<Cost_Center_Code>"),
    ("Country Name", "<Country_Name>"),
    ("Department", "<Department>"),
    ("Display Name", "<Preferred_Name>"),
    ("Email", "<Email_Address|lower>"),
    ("Employee ID", "<Emp_ID>"),
    ("Employee Type", "<Employee_Type>"),
    ("Employment Status", "<Employment_Status>"),
    ("Given Name", "<Preferred_Name_-_First_Name>"),
    ("Hire Date", "<Last_Hire_Date>"),
    ("Job Code", "<Job_Code>"),
    ("Job Family", "<Job_Family>"),
    ("Job Function", "<Job_Function>"),
    ("Last Day of Work", "<Last_Day_of_Work>"),
    ("Leadership", "<Leadership>"),
    ("Location", "<Location>"),
    ("Location Region", "<PAN_CF_Okta_Location_Region>"),
    ("Manager Email Address", "<Manager_Email_Address>"),
    ("Manager Name", "<Manager_Preferred_Name>"),
    ("Mobile Phone", "<Public_Work_Mobile_Phone_Number>"),
    ("Personal Email", "<Email_-_Primary_Home>"),
    ("Prehire Flag", "<Prehire_Flag>"),
    ("Rehired Employee", "<Rehired_Employee>"),
    ("State", "<State>"),
    ("Street Address", "<Street_Address>"),
    ("Surname", "<Preferred_Name_-_Last_Name>"),
    ("Termination Date", "<Termination_Date>"),
    ("Title", "<Title>"),
    ("UserProfile", "<UserProfile>"),
    ("Username", "<User_Name|lower>"),
    ("Work Phone", "<Work_Phone>"),
    ("Zip Code", "<Postal_Code>"),
];

const APP_EVENT: &[Row] = &[
    ("Application Id", "<target/1/id>"),
    ("Application Name", "<target/1/alternateId>"),
    ("Display Name", "<target/0/displayName>"),
    ("Event Type", "<eventType>"),
    ("User Id", "<target/0/id>"),
    ("Username", "<target/0/alternateId>"),
    ("actor", "<actor/alternateId>"),
    ("details", "<displayMessage>"),
    ("name", "<target/0/displayName>"),
];

const APP_UPDATE: &[Row] =
    &[("details", "Updated the following attribute(s) on Okta: <debugContext/debugData/changedAttributes>")];

const GROUP_EVENT: &[Row] = &[("Group ID", "<target/2/id>")];

const TERMINATE: &[Row] = &[
    ("Application Id", "<target/1/id>"),
    ("Application Name", "<target/1/alternateId>"),
    ("Display Name", "<displayname>"),
    ("Email", "<email>"),
    ("Employee ID", "<employeeid>"),
    ("Employment Status", "Terminated"),
    ("Event Type", "<eventType>"),
    ("Source Username", "<actor/alternateId>"),
    ("Termination Trigger", "TUFE"),
    ("User Id", "<target/0/id>"),
    ("UserProfile", "<UserProfile>"),
    ("Username", "<username>"),
    ("actor", "<actor/alternateId>"),
    ("details", "<displayMessage>"),
    ("name", "<displayname>"),
];
