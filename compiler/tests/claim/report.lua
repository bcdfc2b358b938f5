-- In: what wrk counted. Out: one line of JSON, in requests per second and microseconds.
done = function(summary, latency)
    local errors = summary.errors
    io.write(string.format('{"rate": %f, "p99": %f, "failed": %d}\n',
        summary.requests / summary.duration * 1e6, latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
