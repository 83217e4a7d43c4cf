-- SPDX-License-Identifier: Apache-2.0
-- Encrypt calls for wrk. From the environment: TOKEN; DELAY, milliseconds between the calls of one connection.

local pause = tonumber(os.getenv("DELAY") or "0")

wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"plaintext":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","mode":"AES_GCM"}'

if pause > 0 then
  function delay()
    return pause
  end
end

function done(summary, latency, requests)
  io.write(string.format(
    "result requests=%d seconds=%.3f failed=%d p50=%.3f p99=%.3f\n",
    summary.requests,
    summary.duration / 1000000,
    summary.errors.status + summary.errors.connect + summary.errors.read
      + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000,
    latency:percentile(99) / 1000))
end
