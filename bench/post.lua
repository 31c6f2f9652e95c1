-- One request, again and again. Settings are environment variables, because an argument would
-- show the key to everybody.
wrk.method = "POST"
wrk.body = os.getenv("BODY")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = os.getenv("AUTHORIZATION")

-- Answers that are no success make the measurement worthless.
local bad = 0
function response(status)
  if status ~= 200 then bad = bad + 1 end
end
function done(summary)
  io.write(string.format("rate %.0f errors %d\n", summary.requests / summary.duration * 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
