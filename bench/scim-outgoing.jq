# What scim-outgoing.yaml says, as a filter that somebody would write by hand.
def put($name; $value): if $value == null then {} else {($name): $value} end;
def some: if . == {} then null else . end;
put("emails"; if .email == null then null else [{primary: true, type: "work", value: .email}] end)
+ put("externalId"; .employeeid)
+ put("name"; put("givenName"; .givenname) + put("familyName"; .surname) | some)
+ put("phoneNumbers"; if .mobilephone == null then null else [{type: "work", value: .mobilephone}] end)
+ put("title"; .title)
+ put("urn:scim:schemas:extension:enterprise:1.0";
    put("employeeNumber"; .employeenumber) + put("department"; .department) + put("division"; .division)
    + put("costCenter"; .costcentercode) + put("countryCode"; .countrycodenumber)
    + put("managerflag"; .peoplemanagerflag) | some)
+ put("userName"; .username)
+ put("displayName"; .displayname)
+ put("userType"; .employeetype)
