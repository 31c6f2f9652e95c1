# What scim-outgoing.yaml says.
def some: with_entries(select(.value != null)) | if . == {} then null else . end;
{
  emails: (if .email != null then [{primary: true, type: "work", value: .email}] else null end),
  externalId: .employeeid,
  name: ({givenName: .givenname, familyName: .surname} | some),
  phoneNumbers: (if .mobilephone != null then [{type: "work", value: .mobilephone}] else null end),
  title: .title,
  "urn:scim:schemas:extension:enterprise:1.0": ({
    employeeNumber: .employeenumber, department: .department, division: .division,
    costCenter: .costcentercode, countryCode: .countrycodenumber, managerflag: .peoplemanagerflag
  } | some),
  userName: .username,
  displayName: .displayname,
  userType: .employeetype
} | with_entries(select(.value != null))
