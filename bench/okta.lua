-- The requests of an iam-create-user at Okta, in the same mix: a look-up, a create, an activation.
local token = os.getenv("OKTA_TOKEN")
local thread = 0

function setup(t)
  t:set("number", thread)
  thread = thread + 1
end

function init()
  math.randomseed(number + 1)
  headers = { Authorization = "SSWS " .. token, ["Content-Type"] = "application/json", Accept = "application/json" }
  count, step, ids = 0, 0, {}
  run = string.format("%08x", math.random(0, 0x7fffffff))
end

function request()
  step = step % 3 + 1
  if step == 1 then
    count = count + 1
    login = "w" .. number .. "-" .. run .. "-" .. count .. "@example.com"
    return wrk.format("GET", '/api/v1/users?filter=profile.login+eq+%22' .. login:gsub("@", "%%40") .. '%22', headers)
  end
  if step == 2 or #ids == 0 then
    local profile = '{"profile":{"login":"' .. login .. '","email":"' .. login .. '","firstName":"Ann","lastName":"E","title":"Engineer"}}'
    if step == 3 then
      count = count + 1
      profile = profile:gsub(login, "x" .. count .. login)
    end
    return wrk.format("POST", "/api/v1/users?activate=false&provider=true", headers, profile)
  end
  return wrk.format("POST", "/api/v1/users/" .. table.remove(ids) .. "/lifecycle/activate?sendEmail=false", headers)
end

function response(status, _, body)
  if body:sub(1, 1) == "{" then
    local id = body:match('"id":"([^"]+)"')
    if id and body:find("STAGED", 1, true) then
      ids[#ids + 1] = id
    end
  end
end
