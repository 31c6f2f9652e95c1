-- The requests that `provost batch` sends for new people, one after the other: look somebody
-- up, create them and, where the system wants it, activate them. Settings are environment
-- variables, because an argument would show the credentials to everybody.
local next_person, waiting, ids = 0, nil, {}

local systems = {}

systems["hello-iam-world"] = {
  find = function(name) return "/api/now/users?email=" .. name .. "%40example.com" end,
  path = "/api/now/users",
  body = function(name)
    return '{"email":"' .. name .. '@example.com","first_name":"Ann","last_name":"Example","title":"Engineer",'
      .. '"department":"Sales","employee_number":"' .. name .. '"}'
  end,
}

systems["okta-iam"] = {
  find = function(name) return "/api/v1/users?filter=profile.login+eq+%22" .. name .. "%40example.com%22" end,
  path = "/api/v1/users?activate=false&provider=true",
  body = function(name)
    return '{"profile":{"email":"' .. name .. '@example.com","login":"' .. name .. '@example.com","firstName":"Ann",'
      .. '"lastName":"Example","title":"Engineer","department":"Sales","employeeNumber":"' .. name .. '"}}'
  end,
  activate = function(id) return "/api/v1/users/" .. id .. "/lifecycle/activate" end,
}

local it = systems[os.getenv("SYSTEM")]

function init()
  wrk.headers["Authorization"] = os.getenv("AUTHORIZATION")
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Accept"] = "application/json"
end

function request()
  if #ids > 0 then
    return wrk.format("POST", it.activate(table.remove(ids)))
  end
  if waiting then
    local name = waiting
    waiting = nil
    return wrk.format("POST", it.path, nil, it.body(name))
  end
  next_person = next_person + 1
  waiting = "wrk" .. next_person
  return wrk.format("GET", it.find(waiting))
end

if it.activate then
  -- The only answer that is one object with an id of its own is that of a create.
  function response(status, headers, body)
    local id = body:match('^{"id":"([^"]+)"')
    if id then ids[#ids + 1] = id end
  end
end
